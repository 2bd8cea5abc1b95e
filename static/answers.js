/* The questionnaire: an answer, or why there is none; “none of these”, or something. */
(() => {
  "use strict";
  function keepApart({ elements }, field) {
    const [, code, kind, side] = field.name.match(/^(.+)-(value|left_out)(\w*)$/) || [];
    const left = elements[`${code}-left_out${side}`], options = [...document.getElementsByName(`${code}-value${side}`)];
    if (kind === "left_out" && field.value) options.forEach((option) => { if (/radio|checkbox/.test(option.type)) option.checked = option.type === "radio" && !option.value; else option.value = ""; });
    if (kind !== "value" || !field.value) return;
    left.value = "";
    if (field.type === "checkbox" && field.checked) options.forEach((option) => { option.checked &&= option === field || !("none" in { ...option.dataset, ...field.dataset }); });
  }

  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form.answer");
    if (form) keepApart(form, target);
  }, true); // before the form is sent
})();
