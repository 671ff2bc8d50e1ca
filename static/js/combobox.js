// The customer field: an ARIA combobox over a plain input.
// <input data-combobox data-url="/customers/suggest/?q=" data-target="id_customer" [data-create-panel="new-customer"]>
// The server answers <li role="option" data-value="7" data-label="Ana Garcia">…</li> for each hit.
const words = document.getElementById("words").dataset;
const [LETTERS, PAUSE] = [2, 150];
const FIELDS = "input:not([type=hidden]), select, textarea, button[type=submit]";
let count = 0;

function combobox(input) {
  const target = document.getElementById(input.dataset.target);
  const panel = document.getElementById(input.dataset.createPanel ?? "");
  const list = Object.assign(document.createElement("ul"), { className: "combo-list", id: `combo-${(count += 1)}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
  input.after(list);
  const aria = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.entries(aria).forEach(([name, value]) => input.setAttribute(name, value));
  let [at, timer, request] = [0];
  const options = () => [...list.querySelectorAll("[role=option]")];

  function mark(index) {
    const all = options();
    at = (index + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }

  function show() {
    if (!options().length) return close();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(0);
  }

  function close() {
    clearTimeout(timer);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function fill(html, text) {
    list.innerHTML = html;
    const found = options().length;
    if (panel) {
      list.insertAdjacentHTML("beforeend", '<li role="option" class="combo-new"></li>');
      list.lastElementChild.textContent = words.add.replace("{name}", text);
      list.lastElementChild.dataset.new = text;
    }
    options().forEach((option, index) => { option.id = `${list.id}-${index}`; });
    document.getElementById("say").textContent = found ? words.some.replace("{n}", found) : words.none;
    show();
  }

  async function ask(text) {
    request = new AbortController();
    try {
      const url = input.dataset.url + encodeURIComponent(text);
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: request.signal });
      const html = await answer.text();
      if (!answer.ok || answer.redirected) close();
      else if (document.activeElement === input) fill(html, text);
    } catch (error) { if (error.name !== "AbortError") close(); }
  }

  function typed() {
    if (target?.value) choose("");
    clearTimeout(timer);
    request?.abort();
    const text = input.value.trim();
    if (text.length < LETTERS) return close();
    timer = setTimeout(() => ask(text), PAUSE);
  }

  function choose(value) {
    if (!target) return;
    target.value = value;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function openPanel(open, name) {
    if (!panel) return;
    panel.open = open; // it is a <details>
    const field = panel.querySelector("[data-create-name]");
    if (field) field.value = name;
  }

  function take(option) {
    if (!option) return;
    close();
    const { value, label, new: name } = option.dataset;
    openPanel(Boolean(name), name ?? "");
    if (!name) input.value = label;
    choose(name ? "" : value);
    const all = [...(name ? panel : input.form).querySelectorAll(FIELDS)].filter((field) => field.checkVisibility());
    const after = all.slice(all.indexOf(input) + 1);
    const next = (name && after.find((field) => !field.value)) || after[0];
    (after.find((field) => next?.type === "radio" && field.name === next.name && field.checked) ?? next)?.focus();
  }

  input.addEventListener("input", typed);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (list.hidden && event.key !== "ArrowDown") return;
    if (step) list.hidden ? show() : mark(at + step);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) take(options()[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the field
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
}

export function start(root) {
  root.querySelectorAll("[data-combobox]:not([role=combobox])").forEach(combobox);
}
