// Boot: loads the modules this page needs, polls, and keeps a form from being sent twice.
const addresses = document.getElementById("app");
const needs = {
  board: "#board",
  combobox: "[data-combobox]",
  draft: "form[data-draft-url][data-main], form[data-draft-back]",
  names: "[data-names-text]",
  recover: "[data-coach], [data-fill], form[data-allowance], [data-send-when-picked]",
  when: "[data-when]",
};

function load(root = document) {
  for (const [name, selector] of Object.entries(needs)) {
    if (root.querySelector(selector)) {
      import(addresses.getAttribute(`data-url-${name}`)).then((module) => module.start(root));
    }
  }
  fold(root);
  root.querySelectorAll("[data-open-dialog]").forEach((button) => {
    button.onclick = () => document.getElementById(button.dataset.openDialog).showModal();
  });
}

// <details data-fold open> begins closed on a phone, where it is many screens long; paper has all of it.
function fold(root) {
  for (const part of root.querySelectorAll("details[data-fold='']")) {
    part.dataset.fold = "known"; // later it is as its reader left it
    if (matchMedia("(max-width: 600px)").matches) part.open = false;
  }
}

const paper = matchMedia("print");
let folded = [];
paper.onchange = () => {
  if (paper.matches) folded = [...document.querySelectorAll("details[data-fold]:not([open])")];
  for (const part of folded) part.open = paper.matches;
};

// Submit once: the second click finds the form already on its way.
function setBusy(form, busy) {
  form.toggleAttribute("data-sent", busy);
  for (const button of form.elements) {
    if (button.type === "submit") {
      button.disabled = busy;
      if (busy) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const ours = form.matches("[hx-post], [hx-get], [hx-put], [hx-patch], [hx-delete]");
  if ((event.defaultPrevented && !ours) || form.method !== "post" || form.target) return;
  if (form.hasAttribute("data-sign-out")) forgetDrafts();
  setTimeout(() => setBusy(form, true)); // after the clicked button's own value was taken
  if (!ours) slow = setTimeout(() => document.body.classList.add("is-slow"), 1000);
});

let slow;
window.addEventListener("pageshow", () => {
  clearTimeout(slow);
  document.body.classList.remove("is-slow");
  document.querySelectorAll("form[data-sent]").forEach((form) => setBusy(form, false));
});

// A desk is shared: what one person typed must not greet the next one.
function forgetDrafts() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:")) localStorage.removeItem(key);
  }
}

// A draft that was submitted is done with once a page of ours has come back that does not bring its form again.
// The sign-in page and an error page say nothing of it: the copy stays.
const submitted = JSON.parse(sessionStorage.getItem("submitted") ?? "null");
sessionStorage.removeItem("submitted");
if (submitted && document.querySelector("form[data-sign-out]")) {
  const form = document.querySelector(`form[data-draft-url="${CSS.escape(submitted.url)}"]`);
  if (!form || form.elements.submit_key?.value !== submitted.key) localStorage.removeItem(`draft:${submitted.url}`);
}

// Other forms with drafts ask for the module when somebody goes into them, or when this device kept something.
function keepDrafts() {
  import(addresses.getAttribute("data-url-draft")).then((module) => module.start(document));
}
document.addEventListener("focusin", ({ target }) => {
  if (target.form?.dataset.draftUrl) keepDrafts();
});
if (Object.keys(localStorage).some((key) => key.startsWith("draft:"))) keepDrafts();

// htmx: forms come back to life, new content gets its modules, slow answers show a bar.
document.addEventListener("htmx:before:request", () => {
  clearTimeout(slow);
  slow = setTimeout(() => document.body.classList.add("is-slow"), 1000);
});
document.addEventListener("htmx:finally:request", (event) => {
  clearTimeout(slow);
  document.body.classList.remove("is-slow");
  const form = event.target.closest?.("form");
  if (form) setBusy(form, false);
});
document.addEventListener("htmx:after:swap", () => {
  load();
  const lost = document.activeElement === document.body || !document.activeElement;
  if (!lost) return;
  const came = document.querySelector(".error-summary") ?? inItsPlace() ?? document.querySelector("[data-focus]");
  came?.focus();
  came?.removeAttribute("data-focus");
});

