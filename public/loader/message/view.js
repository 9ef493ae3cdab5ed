// What is seen of the form for messages.

import { maskNumbers } from "./mask.js";
import { messageStyle } from "./style.js";
import { createElement } from "../shared/page.js";

const CLOSE = "m6 6 12 12M18 6 6 18";
const CHECK = "m5 12.5 4.5 4.5L19 7.5";
const ALERT = "M12 8v5m0 3.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";
const SVG = "http://www.w3.org/2000/svg";

/** Languages that are written from right to left. */
const RTL =
  /^(ar|arc|ckb|dv|fa|he|ks|nqo|ps|sd|syr|ug|ur|yi)\b(?!-[A-Z][a-z]{3}\b)|-(Arab|Hebr|Syrc|Thaa|Nkoo|Rohg)\b/;

/** What browsers take for an address in a field of that type, but with a dot in the host. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** How long a message may be, and another answer, in characters. */
const LONGEST = { message: 5000, other: 200 };

/**
 * Creates the panel with the form.
 * @param {MessageValues} values
 * @param {Texts} words The words, with their language as `tag`.
 * @param {{ onSubmit: () => void, onClose: () => void, onInput: () => void }} handlers
 */
export function createMessageView(values, words, { onSubmit, onClose, onInput }) {
  let texts = words;
  /** What writes the words into the elements, which stay when the language changes. @type {(() => void)[]} */
  const writers = [];
  const sheet = new CSSStyleSheet();
  const panel = /** @type {HTMLDialogElement} */ (
    make("dialog", { class: "leave", part: "panel", "aria-labelledby": "leave-title", tabindex: "-1" })
  );
  const title = make("h2", { id: "leave-title" });
  const closeButton = make("button", { type: "button", class: "close", part: "close" });
  closeButton.append(icon(CLOSE));
  closeButton.onclick = onClose;
  const header = make("header", { part: "header" });
  header.append(title, closeButton);

  const form = /** @type {HTMLFormElement} */ (make("form", { part: "form", "aria-labelledby": "leave-title", novalidate: "" }));
  const body = make("div", { class: "body" });
  const alerts = make("div", { class: "alerts", role: "alert" });
  const notice = make("p", { class: "notice", dir: "auto" });
  const fields = values.fields.map(({ name, required }) => createField(name, required));
  body.append(alerts, notice, withText("p", "intro", { class: "intro", dir: "auto" }));
  body.append(...fields.map(({ element }) => element));
  // It is there while it is empty: a region that comes with its words is not spoken everywhere.
  const maskNote = make("p", { class: "mask-note", "aria-live": "polite", dir: "auto" });
  if (values.mask) body.append(maskNote);
  // People do not see this field. Whoever fills it in is no visitor: the site can tell by it.
  const trap = make("input", { name: "website", tabindex: "-1", autocomplete: "off", "aria-hidden": "true", class: "trap" });
  body.append(trap);
  const foot = make("div", { class: "foot" });
  const submit = make("button", { type: "submit", class: "submit", part: "submit" });
  foot.append(submit);
  form.append(body, foot);
  form.onsubmit = (event) => {
    event.preventDefault();
    onSubmit();
  };
  form.oninput = () => {
    writeMaskNote();
    onInput();
  };
  const alert = createAlert();
  const done = make("div", { class: "done", role: "status" });
  const doneText = withText("p", "sent", { dir: "auto" });
  const doneButton = withText("button", "close", { type: "button", class: "submit" });
  doneButton.onclick = onClose;
  panel.append(header, form, done);
  writers.push(writePanel, writeSubmit, writeMaskNote);
  setState("ready");
  translate(texts);
  restyle({});

  return {
    panel,
    sheet,
    setState,
    translate,
    restyle,

    /** Says why there is no chat.
        @param {string} words */
    setNotice(words) {
      notice.textContent = words;
      notice.toggleAttribute("hidden", !words);
    },

    /** Puts the focus to where the visitor begins. */
    focus: () => panel.focus({ preventScroll: true }),

    /** Makes a new form of one that is done with. */
    reset() {
      if (panel.dataset.state === "sent") setState("ready");
    },

    /** Puts answers into the form.
        @param {Answers} answers */
    fill(answers) {
      for (const { name, input } of fields) input.value = String(answers[name] || "");
      writeMaskNote();
    },

    /** Returns the answers by their names, with what the tenant wants masked in them.
        @returns {Answers} */
    answers() {
      const given = fields.map(({ name, input }) => [name, masked(name, input.value.trim())]);
      return { ...Object.fromEntries(given), website: trap.value };
    },

    /** Checks the answers, and leads to the first that is wrong. */
    check() {
      const wrong = fields.filter((field) => !field.check());
      if (wrong.length) wrong[0].input.focus();
      return !wrong.length;
    },
  };

  /** Writes all words in another language. What was typed, and the focus, stay.
      @param {Texts} words */
  function translate(words) {
    texts = words;
    for (const write of writers) write();
  }

  /** Puts on a look: the tenant's, in the scheme and with the tokens of the page's choice.
      @param {import("../api/wishes.js").Theme} theme */
  function restyle({ scheme = values.scheme, tokens = {} }) {
    sheet.replaceSync(messageStyle(values, scheme));
    // Stronger than the tenant's, which stand on `.leave`.
    const rule = sheet.insertRule(".leave.leave{}", sheet.cssRules.length);
    const { style } = /** @type {CSSStyleRule} */ (sheet.cssRules[rule]);
    for (const name of Object.keys(tokens)) style.setProperty(`--${name}`, tokens[name]);
  }

  /** Shows how the message stands.
      @param {"ready" | "sending" | "sent" | "failed"} state */
  function setState(state) {
    const hadFocus = panel.contains(rootOf(panel).activeElement);
    panel.dataset.state = state;
    body.toggleAttribute("inert", state === "sending");
    if (state === "sending") submit.setAttribute("aria-disabled", "true");
    else submit.removeAttribute("aria-disabled");
    writeSubmit();
    alerts.replaceChildren();
    if (state === "failed") {
      alerts.append(alert);
      body.scrollTop = 0;
    }
    form.toggleAttribute("hidden", state === "sent");
    done.replaceChildren();
    done.toggleAttribute("hidden", state !== "sent");
    if (state !== "sent") return;
    done.append(icon(CHECK), doneText, doneButton);
    for (const { input } of fields) input.value = "";
    writeMaskNote();
    if (hadFocus) doneButton.focus();
  }

  function writePanel() {
    panel.lang = texts.tag;
    panel.dir = RTL.test(texts.tag) ? "rtl" : "ltr";
    title.textContent = texts.title;
    closeButton.title = texts.close;
    closeButton.setAttribute("aria-label", texts.close);
  }

  function writeSubmit() {
    const state = panel.dataset.state || "";
    submit.textContent = { sending: texts.sending, failed: texts.again }[state] || texts.submit;
    if (state === "sending") submit.prepend(make("span", { class: "spinner" }));
  }

  /** Says that numbers are masked, while there are some. */
  function writeMaskNote() {
    const isMasked = fields.some(({ name, input }) => masked(name, input.value) !== input.value);
    const words = isMasked ? texts.masked : "";
    if (maskNote.textContent !== words) maskNote.textContent = words;
  }

  /** Masks the numbers of an answer. As in a chat's form, an address for emails is no free text.
      @param {string} name
      @param {string} answer */
  function masked(name, answer) {
    return values.mask && name !== "email" ? maskNumbers(answer, values.mask) : answer;
  }

  /** Creates what says that a message was not sent, and what else can be done. */
  function createAlert() {
    const alert = make("div", { class: "notice alert", part: "error" });
    const words = make("div");
    words.append(withText("span", "failed", { dir: "auto" }));
    for (const [href, text] of values.contacts) words.append(withText("a", text, { href, target: "_top", dir: "auto" }));
    alert.append(icon(ALERT), words);
    return alert;
  }

  /**
   * Creates a field with its label and the place for what is wrong with it.
   * @param {string} name
   * @param {boolean} required
   */
  function createField(name, required) {
    const id = `leave-${name}`;
    const isText = name === "message";
    const element = make("div", { class: "field", part: "field" });
    const label = make("label", { for: id, dir: "auto" });
    label.append(withText("span", name));
    if (!required) label.append(withText("span", "optional", { class: "optional" }));
    const input = /** @type {HTMLInputElement} */ (
      make(isText ? "textarea" : "input", { id, name, part: "input", dir: "auto", maxlength: String(isText ? LONGEST.message : LONGEST.other) })
    );
    // Without one, a field that is empty has its caret where English begins.
    input.placeholder = " ";
    if (!isText) {
      input.type = name === "email" ? "email" : "text";
      input.autocomplete = name === "email" ? "email" : "name";
    } else {
      input.setAttribute("rows", "5");
    }
    if (required) input.setAttribute("aria-required", "true");
    const error = make("p", { class: "error", part: "error", id: `${id}-error`, dir: "auto" });
    element.append(label, input, error);
    /** What is wrong, by the short name of its text; empty if nothing is. */
    let wrong = "";
    writers.push(() => wrong && (error.textContent = texts[wrong]));
    const tellError = (text) => {
      wrong = text;
      error.textContent = texts[wrong] || "";
      if (wrong) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", error.id);
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    };
    input.addEventListener("input", () => tellError(""));
    return {
      name,
      element,
      input,
      /** Checks the answer, and says what is wrong with it. */
      check() {
        const value = input.value.trim();
        const isWrong = name === "email" && value !== "" && !EMAIL.test(value);
        tellError(required && !value ? "required" : isWrong ? "wrongEmail" : "");
        return !wrong;
      },
    };
  }

  /**
   * Creates an element with one of the texts in it, in the language of the moment.
   * @param {string} name
   * @param {string} text
   * @param {Record<string, string>} [attributes]
   */
  function withText(name, text, attributes) {
    const made = make(name, attributes);
    // What has not changed is not spoken again.
    writers.push(() => made.textContent !== texts[text] && (made.textContent = texts[text]));
    return made;
  }
}

/** Creates an element of HTML.
    @param {string} name
    @param {Record<string, string>} [attributes] */
const make = (name, attributes) => createElement(name, attributes);

/** @param {string} d */
function icon(d) {
  const svg = createElement("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, SVG);
  svg.append(createElement("path", { d }, SVG));
  return svg;
}

/** @param {Node} node */
const rootOf = (node) => /** @type {ShadowRoot} */ (node.getRootNode());
