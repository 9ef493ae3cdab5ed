// The chat that is open: its log, what can be done in it, and the composer.

import { Refused, act, readChat, sendFile } from "./api.js";
import { markSeen } from "./chats.js";
import { composer, offerSpeakers } from "./composer.js";
import * as details from "./details.js";
import { ask, complain } from "./dialog.js";
import { bdi, button, byId, el } from "./dom.js";
import { Log } from "./entries.js";
import { meIn, myName, speakers } from "./me.js";
import { menu } from "./menu.js";
import * as questions from "./questions.js";
import { TEMPLATES } from "./rich.js";

const LARGEST_FILE = 100 * 1024 * 1024;
// Scrolled this near to the end (in pixels), the log follows new rows.
const NEAR_END_PX = 80;
const LOOK_AGAIN_MS = 1_000;
// Operations on my own place in the chat, whoever I speak as.
const IN_PERSON = new Set(["hold", "return", "transfer"]);

const drafts = new Map();
/** Names seen here, as suggestions for a transfer. */
const colleagues = new Set();
let view = null;
let onChange = () => {};

/** Prepares the pane. `changed` is called when what is open has changed. */
export function start(changed) {
  onChange = changed;
  showNothing();
  const pane = byId("conversation");
  pane.addEventListener("dragover", (event) => {
    if (speaker() === null || !hasFiles(event)) return;
    event.preventDefault();
    pane.classList.add("dropping");
  });
  pane.addEventListener("dragleave", (event) => {
    if (!pane.contains(event.relatedTarget)) pane.classList.remove("dropping");
  });
  pane.addEventListener("drop", (event) => {
    pane.classList.remove("dropping");
    if (speaker() === null || !hasFiles(event)) return;
    event.preventDefault();
    sendFiles([...event.dataTransfer.files]);
  });
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, refuseFiles);
}

