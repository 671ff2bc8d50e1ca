// Shortcuts. Letters only outside fields, and only while <body data-letter-keys="on">.
const lettersOn = document.body.dataset.letterKeys !== "off";
const TYPING = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";

const seen = (element) => element.checkVisibility(); // also false inside a closed <details>

function choose(group, number) {
  const options = [...group.querySelectorAll("input[type=radio], button")].filter(seen);
  const option = options[number - 1];
  if (!option || option.disabled) return false;
  option.click();
  option.focus();
  return true;
}

// The group the focus is in; with no field focused, the first group nobody has answered.
function groupFor(focused) {
  const own = focused?.closest?.("[data-chips]");
  if (own) return own;
  if (!lettersOn || focused?.closest?.("dialog")) return null;
  const groups = [...document.querySelectorAll("[data-chips]")].filter(seen);
  return groups.find((group) => !group.querySelector("input:checked")) ?? groups[0];
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-rows] a[data-row], a.row-link, a.rcard-name")].filter(seen);
  const next = rows[rows.indexOf(document.activeElement) + step] ?? rows[step > 0 ? 0 : rows.length - 1];
  next?.focus();
  return Boolean(next);
}

function search() {
  const field = [...document.querySelectorAll("[data-search]")].find(seen);
  if (field) {
    field.focus();
    field.select?.();
    return true;
  }
  return follow("/");
}

// data-key="n": a link or button is followed, a box is ticked, a field is focused, a folded part opens.
function follow(key) {
  const targets = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const target = targets.find(seen) ?? targets[0];
  if (!target) return false;
  if (target.matches("[type=checkbox]")) {
    target.click();
    target.focus();
  } else if (target.matches("input, textarea, select")) target.focus();
  else if (target.matches("summary")) unfold(target.parentElement);
  else target.click();
  return true;
}

// What is folded opens, and its first field waits for words; when it comes later, unless the focus has moved on.
function unfold(details) {
  details.open = true;
  const part = details.querySelector(":scope > [data-part]");
  part?.addEventListener("htmx:after:swap", () => {
    if (document.activeElement === details.querySelector("summary")) unfold(details);
  }, { once: true });
  const first = [...details.querySelectorAll("textarea, input:not([type=hidden]), button")].find(seen);
  (first ?? details.querySelector("summary")).focus();
}

// What each letter of this very page does, in the words of what it presses.
function letters(list) {
  list.querySelectorAll("[data-here]").forEach((line) => line.remove());
  if (!lettersOn) return;
  const known = new Set([...list.querySelectorAll("dt kbd")].map((kbd) => kbd.textContent));
  for (const target of document.querySelectorAll("[data-key]")) {
    const { key } = target.dataset;
    if (!key || known.has(key) || !seen(target)) continue;
    known.add(key);
    const words = (target.labels?.[0] ?? target).cloneNode(true);
    words.querySelectorAll("kbd, .visually-hidden").forEach((hint) => hint.remove());
    const [term, meaning] = [document.createElement("dt"), document.createElement("dd")];
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    meaning.textContent = words.textContent.trim().replace(/\s+/g, " ");
    for (const line of [term, meaning]) line.dataset.here = "";
    list.prepend(term, meaning);
  }
}

// Only what works here and now: a line that needs something is hidden while the page has none of it.
function fit(dialog) {
  const works = ({ dataset: { letter, noLetter, needs, there } }) => {
    if ((letter !== undefined && !lettersOn) || (noLetter !== undefined && lettersOn)) return false;
    return (!there || document.querySelector(there)) && (!needs || [...document.querySelectorAll(needs)].some(seen));
  };
  dialog.querySelectorAll("[data-letter], [data-no-letter], [data-needs], [data-there]").forEach((line) => { line.hidden = !works(line); });
  letters(dialog.querySelector(".key-list"));
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (!dialog || dialog.open) return false;
  fit(dialog);
  dialog.showModal();
  return true;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-open-dialog=keys-help]")) fit(document.getElementById("keys-help"));
}, true);

function escape(focused) {
  const menu = focused?.closest("details[data-menu][open]") ?? document.querySelector("details[data-menu][open]");
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

function save(focused) {
  const form = focused?.form ?? focused?.closest?.("form") ?? document.querySelector("form[data-main]");
  if (!form) return false;
  const button = form.querySelector("button[type=submit]"); // the one that Enter presses
  if (!button?.disabled) form.requestSubmit(button ?? undefined);
  return true;
}

function handle(event) {
  const focused = event.target;
  const { key } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) return save(focused);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (key === "Escape") return escape(focused);
  const typing = focused.matches?.(TYPING);
  if (/^[1-9]$/.test(key) && !typing) {
    const group = groupFor(focused);
    return group ? choose(group, Number(key)) : false;
  }
  if (typing || !lettersOn || document.querySelector("dialog[open]")) return false;
  if (key === "?") return help();
  if (key === "/") return search();
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  return /^[a-z]$/.test(key) && !event.repeat ? follow(key) : false; // a key held down decides one thing, not ten
}

document.addEventListener("keydown", (event) => {
  if (!event.defaultPrevented && handle(event)) event.preventDefault();
});
