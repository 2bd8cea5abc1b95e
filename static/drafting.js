/*
  Forms that several people write.

  form[data-saves]  is saved by itself while one writes. Each save is sent with a key of its own and
                    sent again, unchanged, until it has an answer: so it is stored once. The form's
                    fields are never rewritten while they are being edited. With data-stays the Save
                    button saves in place too; else it sends the form as without JavaScript.
  form[data-keep]   is not saved by itself; leaving the page with something unsaved is warned of.
  [data-join]       joins two texts paragraph by paragraph into the textarea that it names.

  What is sent is the form, with `key`; and with `base`, what was sent last, while others' text that
  was joined to it is not on the screen. The answer is a few elements: those with an id replace the
  page's own, [data-for] is an error at that field, [data-conflict] holds both texts, and
  <template data-joined> the fields as they are stored. Nothing is kept in the browser's storage.
*/
(() => {
  "use strict";
  const QUIET = 3000, CHOSEN = 300, LONGEST = 60000, TIMEOUT = 20000, ANNOUNCED = 10000; // milliseconds
  const words = document.getElementById("saving-words")?.dataset ?? {};
  const announcer = document.getElementById("announcer");
  const isText = (field) => field.matches("textarea, input:not([type=radio], [type=checkbox], [type=hidden])");
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
  let announced = 0;

  // What is in the form, without what the portal itself puts there.
  function typed(form) {
    const fields = new URLSearchParams(new FormData(form));
    ["csrfmiddlewaretoken", "key", "next"].forEach((name) => fields.delete(name));
    return fields.toString();
  }

  function announce(text) {
    if (!announcer || Date.now() - announced < ANNOUNCED) return;
    announced = Date.now();
    announcer.textContent = text;
  }

  class SavingForm {
    constructor(form) {
      this.form = form;
      this.sent = typed(form); // what is on the page and stored
      this.unsaved = form.querySelector(".error-summary") !== null; // came back with texts not stored
      this.pending = null; // the save that has no answer yet
      this.isAway = false;
      this.base = "";
      this.tries = 0;
      form.addEventListener("input", ({ target }) => this.changed(isText(target) ? QUIET : CHOSEN));
      form.addEventListener("change", () => this.changed(CHOSEN));
      form.addEventListener("focusout", () => this.joined && setTimeout(() => this.showJoined()));
      form.addEventListener("click", ({ target }) => {
        if (target.closest("[data-settle]")) this.leave();
        if (target.closest("[data-show]")) this.showJoined(true);
      });
      form.addEventListener("submit", (event) => this.submitted(event));
    }

    // The Save button: in place; or as without JavaScript, once what is under way has its answer,
    // for else the page would meet its own save as if it were somebody else's.
    submitted(event) {
      const leaves = !("stays" in this.form.dataset) && !this.isForbidden;
      if (leaves && !this.pending) { clearTimeout(this.timer); this.isLeaving = true; return; }
      event.preventDefault();
      this.isStopped = false;
      if (leaves) this.afterwards = () => this.form.requestSubmit(event.submitter);
      this.send();
    }

    changed(wait) {
      this.unsaved = typed(this.form) !== this.sent || this.pending !== null;
      clearTimeout(this.timer);
      if (this.unsaved && !this.isStopped) this.timer = setTimeout(() => this.send(), wait);
    }

    // Send the form as without JavaScript: to the page with both texts.
    leave() {
      this.isLeaving = true;
      HTMLFormElement.prototype.submit.call(this.form);
    }

    async send() {
      clearTimeout(this.timer);
      if (this.isAway || this.isStopped) return;
      const now = typed(this.form);
      this.pending ??= { typed: now, body: new URLSearchParams(now), key: newKey() };
      if (this.base && !this.pending.body.has("base")) this.pending.body.set("base", this.base);
      this.isAway = true;
      try {
        const response = await this.post(this.pending);
        await this.take(response);
      } catch (error) {
        this.again(words.unreachable);
      } finally {
        this.isAway = false;
      }
    }

    post({ body, key }) {
      const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=(\w+)/); // newer, if signed in again
      const sent = new URLSearchParams(body);
      sent.set("key", key);
      sent.set("csrfmiddlewaretoken", token?.[1] ?? this.form.elements.csrfmiddlewaretoken.value);
      return fetch(this.form.action, {
        method: "POST", body: sent, redirect: "manual", headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(TIMEOUT),
      });
    }

    async take(response) {
      if (response.type === "opaqueredirect") return this.again(words.signedOut);
      if (response.status === 403 || response.status === 404) return this.stop(words.forbidden);
      if (![200, 400, 409].includes(response.status)) return this.again(words.refused);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const { typed: sent } = this.pending;
      this.pending = null;
      this.tries = 0;
      this.putIn(page);
      if (response.status === 200) this.saved(page, sent);
      if (response.status === 409) this.isStopped = true; // until the person has chosen
      this.isForbidden = false;
      this.afterwards?.();
      this.afterwards = null;
      return undefined;
    }

    saved(page, sent) {
      const template = page.querySelector("template[data-joined]");
      const read = [...this.form.querySelectorAll("input[type=hidden]")].filter((field) => field.id);
      const before = new URLSearchParams(sent);
      read.forEach((field) => before.set(field.name, field.value)); // the version that is stored now
      this.sent = before.toString();
      this.joined = template?.content;
      this.base = template ? sent : "";
      this.showJoined();
      this.changed(QUIET);
      announce(this.status.textContent.trim());
    }

    // Put what others wrote into the fields: not while one is being edited, unless it is asked for.
    showJoined(isAsked = false) {
      if (!this.joined || this.pending) return;
      const fields = [...this.joined.querySelectorAll("[name]")].map((field) => [field, document.getElementById(field.id)]);
      const differing = fields.filter(([field, own]) => own && own.type !== "hidden" && (field.value !== own.value || field.checked !== own.checked));
      const isEdited = differing.some(([, own]) => own === document.activeElement && isText(own));
      if (typed(this.form) !== this.sent || (isEdited && !isAsked)) { this.offer(); return; }
      differing.forEach(([field, own]) => { own.value = field.value; own.checked = field.checked; });
      this.status.querySelector("[data-show]")?.remove();
      this.sent = typed(this.form);
      this.joined = null;
      this.base = "";
    }

    offer() {
      if (this.status.querySelector("[data-show]") || typed(this.form) !== this.sent) return;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary btn-sm", textContent: words.show });
      button.dataset.show = "";
      this.status.append(" ", button);
    }

    putIn(page) {
      this.form.querySelectorAll("[data-for]").forEach((error) => error.remove());
      this.form.querySelectorAll("[data-marked]").forEach((field) => { field.removeAttribute("aria-invalid"); delete field.dataset.marked; });
      for (const part of page.body.querySelectorAll(":scope > [id]")) document.getElementById(part.id)?.replaceWith(part);
      const both = page.querySelector("[data-conflict]");
      if (both) this.form.querySelector("[data-conflict]")?.replaceWith(both);
      else this.form.querySelector("[data-conflict]")?.replaceChildren();
      for (const error of page.querySelectorAll("[data-for]")) {
        const field = document.getElementById(error.dataset.for) ?? document.getElementById(`${error.dataset.for}_0`);
        if (!field) { this.status.before(error); continue; }
        (field.closest(".choices") ?? field).before(error);
        field.setAttribute("aria-invalid", "true");
        field.dataset.marked = "";
      }
      if (this.status.classList.contains("is-bad")) this.status.setAttribute("role", "alert");
    }

    get status() { return this.form.querySelector("[data-status]"); }

    say(text) {
      const { status } = this;
      if (status.textContent === text) return; // said once, not at every try
      status.classList.add("is-bad");
      status.setAttribute("role", "alert");
      status.textContent = text;
    }

    again(text) {
      this.say(text);
      const wait = Math.min(LONGEST, 1000 * 2 ** this.tries) * (1 + Math.random() / 4);
      this.tries += 1;
      this.timer = setTimeout(() => this.send(), wait);
    }

    stop(text) {
      this.say(text);
      this.isStopped = this.isForbidden = true;
      this.pending = this.afterwards = null;
    }

    get isLosing() { return this.unsaved && !this.isLeaving; }
  }

  class KeptForm {
    constructor(form) {
      this.form = form;
      this.before = typed(form);
      form.addEventListener("submit", () => { this.isLeaving = true; });
    }

    get isLosing() {
      const isUnsaved = this.form.querySelector(".has-error, .error-summary") !== null;
      return !this.isLeaving && (isUnsaved || typed(this.form) !== this.before);
    }
  }

  const forms = [
    ...Array.from(document.querySelectorAll("form[data-saves]"), (form) => new SavingForm(form)),
    ...Array.from(document.querySelectorAll("form[data-keep]"), (form) => new KeptForm(form)),
  ];

  window.addEventListener("online", () => forms.forEach((form) => form.pending && form.send()));
  window.addEventListener("pageshow", () => forms.forEach((form) => { form.isLeaving = false; }));
  window.addEventListener("beforeunload", (event) => { if (forms.some((form) => form.isLosing)) event.preventDefault(); });

  // A link to another language saves first, and leads there with everything stored.
  for (const link of document.querySelectorAll("a[hreflang]")) {
    link.addEventListener("click", async (event) => {
      const saving = forms.filter((form) => form.send && form.unsaved && !form.isStopped);
      if (!saving.length) return;
      event.preventDefault();
      await Promise.all(saving.map((form) => form.send()));
      location.assign(link.href);
    });
  }

  for (const picker of document.querySelectorAll("[data-join]")) {
    const box = document.getElementById(picker.dataset.join);
    const pick = (part) => {
      const how = part.querySelector("input:checked").value;
      const whose = how === "both" ? ["theirs", "mine"] : [how];
      const chosen = whose.map((one) => part.querySelector(`[data-${one}]`));
      return chosen.filter((text) => !("none" in text.dataset)).map((text) => text.textContent);
    };
    const parts = [...picker.querySelectorAll("[data-same], [data-block]")];
    picker.hidden = false;
    picker.addEventListener("change", () => {
      box.value = parts.flatMap((part) => ("same" in part.dataset ? [part.textContent] : pick(part))).join("\n");
    });
    box.addEventListener("input", () => { // by hand now: choosing would undo it
      picker.querySelectorAll("input").forEach((input) => { input.disabled = true; });
      picker.querySelector("[data-by-hand]").hidden = false;
    });
  }
})();
