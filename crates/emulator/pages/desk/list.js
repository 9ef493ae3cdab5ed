// The list of chats: rows that stay the same elements while their chat changes, so that the focus stays, too.

import { groups, isEmpty, unread } from "./chats.js";
import { bdi, byId, el, since, unseen } from "./dom.js";
import { meIn } from "./me.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
const END_WORDS = { disconnected: "visitor left", closed: "ended here", dropped: "connection lost", idle: "idle" };

const rows = new Map();
const sections = new Map();
let empty = null;
let open = null;

/** Builds the list. `choose` receives the id of a chat to open. */
export function start(choose) {
  const list = byId("list");
  empty = el("p", { class: "empty" }, "No chats yet. A visitor’s first word will show up here.");
  list.append(empty);
  for (const { key, title } of groups()) {
    const count = el("span", { class: "count" });
    const items = el("ul", { "aria-labelledby": `group-${key}` });
    const heading = el("h2", { id: `group-${key}` }, title, " ", count);
    const section = el("section", { class: `group ${key}`, hidden: true }, heading, items);
    sections.set(key, { section, items, count });
    list.append(section);
  }
  list.addEventListener("click", (event) => {
    const row = event.target.closest("button.row");
    if (row) choose(row.id.slice("chat-".length));
  });
  list.addEventListener("keydown", onKey);
}

/** Shows the chats; `chosen` is the open one. */
export function render(chosen) {
  open = chosen;
  const focused = document.activeElement;
  const gone = new Set(rows.keys());
  for (const group of groups()) {
    const { section, items, count } = sections.get(group.key);
    section.hidden = group.chats.length === 0;
    count.textContent = group.chats.length;
    group.chats.forEach((chat, place) => {
      gone.delete(chat.id);
      const row = rows.get(chat.id) ?? add(chat.id);
      fill(row, chat, group.key);
      if (items.children[place] !== row.item) items.insertBefore(row.item, items.children[place] ?? null);
    });
  }
  for (const id of gone) {
    rows.get(id).item.remove();
    rows.delete(id);
  }
  empty.hidden = !isEmpty();
  // Moving a row to another group loses its focus.
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
  rove(document.activeElement?.closest?.("button.row") ?? rows.get(open)?.button ?? shown()[0]);
}

/** Puts the focus on the open chat's row, or the first. */
export function focus() {
  (rows.get(open)?.button ?? shown()[0])?.focus();
}

const shown = () => [...byId("list").querySelectorAll("button.row")];

function add(id) {
  const button = el("button", { type: "button", class: "row", id: `chat-${id}`, tabindex: "-1" });
  const row = { button, item: el("li", {}, button), last: "" };
  rows.set(id, row);
  return row;
}

function fill(row, chat, group) {
  const news = unread(chat);
  const name = chat.nickname || "Visitor";
  const said = chat.last ? (chat.last.role === "visitor" ? "" : `${chat.last.nickname}: `) + chat.last.text : chat.subject;
  const tags = tagsOf(chat, group);
  const age = chat.state === "waiting" ? since(chat.started_at_ms) : since(chat.end?.at_ms ?? chat.last?.at_ms ?? chat.started_at_ms);
  const now = JSON.stringify([news, name, said, tags, age, chat.typing, chat.id === open]);
  if (now === row.last) return;
  row.last = now;
  row.button.classList.toggle("unread", news > 0);
  if (chat.id === open) row.button.setAttribute("aria-current", "true");
  else row.button.removeAttribute("aria-current");
  row.button.replaceChildren(
    el("span", { class: "row-top" }, el("span", { class: "name", dir: "auto", text: name }), el("span", { class: "age", text: age })),
    el(
      "span",
      { class: "row-bottom" },
      chat.typing && !chat.end
        ? el("span", { class: "said typing", text: "typing …" })
        : el("span", { class: "said", dir: "auto", text: said || "—" }),
      news > 0 && el("span", { class: "badge" }, String(news), unseen(" unread")),
    ),
    el("span", { class: "tags" }, tags.map((tag) => el("span", { class: "tag" }, bdi(tag)))),
  );
}

function tagsOf(chat, group) {
  const tags = [chat.service];
  if (group === "mine" && meIn(chat.people)?.on_hold) tags.push("on hold");
  if (group === "others") {
    const agent = chat.people.find((person) => person.role === "agent");
    if (agent) tags.push(agent.nickname);
    if (chat.state === "held") tags.push("on hold");
  }
  if (chat.end) tags.push(END_WORDS[chat.end.reason] ?? chat.end.reason);
  return tags;
}

function onKey(event) {
  const row = event.target.closest("button.row");
  const step = STEPS[event.key];
  if (!row || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const all = shown();
  const place = Math.min(all.length - 1, Math.max(0, all.indexOf(row) + step));
  all[place].focus();
  rove(all[place]);
}

/** Makes one row the only tab stop. */
function rove(row) {
  for (const other of shown()) other.tabIndex = other === row ? 0 : -1;
}
