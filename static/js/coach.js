// Tips beside what is being written. [data-coach="id of the field"] asks its hx-post a moment after typing
// stops and when the field is left; the answer is shown, politely, only when it says something else. Nothing
// is kept. [data-fill] buttons put a usual remedy into the form they stand in: data-type, data-amount.
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

function fill({ dataset }, form) {
  const type = form.elements.type;
  const amount = form.elements.estimated_amount;
  type.value = dataset.type;
  if (amount) amount.value = dataset.amount;
  for (const field of [type, amount]) field?.dispatchEvent(new Event("change", { bubbles: true }));
  form.elements.what?.focus();
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
}
