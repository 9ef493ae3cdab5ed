// A visitor's page: one chat, polled.

import { Failed, getChat, getTranscript, perform, requestChat } from "./api.js";

const EVERY_MS = 3_000;
const TYPING_ENDS_MS = 5_000;
const KEY = "client.chat";
const STATES = { WaitingForAgent: "Waiting for an agent", Chatting: "Chatting", Idle: "The chat has ended" };

const byId = (id) => document.getElementById(id);

let chat = null;
/** The index to read from, and whether a poll is in flight. */
let next = 1;
let reading = false;
let timer = null;
let typing = null;
const typists = new Map();

byId("start").addEventListener("submit", start);
byId("write").addEventListener("submit", send);
byId("end").addEventListener("click", () => carryOut("Complete").then(poll));
byId("restart").addEventListener("click", forget);
byId("text").addEventListener("input", typed);
byId("text").addEventListener("keydown", (event) => {
  // Enter also confirms a word of an input method: that must not send.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event);
});

// A reload continues the same chat.
chat = sessionStorage.getItem(KEY);
if (chat) poll();
else show(null);

async function start(event) {
  event.preventDefault();
  const [nickname, subject] = [byId("nickname").value.trim(), byId("subject").value.trim()];
  const submit = byId("start").querySelector("button");
  submit.disabled = true;
  try {
    chat = await requestChat(nickname, subject);
    sessionStorage.setItem(KEY, chat);
    tell("");
    await poll();
    byId("text").focus();
  } catch (error) {
    tell(error.message);
  } finally {
    submit.disabled = false;
  }
}

/** Polls for new events until the chat has ended. */
async function poll() {
  clearTimeout(timer);
  if (reading || !chat) return;
  reading = true;
  const of = chat;
  let ended = false;
  try {
    const state = await getChat(of);
    // Read after the state, so that messages before the end are not missed.
    const events = await getTranscript(of, next);
    if (of !== chat) return;
    for (const event of events) add(event);
    ended = state.state === "Idle";
    show(state);
    tell("");
  } catch (error) {
    if (of !== chat) return;
    if (!(error instanceof Failed)) throw error;
    if (error.status === 400) {
      forget();
      tell("The chat is no longer there.");
      return;
    }
    tell(`${error.message} Trying again …`);
  } finally {
    reading = false;
    if (!ended && chat) timer = setTimeout(poll, EVERY_MS);
  }
}

/** Shows an event. Those shown already are skipped: two polls may overlap. */
function add({ index, type, text, from }) {
  if (index < next) return;
  next = index + 1;
  const mine = from.type === "Customer";
  const who = document.createElement("bdi");
  who.textContent = from.nickname;
  const item = document.createElement("li");
  if (type === "TypingStarted" || type === "TypingStopped") {
    if (mine) return;
    if (type === "TypingStarted") typists.set(from.participantId, from.nickname);
    else typists.delete(from.participantId);
    return;
  }
  typists.delete(from.participantId);
  if (type === "ParticipantJoined" || type === "ParticipantLeft") {
    item.className = "note";
    item.append(who, type === "ParticipantJoined" ? " joined" : " left");
  } else if (typeof text === "string") {
    item.className = mine ? "mine" : "theirs";
    const bubble = document.createElement("p");
    bubble.dir = "auto";
    bubble.textContent = text;
    item.append(who, bubble);
  } else return;
  byId("entries").append(item);
  byId("log").scrollTop = byId("log").scrollHeight;
}

/** Enables what the server's capabilities allow; `state` null = there is no chat. */
function show(state) {
  const can = (operation) => state !== null && state.state !== "Idle" && (state.capabilities ?? []).includes(operation);
  byId("start").hidden = chat !== null;
  byId("log").hidden = chat === null;
  byId("write").hidden = !can("SendMessage");
  byId("end").hidden = !can("Complete");
  byId("again").hidden = state?.state !== "Idle";
  byId("state").textContent = state ? (STATES[state.state] ?? state.state) : "";
  const names = state?.state === "Idle" ? [] : [...typists.values()];
  byId("typing").textContent = names.length > 0 ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing …` : "";
}

async function send(event) {
  event.preventDefault();
  const box = byId("text");
  const text = box.value;
  if (!text.trim()) return;
  box.value = "";
  clearTimeout(typing);
  typing = null;
  if (await carryOut("SendMessage", { text })) poll();
  else box.value = [text, box.value].filter(Boolean).join("\n");
}

function typed() {
  if (!typing) carryOut("SendStartTypingNotification");
  clearTimeout(typing);
  typing = setTimeout(() => {
    typing = null;
    carryOut("SendStopTypingNotification");
  }, TYPING_ENDS_MS);
}

// One after the other, so that messages arrive in order.
let work = Promise.resolve();

function carryOut(operation, more) {
  const of = chat;
  work = work.then(async () => {
    try {
      if (of !== null && of === chat) await perform(of, operation, more);
      return true;
    } catch (error) {
      tell(error.message);
      return false;
    }
  });
  return work;
}

function forget() {
  sessionStorage.removeItem(KEY);
  clearTimeout(timer);
  clearTimeout(typing);
  chat = null;
  next = 1;
  typing = null;
  typists.clear();
  byId("entries").replaceChildren();
  show(null);
  byId("nickname").focus();
}

function tell(problem) {
  if (byId("problem").textContent !== problem) byId("problem").textContent = problem;
}
