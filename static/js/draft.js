// Drafts: form[data-draft-url] is sent 1 s after typing stops, on leaving a field and on leaving the page.
// A copy stays on this device until the server has answered; a copy newer than the server's is offered back.
const words = document.getElementById("words").dataset;
const [PAUSE, RETRY] = [1000, 10_000];
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "submit_key"]);

function draft(form) {
  const url = form.dataset.draftUrl;
  const key = `draft:${url}`;
  const note = form.querySelector("[data-draft-note]") ?? document.querySelector("[data-draft-note]");
  let sent = typed();
  let failed = false; // the last save did not reach the server
  let leaving = false; // submitted: nothing more to save
  let waiting = null; // the button of a submit that waits for the connection
  let timer;

  function typed() {
    const data = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name));
    return new URLSearchParams(data).toString();
  }

  function say(text, isUnsent) {
    if (!note) return;
    note.textContent = text;
    note.classList.toggle("is-unsent", isUnsent);
  }

  function touched(pause) {
    clearTimeout(timer);
    const text = typed();
    if (text === sent || leaving) return;
    localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), text }));
    timer = setTimeout(save, pause);
  }

  async function save(keepalive = false) {
    clearTimeout(timer);
    const text = typed();
    if ((text === sent && !failed) || leaving) return true;
    const body = new URLSearchParams(text);
    const { csrfmiddlewaretoken: token, submit_key: submitKey } = form.elements;
    if (submitKey) body.set("submit_key", submitKey.value); // lets the server refuse a draft of what is already in
    const headers = { "X-CSRFToken": token?.value ?? "", "HX-Request": "true" };
    const answer = await fetch(url, { method: "POST", body, headers, keepalive }).catch(() => null);
    failed = !answer;
    if (!answer?.ok || answer.redirected) {
      if (!waiting) say(failed ? words.draftKept : words.draftLocal, failed);
      return !failed; // a refused draft must not hold up the submit
    }
    sent = text;
    if (typed() === text) localStorage.removeItem(key);
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" });
    say(words.draftSaved.replace("{time}", time), false);
    return true;
  }

  // A submit that would end on the browser's own error page waits for the connection instead.
  function submit(event) {
    if (event.defaultPrevented || leaving) return;
    leaving = navigator.onLine && !failed;
    if (leaving) {
      sessionStorage.setItem("submitted", key);
      return void setTimeout(() => { leaving = form.hasAttribute("data-sent"); }, 50); // was it stopped?
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter ?? form;
    failed = true;
    say(words.draftUnsent, true);
    back();
  }

  async function back() {
    if (!failed && !waiting) return;
    const saved = await save();
    if (!waiting) return;
    if (!saved || !navigator.onLine) return void (timer = setTimeout(back, RETRY));
    const button = waiting === form ? undefined : waiting;
    waiting = null;
    form.requestSubmit(button);
  }

  function offer() {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    const box = document.querySelector("[data-draft-offer]");
    if (!kept || !box || kept.text === sent || kept.at < (form.dataset.draftSaved ?? "")) return;
    box.hidden = false;
    box.addEventListener("click", ({ target }) => {
      if (target.matches("[data-draft-restore]")) restore(new URLSearchParams(kept.text));
      else if (target.matches("[data-draft-discard]")) localStorage.removeItem(key);
      else return;
      box.hidden = true;
    });
  }

  function restore(values) {
    for (const field of form.elements) {
      if (!field.name || NOT_TYPED.has(field.name) || field.type === "file") continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.getAll(field.name).includes(field.value);
      else if (values.has(field.name)) field.value = values.get(field.name);
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  for (const name of ["input", "change"]) form.addEventListener(name, () => touched(PAUSE));
  form.addEventListener("focusout", () => touched(0));
  form.addEventListener("submit", submit, true);
  window.addEventListener("pagehide", () => save(true));
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", back);
  offer();
}

const begun = new WeakSet();
export function start(root) {
  const forms = [...root.querySelectorAll("form[data-draft-url]")].filter((form) => !begun.has(form));
  forms.forEach((form) => { begun.add(form); draft(form); });
}
