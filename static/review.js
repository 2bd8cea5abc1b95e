/*
  Says what the points of a review come to while they are given: form[data-highest] with a
  fieldset[data-weight] for each criterion, and [data-score] where it is said. The server counts
  the same way when the review is stored (applications/marks.py).
*/
(() => {
  "use strict";
  const line = document.querySelector("form[data-highest] [data-score]");
  if (!line) return;
  const form = line.closest("form");
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

  function score() {
    let won = 0, weights = 0;
    for (const criterion of form.querySelectorAll("fieldset[data-weight]")) {
      const chosen = criterion.querySelector("input[type=radio]:checked")?.value;
      if (chosen === undefined || chosen === "none") continue;
      won += Number(criterion.dataset.weight) * Number(chosen);
      weights += Number(criterion.dataset.weight);
    }
    return weights ? (100 * won) / (weights * Number(form.dataset.highest)) : null;
  }

  form.addEventListener("change", () => {
    const now = score();
    line.textContent = now === null ? line.dataset.none : line.dataset.words.replace("#", numbers.format(now));
  });
})();
