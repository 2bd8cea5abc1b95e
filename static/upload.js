// Says how far a file has got, and refuses one that is too large before it is sent.
// Without this script the form is sent as any other, and the server says the same.
"use strict";

function prepare(form) {
  const chosen = form.querySelector("input[type=file]");
  const line = form.querySelector("[data-progress]");
  const isTooBig = () => chosen.files[0] && chosen.files[0].size > Number(form.dataset.most);
  const say = (text) => {
    if (line.textContent !== text) line.textContent = text;
  };

  chosen.addEventListener("change", () => say(isTooBig() ? form.dataset.tooBig : ""));
  form.addEventListener("submit", (event) => {
    if (!chosen.files[0]) return;
    event.preventDefault();
    if (isTooBig()) {
      say(form.dataset.tooBig);
      chosen.focus();
    } else {
      send(form, say);
    }
  });
}

function send(form, say) {
  const request = new XMLHttpRequest();
  const button = form.querySelector("button[type=submit]");
  request.upload.addEventListener("progress", (event) => {
    // In steps of ten, so that a screen reader is not talked over.
    const percent = Math.floor((10 * event.loaded) / event.total) * 10;
    say(form.dataset.sending.replace("#", percent));
  });
  request.upload.addEventListener("load", () => say(form.dataset.checking));
  request.addEventListener("load", () => show(request));
  request.addEventListener("error", () => {
    button.disabled = false;
    say(form.dataset.broken);
  });
  button.disabled = true;
  request.open("POST", location.href);
  request.send(new FormData(form));
}

// What the server answered, as if the browser had sent the form itself.
function show(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  history.replaceState(null, "", request.responseURL);
  document.querySelectorAll("form[data-upload]").forEach(prepare);
  const said = [".error-summary", ".messages .alert", "h1"]
    .map((name) => document.querySelector(name))
    .find((element) => element);
  said.tabIndex = -1;
  said.focus();
}

document.querySelectorAll("form[data-upload]").forEach(prepare);
