/* The questionnaire: says when an answer is not saved, tries again, and guards the page meanwhile. */
(() => {
  "use strict";
  const AGAIN = 5000, QUIET = 10000; // milliseconds: between two tries, and between two announcements
  const words = document.getElementById("answers").dataset, announcer = document.getElementById("announcer");
  const formOf = (element) => element.closest("form.answer");
  let announced = 0;

  function failed(form, text) {
    const line = form.querySelector(".status-line");
    form.dataset.unsaved = "yes";
    if (line.textContent !== text) { // said once, not at every try
      line.classList.add("is-bad");
      line.setAttribute("role", "alert");
      line.textContent = text;
    }
    clearTimeout(form.again);
    form.again = setTimeout(() => form.isConnected && form.requestSubmit(), AGAIN);
  }

  function saved(form) {
    if (form.dataset.unsaved !== "sent") return; // more was typed meanwhile, or it led to the sign-in page
    delete form.dataset.unsaved;
    clearTimeout(form.again);
    if (!form.isConnected || Date.now() - announced < QUIET) return;
    announced = Date.now();
    announcer.textContent = form.querySelector(".status-line").textContent;
  }

  function keepApart({ elements }, field) { // an answer, or why there is none; “none”, or something
    const [, code, kind, side] = field.name.match(/^(.+)-(value|left_out)(\w*)$/) || [];
    const left = elements[`${code}-left_out${side}`], options = [...document.getElementsByName(`${code}-value${side}`)];
    if (kind === "left_out" && field.value) options.forEach((option) => { if (/radio|checkbox/.test(option.type)) option.checked = option.type === "radio" && !option.value; else option.value = ""; });
    if (kind !== "value" || !field.value) return;
    left.value = "";
    if (field.type === "checkbox" && field.checked) options.forEach((option) => { option.checked &&= option === field || !("none" in { ...option.dataset, ...field.dataset }); });
  }

  const on = (name, act) => document.addEventListener(name, (event) => {
    const form = formOf(event.target);
    if (form) act(form, event);
  });
  on("input", (form) => { form.dataset.unsaved = "yes"; });
  on("change", (form, { target }) => keepApart(form, target));
  on("htmx:configRequest", (form, { detail }) => {
    const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=(\w+)/); // newer, if signed in again
    if (token) detail.parameters.set("csrfmiddlewaretoken", token[1]);
    form.dataset.unsaved = "sent";
  });
  on("htmx:beforeSwap", (form, { detail }) => { // led to the sign-in page: that is no answer
    detail.shouldSwap &&= new URL(detail.xhr.responseURL).pathname === form.getAttribute("action");
    if (detail.xhr.status === 200 && !detail.shouldSwap) failed(form, words.signedOut);
  });
  on("htmx:sendError", (form) => failed(form, words.unsaved));
  on("htmx:responseError", (form) => failed(form, words.refused));
  on("htmx:afterOnLoad", (form, { detail }) => { if (detail.successful) saved(form); });
  document.addEventListener("htmx:load", ({ target }) => // both answers took the focused field's place
    document.activeElement === document.body && target.querySelector(".conflict-head")?.focus());
  window.addEventListener("beforeunload", (event) => { if (window.htmx && document.querySelector("form.answer[data-unsaved]")) event.preventDefault(); });
})();