/** Keeps the browser from opening a dropped file in place of the desk. */
function refuseFiles(event) {
  if (event.defaultPrevented || !hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

const hasFiles = (event) => event.dataTransfer.types.includes("Files");

/** Returns the id of the open chat. */
export const current = () => view?.id ?? null;

/** Opens a chat, or none. */
export function open(id) {
  if (id === current()) return;
  keepDraft();
  view?.say.stopTyping();
  view?.sizes.disconnect();
  view = null;
  details.render(null);
  if (id === null) {
    showNothing();
    return;
  }
  view = build(id);
  byId("conversation").replaceChildren(...view.parts);
  pull(view);
}

/** Reads what is new in the open chat. */
export const refresh = () => view && pull(view);

/** Reads the open chat again from its beginning: the emulator was restarted, or I have another name. */
export function reload() {
  if (!view) return;
  view.next = 1;
  view.anew = true;
  pull(view);
}

/** Moves the focus to what can be done next. */
export function focus() {
  if (!view) return;
  const { say, bar, actions } = view;
  if (bar.hidden) say.text.focus();
  else [...bar.querySelectorAll("button"), ...Object.values(actions)].find((one) => !one.hidden && one.offsetParent)?.focus();
}

/** Presses one of the open chat's buttons, if it is there now. */
export function press(name) {
  const one = view?.actions[name];
  if (one && !one.hidden) one.click();
}

/** Puts the chat on hold, or returns to it. */
export const toggleHold = () => press(view?.actions.back.hidden ? "hold" : "back");

function showNothing() {
  byId("conversation").replaceChildren(el("p", { class: "empty" }, "Choose a chat from the list."));
}

/** Builds the elements of an opened chat. They stay until another one is opened. */
function build(id) {
  const log = new Log(id);
  const made = { id, log, next: 1, chat: null, reading: false, again: false, anew: false, work: Promise.resolve(), typing: null };
  const name = el("h2", { dir: "auto" });
  const about = el("p", { class: "about", dir: "auto" });
  const more = menu("More", () => moreActions(), { "aria-keyshortcuts": "F8" });
  made.actions = {
    hold: button("Hold", () => perform("hold"), { hidden: true, "aria-keyshortcuts": "F4" }),
    back: button("Return", () => perform("return"), { hidden: true, class: "primary", "aria-keyshortcuts": "F4" }),
    transfer: button("Transfer …", () => askAndPerform(questions.transfer([...colleagues])), { hidden: true, "aria-haspopup": "dialog" }),
    more: more.opener,
    end: button("End …", asking(questions.end), { hidden: true, class: "danger", "aria-haspopup": "dialog" }),
  };
  more.whole.hidden = true;
  const toggle = button("Details", toggleDetails, {
    class: "quiet",
    id: "show-details",
    "aria-controls": "details",
    "aria-expanded": String(byId("panes").classList.contains("with-details")),
  });
  made.toggle = toggle;
  const head = el(
    "header",
    { class: "head" },
    el("a", { class: "back", href: "#", "aria-label": "Back to the chats", text: "‹" }),
    el("div", { class: "title" }, name, about),
    toggle,
    el("div", { class: "actions", role: "group", "aria-label": "What to do with this chat" }, made.actions.hold, made.actions.back, made.actions.transfer, more.whole, made.actions.end),
  );
  const scroller = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": "Messages", tabindex: "0" }, log.list);
  const typing = el("div", { class: "typing-now", hidden: true }, el("p", { role: "status" }), el("p", { class: "preview", dir: "auto", "aria-label": "Preview" }));
  const latest = button("New messages ↓", () => toEnd(), { class: "latest", hidden: true });
  scroller.addEventListener("scroll", () => nearEnd() && (latest.hidden = true), { passive: true });
  // The end stays in sight when the pane or what is in it changes its size: rows are measured only once they are near.
  // Only scrolling up leaves the end; a picture that has just loaded does not.
  let atEnd = true;
  let top = 0;
  scroller.addEventListener("scroll", () => {
    atEnd = nearEnd() || (atEnd && scroller.scrollTop >= top);
    top = scroller.scrollTop;
  }, { passive: true });
  made.sizes = new ResizeObserver(() => made === view && atEnd && toEnd());
  made.sizes.observe(scroller);
  made.sizes.observe(log.list);
  made.bar = el("div", { class: "notice-bar", hidden: true });
  made.say = composer({
    draft: drafts.get(id) ?? "",
    send: (text) => say(made, text),
    files: sendFiles,
    typing: (on) => showMeTyping(made, on),
    insert: () => [
      ["Page to open …", asking(questions.pushUrl)],
      ...TEMPLATES.map((template) => [`${template.title} …`, asking(questions.rich(template))]),
    ],
  });
  Object.assign(made, { name, about, scroller, typing, latest });
  made.moreHolder = more.whole;
  made.parts = [head, el("div", { class: "log-holder" }, scroller, latest), typing, made.bar, made.say.form, el("p", { class: "drop-hint", "aria-hidden": "true", text: "Drop to send" })];
  return made;
}

async function pull(of) {
  if (of.reading) {
    of.again = true;
    return;
  }
  of.reading = true;
  try {
    do {
      of.again = false;
      const asked = of.next;
      const chat = await readChat(of.id, asked);
      if (of !== view) return;
      if (chat.next_index < asked || (of.anew && asked !== 1)) {
        // The emulator was restarted since: the events shown may not be the current ones.
        of.next = 1;
        of.anew = true;
        of.again = true;
      } else {
        take(of, chat);
      }
    } while (of.again);
  } catch (error) {
    if (of !== view) return;
    if (!(error instanceof Refused)) throw error;
    if (error.status === 404) {
      byId("conversation").replaceChildren(
        el("header", { class: "head bare" }, el("a", { class: "back", href: "#", "aria-label": "Back to the chats", text: "‹" })),
        el("p", { class: "empty" }, "This chat is gone: the emulator was started without it."),
      );
      view = null;
      details.render(null);
      onChange();
    } else {
      setTimeout(() => of === view && pull(of), LOOK_AGAIN_MS);
    }
  } finally {
    of.reading = false;
  }
}

/** Shows what was read. */
function take(of, chat) {
  const first = of.chat === null || of.anew;
  const follow = first || nearEnd();
  if (of.anew) {
    of.sizes.unobserve(of.log.list);
    of.log = new Log(of.id);
    of.scroller.replaceChildren(of.log.list);
    of.sizes.observe(of.log.list);
    of.anew = false;
  }
  of.chat = chat;
  // A long log comes in pieces: the next one is read at once.
  of.next = (chat.events.at(-1)?.index ?? chat.next_index - 1) + 1;
  of.again ||= of.next < chat.next_index;
  const added = of.log.add(chat);
  for (const person of chat.participants) if (person.role === "agent") colleagues.add(person.nickname);
  showState(of);
  if (follow) toEnd();
  else if (added > 0) of.latest.hidden = false;
  // Screen readers announce only what comes after the first load.
  if (!of.again && of.scroller.getAttribute("aria-live") === "off") setTimeout(() => of.scroller.setAttribute("aria-live", "polite"), 200);
  if (document.visibilityState === "visible") markSeen(of.id);
  details.render(chat);
  onChange();
}

/** Shows the buttons of what can be done now. */
function showState(of) {
  const { chat, actions, say } = of;
  const focused = document.activeElement;
  const me = meIn(peopleOf(chat));
  const able = speakers(peopleOf(chat));
  const here = me !== null && !me.on_hold;
  of.name.textContent = chat.nickname || "Visitor";
  of.about.textContent = chat.subject ? `${chat.service} · ${chat.subject}` : chat.service;
  actions.hold.hidden = chat.end !== null || !here || me.role !== "agent";
  actions.back.hidden = chat.end !== null || !me?.on_hold;
  actions.transfer.hidden = chat.end !== null || !here || me.role !== "agent";
  of.moreHolder.hidden = chat.end !== null;
  actions.end.hidden = chat.end !== null || able.length === 0;
  say.form.hidden = able.length === 0 || chat.end !== null;
  // Somebody who is here only as a supervisor may still join as the agent.
  of.bar.hidden = here && chat.state === "running";
  if (!of.bar.hidden) fillBar(of, me);
  const spoke = say.as.value;
  offerSpeakers(say.as, able);
  if (say.as.value !== spoke) say.stopTyping();
  showTyping(of);
  if (focused && focused !== document.body && (focused.offsetParent === null || !focused.isConnected) && !focused.closest("dialog")) focus();
}

function fillBar(of, me) {
  const { chat, bar } = of;
  const [words, ...offered] = barOf(chat, me);
  const buttons = offered.filter(Boolean);
  const names = { "{visitor}": chat.nickname || "The visitor", "{agent}": agentOf(chat) };
  const key = JSON.stringify([words, names, buttons.map(([label]) => label)]);
  if (bar.dataset.key === key) return;
  bar.dataset.key = key;
  bar.replaceChildren(
    el("p", {}, words.split(/(\{\w+\})/).map((part) => (part in names ? bdi(names[part]) : part))),
    ...buttons.map(([label, act, primary]) => button(label, act, primary ? { class: "primary" } : {})),
  );
}

function barOf(chat, me) {
  const supervise = me === null && ["Join as supervisor", () => join("supervisor")];
  if (chat.end) return ["This chat has ended."];
  if (me?.on_hold) return ["You put this chat on hold.", ["Return", () => perform("return"), true]];
  if (chat.state === "waiting") return ["{visitor} is waiting for an agent.", ["Accept", accept, true], supervise];
  if (chat.state === "held") return ["{visitor} is on hold.", ["Take over", accept, true], supervise];
  return ["{agent} is talking to {visitor}.", ["Join", () => join("agent"), true], supervise];
}

const agentOf = (chat) => peopleOf(chat).find((person) => person.role === "agent" && !person.on_hold)?.nickname ?? "An agent";

function showTyping(of) {
  const { chat, typing } = of;
  const [status, text] = typing.children;
  const others = (person) => person.role === "visitor" || person.nickname !== myName();
  const busy = chat.participants.filter((person) => person.typing && person.present && others(person)).map(({ nickname }) => nickname);
  const preview = chat.visitor.preview ?? "";
  typing.hidden = chat.end !== null || (busy.length === 0 && !preview);
  const words = busy.length > 0 ? (busy.length > 1 ? " are typing …" : " is typing …") : preview && "Not sent yet:";
  // Set only when it changes, as screen readers announce it.
  if (status.textContent !== busy.join(", ") + words) status.replaceChildren(...busy.flatMap((name, place) => [place > 0 ? ", " : "", bdi(name)]), words);
  text.textContent = preview;
  text.hidden = !preview;
}

const peopleOf = (chat) => chat.participants.filter((person) => person.role !== "visitor" && (person.present || person.on_hold));

/** Returns who speaks when something is sent from here; null = nobody can. */
function speaker() {
  if (!view?.chat || view.chat.end) return null;
  const able = speakers(peopleOf(view.chat));
  return (able.find(({ id }) => String(id) === view.say.as.value) ?? able[0])?.id ?? null;
}

/** Returns who performs an operation from here; null = nobody can. */
const actor = (operation) => (IN_PERSON.has(operation) ? (meIn(peopleOf(view.chat))?.id ?? null) : speaker());

const nearEnd = () => !view || view.scroller.scrollHeight - view.scroller.scrollTop - view.scroller.clientHeight < NEAR_END_PX;

function toEnd() {
  view.scroller.scrollTop = view.scroller.scrollHeight;
  view.latest.hidden = true;
}

/** Performs an operation as somebody in the chat. Returns whether it succeeded. */
async function perform(operation, body = {}) {
  const as = actor(operation);
  if (as !== null) return request(operation, { as, ...body });
  // Without a name the server would take whichever agent is there.
  complain("That did not work: nobody here can do it now.");
  return false;
}

/** Performs operations one after the other, so that messages arrive in order. Returns whether it succeeded. */
function request(operation, body, of = view) {
  of.work = of.work.then(async () => {
    try {
      await act(of.id, operation, body);
      return true;
    } catch (error) {
      // An error of typing is not shown: the message will report it.
      if (operation !== "typing") complain(`That did not work: ${error.message}.`);
      return false;
    }
  });
  return of.work;
}

async function accept() {
  if (await request("accept", { nickname: myName() })) focus();
}

async function join(role) {
  if (await request("join", { nickname: myName(), role })) focus();
}

async function say(of, text) {
  toEnd();
  if (await perform("say", { text })) return true;
  // A message that was not sent is put back into the box, before what was written meanwhile.
  const back = (later) => [text, later].filter(Boolean).join("\n");
  if (of === view) of.say.text.value = back(of.say.text.value);
  else drafts.set(of.id, back(drafts.get(of.id)));
  return false;
}

/** Shows the visitor that I type; stops it under the name that it was started with. */
function showMeTyping(of, on) {
  if (on) of.typist = speaker();
  if (peopleOf(of.chat).some(({ id, on_hold }) => id === of.typist && !on_hold)) request("typing", { as: of.typist, on }, of);
}

function keepDraft() {
  if (!view) return;
  if (view.say.text.value) drafts.set(view.id, view.say.text.value);
  else drafts.delete(view.id);
}

async function sendFiles(files) {
  const of = view;
  const as = speaker();
  if (as === null) {
    // The chat ended while the file was picked or pasted.
    complain("Nothing was sent: nobody here can send files now.");
    return;
  }
  for (const file of files) {
    if (file.size > LARGEST_FILE) {
      complain(`${file.name} is larger than 100 MB.`);
      continue;
    }
    of.say.sending.textContent = `Sending ${file.name} …`;
    try {
      await sendFile(of.id, as, file);
    } catch (error) {
      complain(`${file.name} was not sent: ${error.message}.`);
    }
  }
  of.say.sending.textContent = "";
}

/** Asks a question, and performs the operation if it was answered and the chat is still open. */
async function askAndPerform(question) {
  const of = view;
  const answer = await ask(question);
  if (answer && of === view) await (question.alone ? request : perform)(question.operation, question.body(answer));
}

const asking = (question) => () => askAndPerform(question);

function moreActions() {
  const able = speaker() !== null;
  const all = [
    able && ["Let a supervisor join …", asking(questions.supervisor)],
    able && ["Notice …", asking(questions.notice)],
    able && ["Custom notice …", asking(questions.customNotice)],
    ["Idle alert …", asking(questions.idleAlert)],
    able && ["Leave", () => perform("leave")],
    !able && ["End …", asking(questions.end)],
  ];
  return all.filter(Boolean);
}

function toggleDetails() {
  const shown = byId("panes").classList.toggle("with-details");
  view?.toggle.setAttribute("aria-expanded", String(shown));
}
