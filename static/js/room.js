// A meeting: keys and clicker on the wall, the phone's form that saves itself, both in step by a version.
const $ = (id) => document.getElementById(id);
const room = document.querySelector("[data-room]");
const isWall = room?.dataset.room === "wall";
const desk = $("desk");
const EVERY = 1000;
const AFTER_TYPING = 1000;
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const shown = () => room?.querySelector("[data-tag]");
let lost = 0;

function say(words) {
  $("say").textContent = words;
}

function connected(is) {
  lost = is ? 0 : lost + 1;
  $("lost")?.toggleAttribute("hidden", lost < 3);
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function send(url, body, as) {
  const data = body instanceof FormData ? body : new FormData();
  if (as) data.set("as", as);
  return fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token() }, redirect: "follow", credentials: "same-origin" });
}

// The timer counts on from what the server said.
let since = performance.now();
function tick() {
  const timer = room?.querySelector(".timer");
  if (!timer) return;
  const spent = Number(timer.dataset.spent) + (performance.now() - since) / 1000;
  const left = Number(timer.dataset.meant) - spent;
  const minutes = Math.max(Math.ceil(Math.abs(left) / 60), 1);
  timer.classList.toggle("is-over", left < 0);
  timer.querySelector("[data-clock]").textContent = timer.dataset[left < 0 ? "over" : "left"].replace("%s", minutes);
}

// What came from the server replaces what stands there; a newer one is not replaced by an older.
function replace(target, html) {
  const now = Number(parse(html).querySelector("[data-tag]")?.dataset.tag ?? NaN);
  const was = Number(shown()?.dataset.tag ?? -1);
  if (Number.isNaN(now) || now < was) return false;
  const open = target.querySelector("details[open]") !== null;
  const had = target.contains(document.activeElement) ? document.activeElement : null;
  const [name, value] = [had?.name, had?.value];
  target.innerHTML = html;
  since = performance.now();
  if (open && target.querySelector("details")) target.querySelector("details").open = true;
  if (name) [...target.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((each) => each.value === value)?.focus();
  tick();
  return true;
}

// Keys that come one after the other are sent one after the other.
let queue = Promise.resolve();
let isMoving = 0;
function move(fields) {
  isMoving += 1;
  queue = queue.then(async () => {
    const data = new FormData();
    data.set("at", shown().dataset.at);
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    const answer = await send(room.dataset.go, data, "wall");
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    if (isWall) {
      if (replace(room, await answer.text())) scrollTo(0, 0);
      say(room.querySelector("h1")?.textContent ?? "");
    } else await look(true);
    connected(true);
  }).catch(() => { connected(false); if (isWall) look(true); }).finally(() => { isMoving -= 1; });
  return queue;
}

// Every second: has anything changed? Nobody asks while nobody looks.
async function look(isForced = false) {
  if (!isForced && (document.hidden || isMoving)) return;
  const url = new URL(room.dataset.state, location.href);
  if (!isForced) url.searchParams.set("tag", shown()?.dataset.tag ?? "");
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    connected(answer.ok || answer.status === 304);
    if (answer.redirected) location.reload();
    if (answer.status !== 200 || answer.redirected) return;
    const html = await answer.text();
    if (isMoving && !isForced) return;
    replace(isWall ? room : $("bar"), html);
    if (!isWall) await follow();
  } catch {
    connected(false);
  }
}

async function watch() {
  await look();
  setTimeout(watch, EVERY);
}

// Phone: another item on the wall, or something saved by somebody else, brings other forms.
const dirty = new Set();
const isAway = (key) => key.split(".")[0] !== (desk.dataset.for ?? "").split(".")[0];
async function follow() {
  const key = shown()?.dataset.for ?? "";
  const at = document.querySelector("[data-at-now]");
  if (at) at.value = shown().dataset.at;
  if (key === desk.dataset.for) return;
  const isElsewhere = isAway(key);
  const isTyping = desk.contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden]), textarea, select");
  if (isElsewhere) await flush();
  else if (dirty.size || isTyping || saving || hasTyped()) return;
  const answer = await fetch(room.dataset.here, { credentials: "same-origin" });
  if (answer.ok) fill(await answer.text());
}

function hasTyped() {
  return [...desk.querySelectorAll("#agree textarea, [name=words], #outcome textarea")].some((each) => each.value !== each.defaultValue);
}

function fill(html) {
  const page = parse(html);
  const next = page.getElementById("desk");
  if (!next) return;
  dirty.clear();
  desk.innerHTML = next.innerHTML;
  desk.dataset.for = next.dataset.for ?? "";
  const bar = page.getElementById("bar");
  if (bar && $("bar")) replace($("bar"), bar.innerHTML);
  const foot = page.querySelector(".desk-foot");
  const mine = document.querySelector(".desk-foot");
  if (foot && mine) mine.replaceWith(foot);
  else if (foot) desk.after(foot);
  else mine?.remove();
  const wrong = desk.querySelector(".error-summary, .both");
  if (wrong) { wrong.tabIndex = -1; wrong.focus(); }
}

