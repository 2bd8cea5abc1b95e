// A form with `data-keep` keeps what was typed: a link to another language saves first and leads
// there afterwards (the hidden field `next`); any other way out warns while something is unsaved.
const form = document.querySelector("form[data-keep]");

if (form) {
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  // A page that came back with errors holds texts that are not stored yet.
  const unsaved = document.querySelector(".error-summary") !== null;
  const before = typed();
  const isChanged = () => unsaved || typed() !== before;
  let isLeaving = false;

  form.addEventListener("submit", () => {
    isLeaving = true;
  });

  for (const link of document.querySelectorAll("a[hreflang]")) {
    link.addEventListener("click", (event) => {
      if (!isChanged()) return;
      event.preventDefault();
      const next = document.createElement("input");
      next.type = "hidden";
      next.name = "next";
      next.value = link.getAttribute("href");
      form.append(next);
      form.requestSubmit();
    });
  }

  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && isChanged()) event.preventDefault();
  });
}
