// Search everywhere: an ARIA combobox whose options lead somewhere, in the bar and in the palette (Ctrl+K).
// <input type="search" data-palette data-url="/search/?q=" data-none="Nothing found"> in a form that searches without us.
// The server answers <li role="option" data-url="/…/" data-label="…">; parts of this page that fold are options too.
const words = document.getElementById("words").dataset;
const PAUSE = 150;
let count = 0;

// What can be done on this page, by the words of its folds.
function foldsLike(text) {
  const typed = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!typed.length) return [];
  return [...document.querySelectorAll("main details.more[id] > summary")].filter((summary) => {
    const known = summary.innerText.toLowerCase().split(/\s+/);
    return summary.checkVisibility() && typed.every((each) => known.some((word) => word.startsWith(each)));
  });
}

function optionFor(summary) {
  const option = Object.assign(document.createElement("li"), { textContent: summary.innerText.trim() });
  option.setAttribute("role", "option");
  option.dataset.fold = summary.parentElement.id;
  return option;
}

export function start(input) {
  if (input.getAttribute("role") === "combobox") return;
  const dialog = input.closest("dialog");
  const list = Object.assign(document.createElement("ul"), { className: "combo-list", id: `found-${(count += 1)}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  input.after(list);
  const aria = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.entries(aria).forEach(([name, value]) => input.setAttribute(name, value));
  let [at, timer, request] = [-1];
  const options = () => [...list.querySelectorAll("[role=option]")];

  function mark(index) {
    const all = options();
    at = (index + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function fill(html, text) {
    list.innerHTML = html;
    const all = list.querySelector("[data-all]");
    foldsLike(text).forEach((summary) => (all ? all.before(optionFor(summary)) : list.append(optionFor(summary))));
    const found = options();
    found.forEach((option, index) => { option.id = `${list.id}-${index}`; });
    const number = found.length - (all ? 1 : 0);
    document.getElementById("say").textContent = number ? words.some.replace("{n}", number) : input.dataset.none;
    if (!found.length) return close();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(0);
  }

  async function ask() {
    const text = input.value.trim();
    request?.abort();
    request = new AbortController();
    try {
      const url = input.dataset.url + encodeURIComponent(text);
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: request.signal });
      const html = await answer.text();
      if (!answer.ok || answer.redirected) close();
      else if (document.activeElement === input) fill(html, text);
    } catch (error) { if (error.name !== "AbortError") close(); }
  }

  function take(option) {
    const fold = option.dataset.fold && document.getElementById(option.dataset.fold);
    close();
    dialog?.close();
    if (!fold) return location.assign(option.dataset.url);
    fold.open = true;
    fold.querySelector("summary").focus();
  }

  input.addEventListener("input", () => {
    at = -1; // what is marked belongs to other words
    input.removeAttribute("aria-activedescendant");
    clearTimeout(timer);
    if (!input.value.trim() && !dialog) return close();
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("focus", () => { if (dialog) ask(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) { if (input.value.trim() || dialog) ask(); }
    else if (step) mark(at + step);
    else if (event.key === "Enter" && at >= 0 && !event.ctrlKey && !event.metaKey) take(options()[at]);
    else if (event.key === "Escape" && !list.hidden && !dialog) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  if (document.activeElement === input && (dialog || input.value.trim())) ask();
}