// Saves itself a second after typing stops.
let waiting;
let saving = null;

function note(form, words) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = words;
}

async function save(form) {
  dirty.delete(form);
  const place = form.querySelector("[data-saved]");
  try {
    const answer = await send(form.action, new FormData(form), "auto");
    if (answer.redirected) throw new Error("signed out");
    if (answer.status === 409) return fill(await answer.text());
    const said = answer.status === 200 || answer.status === 422 ? await answer.json() : null;
    if (answer.status === 200) {
      for (const field of desk.querySelectorAll("[data-autosave] [name=version]")) field.value = said.version;
      note(form, dirty.has(form) ? "" : place?.dataset.savedWords);
      desk.dataset.for = "";
      rename();
    } else note(form, said?.words ?? place?.dataset.waitWords);
    connected(true);
  } catch {
    dirty.add(form);
    note(form, place?.dataset.waitWords);
    connected(false);
    clearTimeout(waiting);
    waiting = setTimeout(flush, 3 * EVERY);
  }
}

// What this device has saved is no news to it.
function rename() {
  const version = desk.querySelector("[data-autosave] [name=version]")?.value;
  const bar = shown()?.dataset.for;
  if (!bar || !version) return;
  const parts = bar.split(".");
  desk.dataset.for = desk.querySelector("#said") ? [parts[0], parts[1], version].join(".") : [parts[0], version, parts[2]].join(".");
}

async function flush() {
  clearTimeout(waiting);
  while (saving) await saving;
  if (!dirty.size) return;
  saving = Promise.all([...dirty].map(save));
  await saving;
  saving = null;
}

function typed({ target }) {
  const form = target.closest("[data-autosave]");
  if (!form) return;
  dirty.add(form);
  note(form, "");
  clearTimeout(waiting);
  waiting = setTimeout(flush, AFTER_TYPING);
}

if (desk) {
  desk.addEventListener("input", typed);
  desk.addEventListener("focusout", (event) => { if (dirty.size) typed(event); });
  addEventListener("pagehide", () => {
    for (const form of dirty) {
      const data = new FormData(form);
      data.set("as", "auto");
      data.set("csrfmiddlewaretoken", token());
      navigator.sendBeacon(form.action, data);
    }
  });
  // Other forms go once what was typed is in; the version they carry is then the newest.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const by = event.submitter;
    if (by?.closest("[data-moves]")) {
      event.preventDefault();
      await flush();
      return move({ step: by.value });
    }
    if (form.matches("[data-autosave]")) dirty.delete(form);
    if (form.dataset.sent) return event.preventDefault();
    if (!dirty.size && !saving) { form.dataset.sent = "1"; return; }
    event.preventDefault();
    await flush();
    if (desk.contains(form) || !desk.querySelector(".both")) form.requestSubmit(by);
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
}

// The wall: clicker and keyboard.
function black(is = $("black").hidden) {
  $("black").hidden = !is;
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function names() {
  const hide = room.querySelector("button[value=hide]");
  if (hide) move({ step: "hide" });
  else if (room.querySelector("[data-do=next]")) $("ask-names").showModal();
}

const ONWARD = ["ArrowRight", "PageDown", " "];
const BACKWARD = ["ArrowLeft", "PageUp"];

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("ask-names").open) return;
  const isControl = event.target.closest?.("input, select, textarea, button, a, summary");
  if (event.key === " " && isControl) return;
  if (["ArrowLeft", "ArrowRight"].includes(event.key) && event.target.closest?.("input, select, textarea")) return;
  const has = document.body.dataset.letterKeys !== "off";
  const runs = room.querySelector("[data-do=next]");
  if (!$("black").hidden && ["Escape", "b", "B", ".", ...ONWARD, ...BACKWARD].includes(event.key)) black(false);
  else if (event.key === "Escape") {
    if (!document.fullscreenElement) location.href = room.dataset.out;
  } else if (ONWARD.includes(event.key) && runs) move({ step: "next" });
  else if (BACKWARD.includes(event.key) && runs) move({ step: "back" });
  else if (has && /^[1-9]$/.test(event.key) && runs) {
    const stop = room.querySelector(`[data-number="${event.key}"]`);
    if (stop) move({ step: "item", item: stop.value });
  } else if (has && ["b", "B", "."].includes(event.key)) black();
  else if (has && ["h", "H"].includes(event.key)) names();
  else if (has && ["f", "F"].includes(event.key)) fullScreen();
  else return;
  event.preventDefault();
}

if (isWall) {
  addEventListener("keydown", pressed);
  $("black").addEventListener("click", () => black(false));
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-close]")) $("ask-names").close();
  });
  document.addEventListener("submit", (event) => {
    const by = event.submitter;
    if (!event.target.action.endsWith(room.dataset.go)) return;
    event.preventDefault();
    if (event.target.closest("dialog")) $("ask-names").close();
    if (by.name === "item") move({ step: "item", item: by.value });
    else move({ step: by.value });
  });
}

if (room) {
  setInterval(tick, EVERY);
  setTimeout(watch, EVERY);
}
