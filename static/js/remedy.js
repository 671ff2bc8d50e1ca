// form[data-allowance]: the usual amount of a type is filled in softly, and what goes beyond one's own limit says
// so before it is sent. The options of `type` carry data-typical, data-left and data-left-words; the server judges.
// [data-send-when-picked]: a photo that was taken is sent at once.
const number = (text) => (/^\d+(\.\d{1,2})?$/.test((text ?? "").trim()) ? Number(text) : null);

function watch(form) {
  const { type, estimated_amount: amount } = form.elements;
  const words = form.querySelector("[data-left-words]");
  const usual = words?.textContent ?? "";
  const fold = form.querySelector("details[data-over]");
  let filled = "";

  const judge = () => {
    const { left, typical } = type.selectedOptions[0]?.dataset ?? {};
    const asked = number(amount.value) ?? (amount.value.trim() ? null : number(typical));
    const over = left !== undefined && Boolean(asked) && asked > Number(left);
    form.classList.toggle("is-over", over);
    if (fold && over) fold.open = true;
  };
  type.addEventListener("change", () => {
    const { typical = "", leftWords } = type.selectedOptions[0]?.dataset ?? {};
    if (amount.value === "" || amount.value === filled) amount.value = filled = typical;
    if (words) words.textContent = leftWords ?? usual;
    judge();
  });
  amount.addEventListener("input", judge);
  amount.addEventListener("change", judge);
  judge();
}

export function start(root) {
  root.querySelectorAll("form[data-allowance]:not([data-ready])").forEach((form) => {
    form.dataset.ready = "";
    watch(form);
  });
  root.querySelectorAll("[data-send-when-picked]").forEach((input) => {
    input.onchange = () => input.files.length && input.form.requestSubmit();
  });
}
