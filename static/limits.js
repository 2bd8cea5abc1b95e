/*
  Counts what is left in a textarea with data-limit, in the words of its form: data-left and
  data-over, in which # stands for the number. A screen reader hears it once the writer pauses, and
  only near the limit. The server checks the limit; without this script the hint names it.
*/
(() => {
  "use strict";
  const PAUSE = 1000, NEAR = 0.1; // milliseconds; the part of the limit that is left

  for (const box of document.querySelectorAll("textarea[data-limit]")) {
    const limit = Number(box.dataset.limit), { left, over } = box.form.dataset;
    const shown = Object.assign(document.createElement("p"), { className: "soft limit" });
    const heard = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    let timer;
    shown.setAttribute("aria-hidden", "true");
    heard.setAttribute("role", "status");
    box.after(shown, heard);

    const count = () => {
      const rest = limit - [...box.value].length;
      shown.textContent = (rest < 0 ? over : left).replace("#", Math.abs(rest));
      shown.classList.toggle("is-over", rest < 0);
      clearTimeout(timer);
      timer = setTimeout(() => { heard.textContent = rest < limit * NEAR ? shown.textContent : ""; }, PAUSE);
    };
    box.addEventListener("input", count);
    count();
  }
})();
