// Builds elements without markup: whatever somebody wrote stays text.

/**
 * Builds an element. `props` are attributes, except `class`, `text`, `on` (listeners by event) and booleans (present or
 * not). Children are nodes or strings; null and false are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Builds a push button. `more` are further properties. */
export function button(label, act, more = {}) {
  return el("button", { type: "button", text: label, on: { click: act }, ...more });
}

/** Isolates a name or a text in its own writing direction. */
export function bdi(text) {
  return el("bdi", { text });
}

/** Announces something to screen readers. */
export function unseen(text) {
  return el("span", { class: "unseen", text });
}

export const byId = (id) => document.getElementById(id);

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const dayOnly = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** Shows a time of day; the whole date is its title. */
export function time(atMs) {
  const date = new Date(atMs);
  return el("time", { datetime: date.toISOString(), title: dayAndClock.format(date), text: clock.format(date) });
}

export const fullTime = (atMs) => dayAndClock.format(new Date(atMs));
export const day = (atMs) => dayOnly.format(new Date(atMs));

/** Writes how long ago something was, roughly. */
export function since(atMs) {
  const minutes = Math.max(0, Math.floor((Date.now() - atMs) / 60_000));
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

// Control characters that would disguise a name: "jpg.exe" shown as "exe.gpj".
const TRICKS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Cleans a file's name, for showing and saving. */
export const fileName = (name) => name.replace(TRICKS, "").split(/[\\/]/).at(-1) || "file";

/** Writes a number of bytes in a readable unit. */
export function bytes(count) {
  if (count < 1000) return `${count} B`;
  const units = ["kB", "MB", "GB"];
  let value = count;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
