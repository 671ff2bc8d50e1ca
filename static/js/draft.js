// Drafts: form[data-draft-url] is sent 1 s after typing stops, on leaving a field and on leaving the page.
// A copy stays on this device until the server has answered; a copy newer than the server's is offered back.
const words = document.getElementById("words").dataset;
const PAUSE = 1000;
const RETRY = 10_000;
const NEVER = new Set(["csrfmiddlewaretoken", "submit_key"]);

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draftUrl;
    this.key = `draft:${this.url}`;
    this.note = form.querySelector("[data-draft-note]") ?? document.querySelector("[data-draft-note]");
    this.sent = this.text();
    form.addEventListener("input", () => this.touched(PAUSE));
    form.addEventListener("change", () => this.touched(PAUSE));
    form.addEventListener("focusout", () => this.touched(0));
    form.addEventListener("submit", (event) => this.submit(event), true);
    window.addEventListener("pagehide", () => this.save(true));
    window.addEventListener("online", () => this.back());
    this.offer();
  }

  fields() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) {
      if (typeof value !== "string" || NEVER.has(name)) data.delete(name);
    }
    return data;
  }

  text() { return new URLSearchParams(this.fields()).toString(); }

  touched(pause) {
    clearTimeout(this.timer);
    const text = this.text();
    if (text === this.sent || this.leaving) return;
    localStorage.setItem(this.key, JSON.stringify({ at: new Date().toISOString(), text }));
    this.timer = setTimeout(() => this.save(), pause);
  }

  async save(isLast = false) {
    clearTimeout(this.timer);
    const text = this.text();
    if (text === this.sent || this.leaving) return true;
    const token = this.form.elements.csrfmiddlewaretoken?.value ?? "";
    try {
      const answer = await fetch(this.url, {
        method: "POST", body: new URLSearchParams(text), keepalive: isLast,
        headers: { "X-CSRFToken": token, "HX-Request": "true" },
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
    } catch {
      this.say(words.draftKept, true);
      this.failed = true;
      return false;
    }
    this.failed = false;
    this.sent = text;
    if (this.text() === text) localStorage.removeItem(this.key);
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    this.say(words.draftSaved.replace("{time}", time), false);
    return true;
  }

  say(text, isUnsent) {
    if (!this.note) return;
    this.note.textContent = text;
    this.note.classList.toggle("is-unsent", isUnsent);
  }

  // A submit that would end on the browser's own error page waits for the connection instead.
  async submit(event) {
    if (event.defaultPrevented || this.leaving) return;
    if (navigator.onLine && !this.failed) return this.leave();
    event.preventDefault();
    event.stopImmediatePropagation();
    this.waiting = event.submitter ?? true;
    this.say(words.draftUnsent, true);
    await this.back();
  }

  leave() {
    this.leaving = true;
    sessionStorage.setItem("submitted", this.key);
    setTimeout(() => { if (!this.form.hasAttribute("data-sent")) this.leaving = false; }, 50);
  }

  async back() {
    clearTimeout(this.again);
    this.sent = this.failed ? null : this.sent;
    const saved = await this.save();
    if (!this.waiting) return;
    if (!saved || !navigator.onLine) {
      this.say(words.draftUnsent, true);
      this.again = setTimeout(() => this.back(), RETRY);
      return;
    }
    const submitter = this.waiting === true ? undefined : this.waiting;
    this.waiting = null;
    this.form.requestSubmit(submitter);
  }

  offer() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    const box = document.querySelector("[data-draft-offer]");
    if (!kept || !box || kept.text === this.sent || kept.at < (this.form.dataset.draftSaved ?? "")) return;
    box.hidden = false;
    box.querySelector("[data-draft-restore]").onclick = () => { this.restore(kept.text); box.hidden = true; };
    box.querySelector("[data-draft-discard]").onclick = () => { localStorage.removeItem(this.key); box.hidden = true; };
  }

  restore(text) {
    const values = new URLSearchParams(text);
    for (const field of this.form.elements) {
      if (!field.name || NEVER.has(field.name) || field.type === "file") continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.getAll(field.name).includes(field.value);
      else if (values.has(field.name)) field.value = values.get(field.name);
    }
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function start(root) {
  root.querySelectorAll("form[data-draft-url]:not([data-drafting])").forEach((form) => {
    form.dataset.drafting = "";
    new Draft(form);
  });
}
