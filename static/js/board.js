// The board: a dialog for what a move asks, drag and drop for the same, renewing without disturbing who reads.
const $ = (id) => document.getElementById(id);
const on = document.addEventListener.bind(document);
const board = () => $("board");
const parts = () => [...board().querySelectorAll(".column")];
const cards = (root = board()) => [...root.querySelectorAll("[data-card]")];
const to = (card, scrolls) => card.querySelector("a").focus({ preventScroll: !scrolls });

// The dialog is filled by htmx.
let opener;

function close() {
  if ($("act").open) $("act").close();
}

on("click", (event) => {
  const { target } = event;
  const link = target.closest?.("[data-act]");
  if (link && !$("act").contains(link)) opener = link.closest("[data-card], tr").id;
  if (target.closest?.("[data-close-act]") || target === $("act")) close();
  const way = target.closest?.("[data-column]");
  if (!way) return;
  event.preventDefault();
  board().dataset.column = way.dataset.column;
  history.replaceState(null, "", way.href);
  show();
});
// Whoever closes it while its next page is on the way is done with it. A refused answer comes all the same.
const asksOn = ({ sourceElement, request }) => request?.method === "GET" && $("act").contains(sourceElement);
on("htmx:before:swap", (event) => {
  if (!$("act").open && asksOn(event.detail.ctx)) event.preventDefault();
});
on("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.target?.id !== "act-body" || !$("act-title")) return; // a second tap's answer: the first has closed it
  if (!$("act").open) $("act").showModal();
  const first = (what) => $("act").querySelector(what);
  (first(".error-summary") ?? first("#act-body :is(.act-list :is(a, button), form :is(input:not([type=hidden]), textarea, button:enabled))") ?? $("act-title")).focus();
});
on("board", ({ detail }) => {
  if (!detail.is_open) close();
  window.htmx.trigger(board(), "refresh");
});

// A toast's Undo leaves the page where it is.
on("submit", (event) => {
  const form = event.target.closest("#toasts form");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  form.closest(".toast").remove();
  window.htmx.ajax("POST", form.action, { source: board(), swap: "none" });
}, true);

// A phone shows one column; choosing another loads nothing.
function show() {
  const { column } = board().dataset;
  if (!column) return;
  for (const part of parts()) part.classList.toggle("is-current", part.dataset.stage === column);
  for (const link of board().querySelectorAll("[data-column]")) {
    if (link.dataset.column === column) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// Dropped on another column: the same request as its line of "Move to".
let dragged;
const zone = ({ target }) => dragged && target.closest?.(".column, .column-closed");

function mark(over) {
  for (const each of board().querySelectorAll(".column, .column-closed")) each.classList.toggle("is-over", each === over);
}

on("dragstart", ({ target, dataTransfer }) => {
  dragged = target.closest?.("[data-card][draggable]");
  if (!dragged) return;
  dataTransfer.effectAllowed = "move";
  dataTransfer.setData("text/plain", dragged.dataset.card);
  setTimeout(() => board().classList.add("is-dragging"));
});
on("dragover", (event) => {
  if (!dragged) return;
  if (zone(event)) event.preventDefault();
  mark(zone(event));
});
on("drop", (event) => {
  const stage = zone(event)?.dataset.stage;
  if (!stage) return;
  event.preventDefault();
  if (dragged.dataset.stage === stage) return;
  opener = dragged.id;
  const way = `${dragged.querySelector("[data-move]").getAttribute("href")}?to=${stage}`;
  window.htmx.ajax("GET", way, { source: dragged, target: "#act-body", swap: "innerHTML" });
});
on("dragend", () => {
  dragged = null;
  mark();
  board().classList.remove("is-dragging");
});

// Renewing. What comes to a column where somebody reads waits behind its "2 new"; what they read stays in its place.
const held = new Set();
const told = new Map(); // by column: how many were said to wait
let before;

function isRead(part) {
  const pointed = matchMedia("(hover: hover)").matches && part.matches(":hover");
  return pointed || part.contains(document.activeElement) || part.getBoundingClientRect().top < 0;
}

function look() {
  const all = cards();
  const first = all.find((card) => card.getBoundingClientRect().bottom > 80);
  before = {
    ids: all.map(({ id }) => id),
    read: parts().filter(isRead).map(({ id }) => id),
    first,
    top: first?.getBoundingClientRect().top,
    had: document.activeElement.closest("[data-card]")?.id,
    column: board().dataset.column,
  };
}

function hold(part) {
  const mine = cards(part);
  for (const { id } of mine) if (before.read.includes(part.id) && !before.ids.includes(id)) held.add(id);
  const waiting = mine.filter(({ id }) => held.has(id));
  for (const card of waiting) card.hidden = true;
  const pill = part.querySelector(".column-new");
  pill.hidden = !waiting.length;
  pill.textContent = pill.dataset.words.replace("{n}", waiting.length);
  pill.onclick = () => {
    for (const card of waiting) {
      held.delete(card.id);
      card.hidden = false;
    }
    pill.hidden = true;
    told.set(part.id, 0);
    $("board-says").textContent = "";
    to(waiting[0], true);
  };
  return news(part, waiting.length, pill.textContent);
}

// Whoever does not see the pill hears of it: once for each number, and never at a renewal that brought none.
function news(part, number, words) {
  const was = told.get(part.id) ?? 0;
  told.set(part.id, number);
  return number && number !== was ? `${part.querySelector("h2").textContent}: ${words}` : "";
}

function say(words) {
  if (words || ![...told.values()].some(Boolean)) $("board-says").textContent = words;
}

on("htmx:before:request", (event) => {
  if (dragged && event.target === board()) event.preventDefault();
});
on("htmx:before:swap", ({ detail: { ctx } }) => {
  if (ctx?.target?.id === "board") look();
});
on("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.target?.id !== "board") return;
  if (before.column) board().dataset.column = before.column;
  else history.replaceState(null, "", board().getAttribute("hx-get")); // as deep as it is shown, for whoever comes back
  say(parts().map(hold).filter(Boolean).join(", "));
  show();
  if (before.first?.isConnected) scrollBy(0, before.first.getBoundingClientRect().top - before.top);
  if (!before.had || document.activeElement !== document.body) return;
  // whoever was at a card that is gone goes on at the next one
  const next = before.ids.slice(before.ids.indexOf(before.had)).find((id) => $(id));
  const card = $(next) ?? cards()[0];
  if (card) to(card);
});

export function start() {
  $("act").onclose = () => {
    $("act-body").replaceChildren();
    if ($(opener) && document.activeElement === document.body) to($(opener));
  };
}