// The second tap of a double tap was meant for what stood there at the first: nothing that came since takes it.
let tapped = 0;
let swapped = 0;
document.addEventListener("htmx:after:swap", () => { swapped = performance.now(); });
window.addEventListener("click", (event) => {
  if (event.detail < 2) {
    tapped = performance.now();
  } else if (swapped > tapped) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// Rows that are dealt with go: the focus goes to the one after it, and with Undo to the one that came back.
const rows = () => [...document.querySelectorAll("[data-rows] > li[id]")];
let shown = [];
let after = [];
document.addEventListener("htmx:before:swap", () => { shown = rows().map(({ id }) => id); });
document.addEventListener("htmx:before:request", ({ target }) => {
  const row = target.closest?.("[data-rows] > li[id]");
  if (row) after = rows().slice(rows().indexOf(row) + 1).map(({ id }) => id);
  else if (target.closest?.(".toast")) after = [];
});
function inItsPlace() {
  const next = after.map((id) => document.getElementById(id)).find(Boolean);
  after = [];
  return (next ?? rows().find(({ id }) => !shown.includes(id)))?.querySelector("[data-row]");
}

// A fold whose inside waits on the server ([data-part]) asks for it when it opens; after a failure when it opens again.
document.addEventListener("toggle", ({ target }) => {
  const part = target.open && target.querySelector(":scope > [data-part]");
  if (part) window.htmx?.trigger(part, "part");
}, true);
document.addEventListener("htmx:before:swap", ({ target, detail }) => {
  if (detail.ctx.swap !== "none") target.removeAttribute?.("data-part");
});

// A link to a fold of this page opens it.
function unfold(hash) {
  const fold = hash.length > 1 && document.getElementById(hash.slice(1));
  if (fold && fold.matches("details")) fold.open = true;
}
document.addEventListener("click", ({ target }) => {
  const link = target.closest?.('a[href^="#"]');
  if (link) unfold(link.hash);
});

// Polls: elements with data-poll get the event "poll" each 15 s, each minute when nobody
// has touched the page for 5, never while it is hidden. The tag spares an unchanged answer.
const EVERY = 15_000;
let touched = Date.now();
let asked = Date.now();
for (const name of ["pointerdown", "keydown"]) {
  document.addEventListener(name, () => { touched = Date.now(); }, { passive: true });
}
function poll() {
  const now = Date.now();
  const every = now - touched > 300_000 ? 4 * EVERY : EVERY;
  if (document.hidden || now - asked < every - 100) return;
  asked = now;
  document.querySelectorAll("[data-poll]").forEach((element) => {
    window.htmx?.trigger(element, "poll");
  });
}
setInterval(poll, EVERY);
// What somebody watches grow: each 3 s for as long as they look.
setInterval(() => {
  if (document.hidden) return;
  document.querySelectorAll("[data-poll-fast]").forEach((element) => window.htmx?.trigger(element, "poll"));
}, 3_000);
document.addEventListener("visibilitychange", poll);
document.addEventListener("htmx:config:request", ({ target, detail }) => {
  const where = detail.ctx.sourceEvent?.submitter?.getAttribute?.("formaction"); // of the button, as without a script
  if (where) detail.ctx.request.action = where;
  if (target.dataset?.poll !== undefined) detail.ctx.request.headers["HX-PTag"] = target.dataset.poll;
});

// Menus made of <details> close on a click elsewhere and on Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// Search everywhere: its module comes when a field of it takes the focus; Ctrl+K opens the palette from anywhere.
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches?.("[data-palette]:not([role=combobox])")) return;
  import(addresses.getAttribute("data-url-palette")).then((module) => module.start(target));
});
document.addEventListener("keydown", (event) => {
  const palette = document.getElementById("palette");
  if (!palette || event.key?.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const other = document.querySelector("dialog[open]");
  if (other && other !== palette) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else palette.showModal();
});

load();
unfold(location.hash);
document.querySelector(".error-summary")?.focus();
