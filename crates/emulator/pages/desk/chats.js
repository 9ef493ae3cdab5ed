// All chats, and what of them was seen at this desk.

import { meIn } from "./me.js";

const SEEN = "desk.seen";
/** How many of the chats that have ended are shown. */
export const ENDED = 30;

const chats = new Map();
const seen = new Map(Object.entries(stored()));

export const chat = (id) => chats.get(id) ?? null;
export const waiting = () => [...chats.values()].filter((known) => known.state === "waiting");
export const isEmpty = () => chats.size === 0;

/** Replaces all chats. */
export function replaceAll(list) {
  chats.clear();
  for (const known of list) chats.set(known.id, known);
  for (const id of seen.keys()) if (!chats.has(id)) seen.delete(id);
  keep();
}

/** Updates chats that changed. */
export function update(list) {
  for (const known of list) chats.set(known.id, known);
  const ended = [...chats.values()].filter((known) => known.end).sort((a, b) => b.end.at_ms - a.end.at_ms);
  for (const old of ended.slice(ENDED)) chats.delete(old.id);
}

/** Marks everything that the visitor said so far as seen. */
export function markSeen(id) {
  const known = chats.get(id);
  if (!known || seen.get(id) === known.visitor_messages) return;
  seen.set(id, known.visitor_messages);
  keep();
}

/** Counts what the visitor said since it was last seen here. */
export const unread = (known) => Math.max(0, known.visitor_messages - (seen.get(known.id) ?? 0));

/** Sorts the chats into the groups of the list: waiting ones by longest wait, the others by newest first. */
export function groups() {
  const sorted = [...chats.values()];
  const newest = (a, b) => b.started_at_ms - a.started_at_ms;
  const of = (test, order) => sorted.filter(test).sort(order);
  const going = (known) => known.state === "running" || known.state === "held";
  return [
    { key: "waiting", title: "Waiting", chats: of((c) => c.state === "waiting", (a, b) => -newest(a, b)) },
    { key: "mine", title: "Yours", chats: of((c) => going(c) && meIn(c.people), newest) },
    { key: "others", title: "With others", chats: of((c) => going(c) && !meIn(c.people), newest) },
    { key: "ended", title: "Ended", chats: of((c) => c.end, (a, b) => b.end.at_ms - a.end.at_ms) },
  ];
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(SEEN) ?? "{}");
  } catch {
    return {};
  }
}

function keep() {
  sessionStorage.setItem(SEEN, JSON.stringify(Object.fromEntries(seen)));
}
