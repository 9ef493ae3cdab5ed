// The composer: the box, who speaks, what else can be sent, and typing notifications.

import { byId, el } from "./dom.js";
import { menu } from "./menu.js";

const TYPING_ENDS_MS = 5_000;

/**
 * Builds a composer. `send` receives the text and returns whether it was sent, `files` receives files, `typing` whether
 * somebody types; `insert` lists what else can be sent. `draft` is what was written before.
 */
export function composer({ draft, send, files, typing, insert }) {
  const text = el("textarea", { id: "say", rows: "1", dir: "auto", "aria-label": "Message", placeholder: "Write a message", "aria-keyshortcuts": "F9" });
  text.value = draft;
  const as = el("select", { id: "speak-as", "aria-label": "Speak as", hidden: true });
  as.addEventListener("change", () => {
    as.dataset.chosen = as.value;
    // A message ends only its own sender's typing.
    stopTyping();
  });
  const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-label": "Files to send", id: "pick-files" });
  picker.addEventListener("change", () => {
    files([...picker.files]);
    picker.value = "";
  });
  const more = menu("Insert", () => [["File …", () => picker.click()], ...insert()]);
  const sending = el("p", { class: "sending", role: "status" });
  const form = el(
    "form",
    { class: "composer", hidden: true, "aria-label": "Write" },
    sending,
    text,
    el("div", { class: "composer-row" }, more.whole, picker, as, el("button", { type: "submit", class: "primary", text: "Send" })),
  );
  let typingEnds = null;

  function stopTyping() {
    if (typingEnds === null) return;
    clearTimeout(typingEnds);
    typingEnds = null;
    typing(false);
  }

  async function submit(event) {
    event.preventDefault();
    const words = text.value;
    if (!words.trim()) return;
    text.value = "";
    const typed = typingEnds !== null;
    // The message itself ends the typing.
    clearTimeout(typingEnds);
    typingEnds = null;
    const left = await send(words);
    // A message that was not sent ended no typing; typing since then was already reported.
    if (!left && typed && typingEnds === null) typing(false);
  }

  form.addEventListener("submit", submit);
  text.addEventListener("keydown", (event) => {
    // Enter also confirms a word of an input method: that must not send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
    else if (event.key === "Escape") byId("list").querySelector("[aria-current]")?.focus();
  });
  text.addEventListener("input", () => {
    if (!text.value) {
      stopTyping();
      return;
    }
    if (typingEnds === null) typing(true);
    clearTimeout(typingEnds);
    typingEnds = setTimeout(stopTyping, TYPING_ENDS_MS);
  });
  text.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    files([...event.clipboardData.files]);
  });
  return { form, text, as, sending, stopTyping };
}

/** Offers who may speak, and says so where it is not simply me. Who was chosen stays so; who was merely the only one there does not. */
export function offerSpeakers(select, able) {
  const key = JSON.stringify(able.map(({ id, nickname, role }) => [id, nickname, role]));
  select.hidden = able.every(({ role }) => role === "agent");
  if (select.dataset.key === key) return;
  select.dataset.key = key;
  const chosen = select.dataset.chosen;
  select.replaceChildren(...able.map(({ id, nickname, role }) => el("option", { value: id, text: `as ${nickname}${role === "agent" ? "" : ` (${role})`}` })));
  if (able.some(({ id }) => String(id) === chosen)) select.value = chosen;
}
