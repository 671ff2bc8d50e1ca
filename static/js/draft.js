// Drafts: form[data-draft-url] is sent 1 s after typing stops, on leaving a field and on leaving the page.
// A copy stays on this device until the server has answered; a copy newer than the server's is offered back, to the
// one who typed it (data-draft-owner), and put back at once after signing in again (data-draft-back).
const words = document.getElementById("words").dataset;
const [PAUSE, RETRY] = [1000, 10_000];
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "submit_key"]);

function draft(form) {
  const url = form.dataset.draftUrl;
  const key = `draft:${url}`;
  const own = (selector) => form.querySelector(selector) ?? (form.matches("[data-main]") ? document.querySelector(selector) : null);
  const note = own("[data-draft-note]");
  const owner = form.dataset.draftOwner ?? "";
  let sent = begun();
  let failed = false; // the last save did not reach the server
  let leaving = false; // submitted: nothing more to save
  let waiting = null; // the button of a submit that waits for the connection
  let timer;

  // As the server wrote the form: this module may come when somebody has typed already.
  function begun() {
    const data = new URLSearchParams();
    for (const field of form.elements) {
      if (!field.name || field.disabled || NOT_TYPED.has(field.name) || /submit|button|file|fieldset/.test(field.type)) continue;
      const chosen = field.options && ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]);
      if (!/radio|checkbox/.test(field.type)) data.append(field.name, field.options ? chosen?.value ?? "" : field.defaultValue);
      else if (field.defaultChecked) data.append(field.name, field.value);
    }
    return data.toString();
  }

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
    localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), text, owner }));
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
    if (answer?.redirected) return signedOut(answer.url);
    if (!answer?.ok) {
      if (!waiting) say(failed ? words.draftKept : words.draftLocal, failed);
      return !failed; // a refused draft must not hold up the submit
    }
    sent = text;
    if (typed() === text) localStorage.removeItem(key);
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" });
    say(words.draftSaved.replace("{time}", time), false);
    return true;
  }

  // The session is over: the answer is the sign-in page, whose address leads back here.
  function signedOut(url) {
    say(`${words.draftOut} `, true);
    note?.append(Object.assign(document.createElement("a"), { href: url, textContent: words.signIn }));
    return true;
  }

  // A submit that would end on the browser's own error page waits for the connection instead.
  function submit(event) {
    if (event.defaultPrevented || leaving) return;
    leaving = navigator.onLine && !failed;
    if (leaving) {
      sessionStorage.setItem("submitted", JSON.stringify({ url, key: form.elements.submit_key?.value }));
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
    const box = own("[data-draft-offer]");
    if (kept && kept.owner !== owner) return localStorage.removeItem(key); // a desk is shared
    if (!kept || !box || kept.text === sent || kept.at < (form.dataset.draftSaved ?? "")) return;
    if (form.matches("[data-draft-back]")) return restore(new URLSearchParams(kept.text));
    box.hidden = false;
    box.addEventListener("click", ({ target }) => {
      if (target.matches("[data-draft-restore]")) restore(new URLSearchParams(kept.text));
      else if (target.matches("[data-draft-discard]")) localStorage.removeItem(key);
      else return;
      box.hidden = true;
    });
  }

  // What comes from the server only when something was chosen (the questions of a kind) is filled in when it has come.
  function restore(values) {
    const filled = new Set();
    const valueOf = (field) => (/radio|checkbox/.test(field.type) ? field.checked : field.value);
    const fill = () => {
      const fresh = [...form.elements].filter(({ name, type }) => name && type !== "file" && !NOT_TYPED.has(name) && !filled.has(name));
      fresh.forEach(({ name }) => filled.add(name));
      for (const field of fresh) {
        const before = valueOf(field);
        if (/radio|checkbox/.test(field.type)) field.checked = values.getAll(field.name).includes(field.value);
        else if (values.has(field.name)) field.value = values.get(field.name);
        if (!valueOf(field) || valueOf(field) === before) continue;
        field.closest("details")?.setAttribute("open", "");
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    };
    fill();
    form.addEventListener("htmx:after:swap", fill);
    form.addEventListener("input", () => form.removeEventListener("htmx:after:swap", fill), { once: true });
  }

  for (const name of ["input", "change"]) form.addEventListener(name, () => touched(PAUSE));
  form.addEventListener("focusout", () => touched(0));
  form.addEventListener("submit", submit, true);
  window.addEventListener("pagehide", () => save(true));
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", back);
  offer();
  if (document.activeElement?.form === form) touched(PAUSE);
}

// input[data-photos="10"]: photos taken one after the other add up, each with a way to leave it out again.
function photos(input) {
  const names = input.closest(".photos").querySelector("[data-photo-names]");
  const same = (one) => (other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
  let held = [];
  const show = () => {
    const all = new DataTransfer();
    held.forEach((file) => all.items.add(file));
    input.files = all.files;
    names.replaceChildren(...held.map((file) => {
      const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link btn-s", textContent: `${file.name} ×` });
      drop.setAttribute("aria-label", words.photoDrop.replace("{name}", file.name));
      drop.onclick = () => { held = held.filter((one) => one !== file); show(); input.focus(); };
      const line = document.createElement("li");
      line.append(drop);
      return line;
    }));
  };
  input.addEventListener("change", () => {
    held = [...held, ...[...input.files].filter((file) => !held.some(same(file)))].slice(0, Number(input.dataset.photos));
    show();
  });
  if (input.files.length) input.dispatchEvent(new Event("change"));
}

const known = new WeakSet();
export function start(root) {
  for (const input of root.querySelectorAll("input[data-photos]")) {
    if (!known.has(input)) { known.add(input); photos(input); }
  }
  const forms = [...root.querySelectorAll("form[data-draft-url]")].filter((form) => !known.has(form));
  forms.forEach((form) => { known.add(form); draft(form); });
}
