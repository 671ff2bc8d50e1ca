// Says what happened (toasts with Undo, a plain message when a request failed) and asks before grave acts.
const words = document.getElementById("words")?.dataset ?? {};
const STAYS = 15_000;

function dismissable(toast) {
  let timer;
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), STAYS); };
  const hold = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, wait);
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  if (!toast.classList.contains("toast-bad")) wait();
}

function show(text, { bad = false, undo = "", fields = {}, swap = "" } = {}) {
  const region = document.getElementById(bad ? "alerts" : "toasts");
  const toast = document.createElement("div");
  toast.className = bad ? "toast toast-bad" : "toast";
  const span = document.createElement("span");
  span.className = "toast-text";
  span.textContent = text;
  toast.append(span);
  if (undo) {
    const form = Object.assign(document.createElement("form"), { method: "post", action: undo });
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) form.append(token.cloneNode());
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.append(button(words.undo, "btn btn-link", "submit"));
    const inPlace = swap ? { "hx-post": undo, "hx-target": swap, "hx-swap": "outerHTML" } : {}; // the page stays where it is
    for (const [name, value] of Object.entries(inPlace)) form.setAttribute(name, value);
    toast.append(form);
  }
  const close = button("×", "btn btn-link icon-button", "button");
  close.setAttribute("aria-label", words.close);
  close.dataset.dismiss = "";
  toast.append(close);
  region.replaceChildren(toast); // one at a time
  window.htmx?.process(toast);
  dismissable(toast);
}

function button(text, className, type) {
  return Object.assign(document.createElement("button"), { textContent: text, className, type });
}

// HX-Trigger: {"toast": {"text": "…", "undo": "/…", "swap": "#what undo changes"}}; our own modules dispatch the same event.
document.addEventListener("toast", ({ detail }) => {
  show(detail.text ?? detail.value, { undo: detail.undo, fields: detail.fields, swap: detail.swap, bad: detail.bad });
});
document.querySelectorAll(".toast").forEach(dismissable);

function meaning(status, isCsrf) {
  if (status === 401) return words.expired;
  if (status === 403) return isCsrf ? words.expired : words.forbidden;
  if (status === 404 || status === 410) return words.gone;
  if (status === 409 || status === 412) return words.changed;
  if (status === 429) return words.wait;
  return words.broken;
}

// What nobody asked for fails without a word: polls, and the coach who reads along.
const isQuiet = ({ dataset }) => dataset?.poll !== undefined || dataset?.quiet !== undefined;

// 422 carries the form with its errors and is swapped in; any other refusal is said, not swapped.
document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
  if (ctx.response.status === 422 || ctx.hx?.retarget) return;
  ctx.swap = "none";
  if (isQuiet(target)) return;
  show(meaning(ctx.response.status, /csrf/i.test(ctx.text)), { bad: true });
});
document.addEventListener("htmx:error", ({ target, detail }) => {
  if (isQuiet(target)) return;
  if (detail.error) show(detail.ctx?.response ? words.broken : words.offline, { bad: true });
});

// After a swap that brought errors, the summary (or the first wrong field) takes the focus.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const where = detail.ctx?.target;
  if (detail.ctx?.response?.status !== 422 || !where?.querySelector) return;
  (where.querySelector(".error-summary") ?? where.querySelector("[aria-invalid=true]"))?.focus();
});

// New notices are told once and politely, in the bell's own words; the focus stays where it is.
const unread = () => Number(document.getElementById("bell")?.dataset.poll ?? 0);
let told = unread();
document.addEventListener("htmx:after:swap", () => {
  const number = unread();
  if (number > told) say(document.querySelector("#bell .visually-hidden").textContent);
  told = number;
});

function say(text) {
  const region = document.getElementById("say");
  region.textContent = ""; // the same words again are new words only after a pause
  setTimeout(() => { region.textContent = text; }, 100);
}

// Signed out meanwhile: a request that was answered by the sign-in page opens that page.
document.addEventListener("htmx:after:request", (event) => {
  const { response, request } = event.detail.ctx;
  if (response?.raw.redirected && response.raw.url.includes("/login")) {
    event.preventDefault();
    if (request.method === "GET") return;
    show(words.expired, { bad: true });
  }
});

// <form data-confirm="the question">: asks in the one dialog, then submits with the same button.
const dialog = document.getElementById("confirm");
let waiting = null;

function ask(form, submitter) {
  const asked = submitter?.dataset.confirm ? submitter.dataset : form.dataset;
  const yes = dialog.querySelector("#confirm-yes");
  dialog.querySelector("#confirm-title").textContent = asked.confirm;
  dialog.querySelector("#confirm-text").textContent = asked.confirmText ?? "";
  yes.textContent = asked.confirmYes ?? yes.dataset.word;
  waiting = { form, submitter };
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("#confirm-no").focus();
}

window.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!dialog || (!form.dataset.confirm && !submitter?.dataset.confirm)) return;
  if (form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form, submitter);
}, true);
dialog?.addEventListener("close", () => {
  const { form, submitter } = waiting ?? {};
  waiting = null;
  if (!form || dialog.returnValue !== "yes") return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter ?? undefined);
});
