// The customer field: an ARIA combobox over a plain input.
// <input data-combobox data-url="/customers/suggest/?q=" data-target="id_customer" [data-create-panel="new-customer"]>
// The server answers <li role="option" data-value="7" data-label="Ana Garcia">…</li> for each hit.
const words = document.getElementById("words").dataset;
const LETTERS = 2;
const PAUSE = 150;
const NEXT = "input:not([type=hidden]), select, textarea, button[type=submit]";
let count = 0;

class Combobox {
  constructor(input) {
    this.input = input;
    this.target = document.getElementById(input.dataset.target);
    this.panel = document.getElementById(input.dataset.createPanel ?? "");
    this.list = document.createElement("ul");
    this.list.className = "combo-list";
    this.list.id = `combo-${(count += 1)}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
    input.after(this.list);
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the field
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  typed() {
    if (this.target?.value) this.set("", null);
    clearTimeout(this.timer);
    this.request?.abort();
    if (this.input.value.trim().length < LETTERS) return this.close();
    this.timer = setTimeout(() => this.ask(this.input.value.trim()), PAUSE);
  }

  async ask(text) {
    this.request = new AbortController();
    try {
      const answer = await fetch(this.input.dataset.url + encodeURIComponent(text), {
        headers: { "HX-Request": "true" }, signal: this.request.signal,
      });
      if (!answer.ok || answer.redirected) return this.close();
      this.list.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") this.close();
      return;
    }
    if (document.activeElement === this.input) this.open(text);
  }

  open(text) {
    const found = this.options.length;
    if (this.panel) {
      const add = document.createElement("li");
      add.className = "combo-new";
      add.setAttribute("role", "option");
      add.dataset.new = text;
      add.textContent = words.add.replace("{name}", text);
      this.list.append(add);
    }
    this.options.forEach((option, index) => { option.id = `${this.list.id}-${index}`; });
    this.show();
    document.getElementById("say").textContent = found ? words.some.replace("{n}", found) : words.none;
  }

  show() {
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(0);
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  mark(index) {
    const { options } = this;
    this.at = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    const marked = options[this.at];
    if (!marked) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", marked.id);
    marked.scrollIntoView({ block: "nearest" });
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (event.key === "ArrowDown" && this.list.hidden) return this.show();
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.at + step);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) this.take(this.options[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(option) {
    if (!option) return;
    const isNew = option.dataset.new;
    this.close();
    if (isNew) return this.create(isNew);
    this.set(option.dataset.value, option.dataset.label);
    this.next();
  }

  set(value, label) {
    if (label !== null) this.input.value = label;
    if (value) this.showPanel(false, "");
    if (!this.target) return;
    this.target.value = value;
    this.target.dispatchEvent(new Event("change", { bubbles: true }));
  }

  create(name) {
    this.set("", null);
    this.showPanel(true, name);
    const fields = [...this.panel.querySelectorAll(NEXT)];
    (fields.find((field) => !field.value) ?? fields[0])?.focus();
  }

  showPanel(open, name) {
    if (!this.panel) return;
    if (this.panel.localName === "details") this.panel.open = open;
    else this.panel.hidden = !open;
    const field = this.panel.querySelector("[data-create-name]");
    if (field) field.value = name;
  }

  next() {
    const fields = [...this.input.form.querySelectorAll(NEXT)].filter((field) => field.getClientRects().length);
    const after = fields.slice(fields.indexOf(this.input) + 1);
    const group = after[0]?.type === "radio" && after.find((field) => field.name === after[0].name && field.checked);
    (group || after[0])?.focus();
  }
}

export function start(root) {
  root.querySelectorAll("[data-combobox]:not([role=combobox])").forEach((input) => new Combobox(input));
}
