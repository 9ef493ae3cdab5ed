// The page: it connects changes, the list, the open chat, the title and the keys.

import { read } from "./api.js";
import * as chats from "./chats.js";
import * as conversation from "./conversation.js";
import { ask, showShortcuts } from "./dialog.js";
import { bdi, byId } from "./dom.js";
import * as list from "./list.js";
import { watch } from "./live.js";
import { LONGEST_NAME, myName, rename } from "./me.js";

const AGES_MS = 20_000;
const STATUS = { live: "Live", reconnecting: "Reconnecting …" };

const SHORTCUTS = [
  [["↑", "↓", "Home", "End"], "move in the list of chats"],
  [["Enter"], "in the list: open the chat, once more to go into it; in the message: send"],
  [["Shift", "Enter"], "begin a new line"],
  [["Esc"], "from the message back to the list"],
  [["F2"], "open the chat that has waited longest"],
  [["F4"], "put on hold, return"],
  [["F8"], "open the menu “More”"],
  [["F9"], "go to what can be done, or else to the message"],
];

const KEYS = {
  F2: openLongestWaiting,
  F4: conversation.toggleHold,
  F8: () => conversation.press("more"),
  F9: conversation.focus,
};

let waitingBefore = 0;

list.start(choose);
conversation.start(render);
byId("me").addEventListener("click", askName);
byId("help").addEventListener("click", () => showShortcuts(SHORTCUTS));
window.addEventListener("hashchange", openChosen);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible" || !conversation.current()) return;
  chats.markSeen(conversation.current());
  render();
});
document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
});
setInterval(render, AGES_MS);
showName();
openChosen();
if (!myName()) askName();

watch({
  onReset: async () => {
    const answer = await read(`/chats?ended=${chats.ENDED}`);
    chats.replaceAll(answer.chats);
    conversation.reload();
    render();
  },
  onChats: (changed) => {
    chats.update(changed);
    if (changed.some(({ id }) => id === conversation.current())) conversation.refresh();
    render();
  },
  onStatus: (status) => {
    const place = byId("connection");
    if (place.classList.contains(status)) return;
    place.className = `connection ${status}`;
    place.textContent = STATUS[status];
  },
});

function choose(id) {
  if (location.hash === `#${id}`) conversation.focus();
  else location.hash = id;
}

/** Opens the chat in the address: it survives a reload, and the browser's back button works. */
function openChosen() {
  const id = location.hash.slice(1) || null;
  const before = conversation.current();
  conversation.open(id);
  byId("panes").classList.toggle("open", id !== null);
  render();
  if (id === null && before) list.focus();
}

function openLongestWaiting() {
  const next = chats.groups()[0].chats[0];
  if (next) choose(next.id);
}

async function askName() {
  const fields = [{ name: "name", label: "Your name as agent", value: myName(), required: true, maxlength: LONGEST_NAME, hint: "Visitors see it. This tab remembers it until it is closed." }];
  const answer = await ask({ title: "Who sits at this desk?", fields, ok: "Go", must: !myName() });
  if (!answer) return;
  rename(answer.name);
  showName();
  conversation.reload();
  render();
}

function showName() {
  const name = myName();
  byId("me").replaceChildren(...(name ? [bdi(name)] : ["Your name"]));
  byId("me").setAttribute("aria-label", name ? `Your name: ${name}. Change it` : "Give your name");
}

function render() {
  list.render(conversation.current());
  const waiting = chats.waiting().length;
  document.title = waiting > 0 ? `(${waiting}) Desk` : "Desk";
  if (waiting > waitingBefore) byId("news").textContent = `${waiting} ${waiting === 1 ? "chat is" : "chats are"} waiting`;
  waitingBefore = waiting;
}
