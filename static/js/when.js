// Chips that fill a datetime-local: <div data-when="id_due" data-now="2026-03-01T14:05"> with buttons
// data-at="+2h", "+3d", "today 17:00" or "tomorrow 10:00". The clock is the location's: data-now is its
// time when the page was made, so nothing here depends on the zone of this device.
const loaded = performance.now();
const pad = (number) => String(number).padStart(2, "0");

function stamp(date) {
  const day = [date.getUTCFullYear(), pad(date.getUTCMonth() + 1), pad(date.getUTCDate())].join("-");
  return `${day}T${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
}

export function moment(spec, now) {
  const plus = /^\+(\d+)([mhd])$/.exec(spec);
  const date = new Date(`${now}Z`);
  if (plus) {
    const minutes = { m: 1, h: 60, d: 1440 }[plus[2]] * Number(plus[1]);
    date.setUTCMinutes(date.getUTCMinutes() + minutes);
    if (plus[2] !== "d") date.setUTCMinutes(Math.ceil(date.getUTCMinutes() / 5) * 5);
    return stamp(date);
  }
  const [day, time] = spec.split(" ");
  const [hours, minutes] = time.split(":").map(Number);
  if (day === "tomorrow") date.setUTCDate(date.getUTCDate() + 1);
  date.setUTCHours(hours, minutes);
  return stamp(date);
}

function current(group) {
  const now = new Date(`${group.dataset.now}Z`);
  return stamp(new Date(now.getTime() + performance.now() - loaded));
}

export function start(root) {
  root.querySelectorAll("[data-when]:not([data-ready])").forEach((group) => {
    const field = document.getElementById(group.dataset.when);
    if (!field) return;
    group.dataset.ready = "";
    const buttons = group.querySelectorAll("[data-at]");
    const press = (chosen) => buttons.forEach((button) => button.setAttribute("aria-pressed", button === chosen));
    press(null);
    buttons.forEach((button) => {
      button.addEventListener("click", () => {
        field.value = moment(button.dataset.at, current(group));
        press(button);
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
    field.addEventListener("input", () => press(null));
  });
}
