// The data of a chat, beside its conversation.

import { byId, bdi, el, fullTime } from "./dom.js";
import { fileParts } from "./entries.js";

const DIALECTS = {
  "gms-v2": "GMS Chat v2",
  "gms-v2-cometd": "GMS Chat v2, CometD",
  "gms-v1": "GMS Chat v1",
  "gms-v1-cometd": "GMS Chat v1, CometD",
  gws: "GWS",
};
const STATES = { waiting: "Waiting for an agent", running: "Running", held: "On hold", ended: "Ended" };
const ENDS = { disconnected: "the visitor left", closed: "an agent ended it", dropped: "the visitor’s connection was lost", idle: "nobody spoke" };
const SEEN_TITLE = "What the visitor’s program says to have shown";

/** Shows a chat's data; null = no chat is open. */
export function render(chat) {
  const aside = byId("details");
  if (!chat) {
    aside.replaceChildren();
    return;
  }
  const kept = aside.scrollTop;
  const end = chat.end && `${ENDS[chat.end.reason] ?? chat.end.reason}, ${fullTime(chat.end.at_ms)}`;
  const parts = [
    section("Visitor", [
      ["Name", chat.nickname],
      ["First name", chat.first_name],
      ["Last name", chat.last_name],
      ["E-mail", chat.email],
    ]),
    section("Chat", [
      ["State", STATES[chat.state] ?? chat.state],
      ["Subject", chat.subject],
      ["Service", chat.service],
      ["Dialect", DIALECTS[chat.dialect] ?? chat.dialect],
      ["Started", fullTime(chat.started_at_ms)],
      ["Ended", end],
      ["Idle close", chat.idle_deadline_ms && fullTime(chat.idle_deadline_ms)],
      ["Events", chat.next_index - 1],
      ["Read up to", chat.visitor.read_up_to, SEEN_TITLE],
      ["Id", chat.id],
    ]),
    section("User data", Object.entries(chat.user_data)),
    chat.files.length > 0 &&
      el("section", {}, el("h3", { text: "Files" }), el("ul", { class: "files" }, chat.files.map((file) => el("li", {}, fileParts(chat.id, file).filter((part) => part.tagName !== "IMG"))))),
    el(
      "section",
      {},
      el("h3", { text: "People" }),
      el("ul", { class: "people" }, chat.participants.map((person) => el("li", { class: person.present ? "" : "away" }, bdi(person.nickname), el("span", { class: "tag", text: presence(person) })))),
    ),
  ];
  aside.replaceChildren(...parts.filter(Boolean));
  aside.scrollTop = kept;
}

function presence(person) {
  if (person.on_hold) return `${person.role}, on hold`;
  return person.present ? person.role : `${person.role}, left`;
}

function section(title, pairs) {
  const given = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false);
  if (given.length === 0) return null;
  return el("section", {}, el("h3", { text: title }), el("dl", {}, given.map(([name, value, hint]) => [el("dt", { title: hint ?? null }, bdi(name)), el("dd", {}, bdi(String(value)))])));
}
