// The forms of a recovery: tips beside what is being written, usual remedies, what may be given without asking.

// [data-coach="id of the field"] asks its hx-post a moment after typing stops and when the field is left; the
// answer is shown, politely, only when it says something else. Nothing is kept.
const PAUSE = 600;

function listen(region, field) {
  let timer;
  let heard = field.defaultValue.trim();
  const ask = () => {
    clearTimeout(timer);
    const words = field.value.trim();
    if (words === heard) return;
    heard = words;
    window.htmx?.trigger(region, "coach");
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("blur", ask);
  region.addEventListener("htmx:before:swap", (event) => {
    const answer = new DOMParser().parseFromString(event.detail.ctx.text, "text/html").body;
    const coached = field.form.elements.coached;
    if (coached) coached.value = "on";
    if (answer.textContent.trim() === region.textContent.trim()) event.preventDefault();
  });
  ask(); // typed before this module came, or put back by the browser
}

// [data-fill] buttons put a usual remedy into the form they stand in: data-type, data-amount.
function fill({ dataset }, form) {
  const type = form.elements.type;
  const amount = form.elements.estimated_amount;
  type.value = dataset.type;
  if (amount) amount.value = dataset.amount;
  for (const field of [type, amount]) field?.dispatchEvent(new Event("change", { bubbles: true }));
  form.elements.what?.focus();
}

// form[data-allowance]: the usual amount of a type is filled in softly, and what goes beyond one's own limit says
// so before it is sent. The options of `type` carry data-typical, data-left and data-left-words; the server judges.
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
  root.querySelectorAll("[data-coach]:not([data-ready])").forEach((region) => {
    const field = document.getElementById(region.dataset.coach);
    if (!field) return;
    region.dataset.ready = "";
    listen(region, field);
  });
  root.querySelectorAll("[data-fill]:not([data-ready])").forEach((link) => {
    link.dataset.ready = "";
    link.addEventListener("click", (event) => {
      const form = link.closest("form");
      if (event.ctrlKey || event.metaKey || event.shiftKey || !form) return;
      event.preventDefault();
      fill(link, form);
    });
  });
  root.querySelectorAll("form[data-allowance]:not([data-ready])").forEach((form) => {
    form.dataset.ready = "";
    watch(form);
  });
  // A photo that was taken is sent at once.
  root.querySelectorAll("[data-send-when-picked]").forEach((input) => {
    input.onchange = () => input.files.length && input.form.requestSubmit();
  });
}
