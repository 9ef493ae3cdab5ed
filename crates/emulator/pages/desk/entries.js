// The events of a chat, as the rows of its log.

import { fileAddress } from "./api.js";
import { bdi, bytes, day, el, fileName, time } from "./dom.js";
import { preview } from "./rich.js";

// Messages of one person within this time are grouped under one name (ms).
const GROUP_MS = 120_000;
// Pictures of these types are shown; other files can only be saved.
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const ROLES = { supervisor: "supervisor", bot: "bot", external: "system" };

/** The rows of one chat. */
export class Log {
  #chat;
  #files = new Map();
  #fileRows = new Map();
  #last = null;
  #answers = [];
  #receipt = el("span", { class: "receipt", text: "Read" });

  constructor(chat) {
    this.#chat = chat;
    this.list = el("ol", { class: "entries" });
  }

  /** Adds new events. `chat` is the API's answer that contained them. */
  add(chat) {
    for (const file of chat.files) this.#noteFile(file);
    const fresh = document.createDocumentFragment();
    for (const event of chat.events) {
      const row = this.#row(event);
      if (!row) continue;
      if (!this.#last || day(this.#last.at_ms) !== day(event.at_ms)) {
        fresh.append(el("li", { class: "day" }, el("span", { text: day(event.at_ms) })));
      }
      fresh.append(row);
      this.#last = event;
      if (event.from.role !== "visitor" && BUBBLES.has(event.type)) this.#answers.push({ index: event.index, row });
    }
    const added = fresh.childElementCount;
    this.list.append(fresh);
    this.#showReceipt(chat.visitor.read_up_to ?? 0);
    return added;
  }

  #row(event) {
    if (!event.visible) return null;
    if (BUBBLES.has(event.type)) return this.#bubble(event);
    const words = NOTES[event.type]?.(event);
    return words ? el("li", { class: `note ${event.type}` }, el("span", {}, words), " ", time(event.at_ms)) : null;
  }

  #bubble(event) {
    const { role, nickname } = event.from;
    const before = this.#last;
    const grouped =
      before !== null &&
      BUBBLES.has(before.type) &&
      before.from.participant === event.from.participant &&
      before.from.nickname === nickname &&
      event.at_ms - before.at_ms < GROUP_MS;
    const side = role === "visitor" ? "theirs" : "ours";
    const head = el(
      "p",
      { class: grouped ? "unseen" : "who" },
      el("b", {}, bdi(nickname)),
      ROLES[role] && el("span", { class: "tag", text: ROLES[role] }),
      time(event.at_ms),
    );
    const row = el("li", { class: `entry ${side} ${role}${grouped ? " grouped" : ""}` }, head, this.#contents(event));
    return row;
  }

  #contents(event) {
    if (event.type === "push_url") {
      return el("div", { class: "bubble" }, el("p", { class: "kind", text: "Page to open" }), el("p", { class: "text url", dir: "ltr", text: event.url }));
    }
    if (event.type === "file_uploaded") {
      const holder = el("div", { class: "bubble file" });
      this.#fileRows.set(event.file, holder);
      this.#fillFile(event.file);
      return holder;
    }
    return el("div", { class: "bubble" }, el("p", { class: "text", dir: "auto", text: event.text }), preview(event.attributes));
  }

  #noteFile(file) {
    const before = this.#files.get(file.id);
    this.#files.set(file.id, file);
    if (before && before.deleted !== file.deleted) this.#fillFile(file.id);
  }

  #fillFile(id) {
    const holder = this.#fileRows.get(id);
    const file = this.#files.get(id);
    if (!holder) return;
    holder.replaceChildren(...(file ? fileParts(this.#chat, file) : ["A file"]));
  }

  #showReceipt(upTo) {
    const read = this.#answers.findLast((answer) => answer.index <= upTo);
    if (read && this.#receipt.parentNode !== read.row) read.row.append(this.#receipt);
  }
}

/** Shows a file's name and size, and how to get it unless it was deleted. */
export function fileParts(chat, file) {
  const name = fileName(file.name);
  const size = el("span", { class: "size", text: bytes(file.size) });
  if (file.deleted) return [el("span", { class: "gone" }, bdi(name)), el("span", { class: "size", text: "taken back" })];
  const address = fileAddress(chat, file.id);
  const picture = PICTURES.has(file.content_type) && el("img", { src: address, alt: "", loading: "lazy", class: "thumb" });
  const link = el("a", { href: address, download: name }, bdi(name));
  return [picture, link, size, file.user_data["file-description"] && el("span", { class: "size" }, bdi(file.user_data["file-description"]))].filter(Boolean);
}

const BUBBLES = new Set(["message", "push_url", "file_uploaded"]);

const who = (event) => bdi(event.from.nickname);
const LEFT = { left: " left", hold: " put the chat on hold", transfer: " handed the chat over" };

const NOTES = {
  joined: (event) => [who(event), ` joined${ROLES[event.from.role] ? ` as ${ROLES[event.from.role]}` : ""}`],
  left: (event) => [who(event), LEFT[event.reason] ?? ` left (${event.reason?.other ?? "?"})`],
  nickname_updated: (event) => ["Now called ", who(event)],
  file_deleted: (event) => [who(event), " took a file back"],
  notice: (event) => [who(event), ": ", bdi(event.text)],
  custom_notice: (event) => [who(event), " sent a custom notice", ...(event.text ? [": ", bdi(event.text)] : [])],
  idle_alert: (event) => [`Idle alert: the chat closes in ${event.close_in_secs} s unless somebody speaks`],
  idle_close: () => ["Closed because nobody spoke"],
};
