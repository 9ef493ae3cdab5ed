// Dialogs with a form; the answer is its values, or null.

import { button, byId, el } from "./dom.js";

/**
 * Shows a dialog. Fields are `{name, label, value?, rows?, type?, hint?, required?, options?, min?, max?, maxlength?}`.
 * `must` = it cannot be cancelled.
 */
export function ask({ title, text, fields = [], ok = "OK", danger = false, must = false }) {
  return new Promise((resolve) => {
    const inputs = fields.map(input);
    let answer = null;
    const form = el(
      "form",
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            answer = Object.fromEntries(inputs.map((field) => [field.control.name, field.control.value.trim()]));
            dialog.close();
          },
        },
      },
      el("h2", { id: "dialog-title", text: title }),
      text && el("p", { text }),
      inputs.map((field) => field.whole),
      el(
        "div",
        { class: "dialog-buttons" },
        !must && button("Cancel", () => dialog.close()),
        el("button", { type: "submit", class: danger ? "danger" : "primary", text: ok }),
      ),
    );
    const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, form);
    dialog.addEventListener("cancel", (event) => must && event.preventDefault());
    dialog.addEventListener("close", () => {
      // Chromium closes the dialog on a second Escape even if the event was prevented.
      if (must && answer === null) return dialog.showModal();
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    (inputs[0]?.control ?? form.querySelector("button:last-of-type")).focus();
    inputs[0]?.control.select?.();
  });
}

function input({ name, label, value = "", rows, type = "text", hint, required = false, options, ...limits }) {
  const id = `field-${name}`;
  const described = hint ? { "aria-describedby": `${id}-hint` } : {};
  const common = { id, name, required, autocomplete: "off", ...described, ...limits };
  const control = rows ? el("textarea", { ...common, rows, dir: "auto" }) : el("input", { ...common, type, dir: type === "text" ? "auto" : null });
  control.value = value;
  // Blanks alone are no answer.
  if (required) {
    control.addEventListener("input", () => control.setCustomValidity(control.value.trim() ? "" : "Please fill in this field."));
  }
  const known = options?.length ? el("datalist", { id: `${id}-known` }, options.map((option) => el("option", { value: option }))) : null;
  if (known) control.setAttribute("list", known.id);
  const whole = el(
    "div",
    { class: "field" },
    el("label", { for: id, text: label }),
    control,
    known,
    hint && el("p", { id: `${id}-hint`, class: "hint", text: hint }),
  );
  return { control, whole };
}

/** Shows pairs of a key and what it does. */
export function showShortcuts(pairs) {
  const dialog = el(
    "dialog",
    { "aria-labelledby": "dialog-title" },
    el("h2", { id: "dialog-title", text: "Shortcuts" }),
    el("dl", { class: "shortcuts" }, pairs.map(([keys, what]) => [el("dt", {}, keys.map((key) => el("kbd", { text: key }))), el("dd", { text: what })])),
    el("div", { class: "dialog-buttons" }, button("Close", () => dialog.close(), { class: "primary" })),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const SHOWN_MS = 8_000;

/** Shows an error for a while. */
export function complain(text) {
  const note = el("p", { class: "problem" }, el("span", { text }), button("×", () => note.remove(), { "aria-label": "Dismiss" }));
  byId("problems").append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}
