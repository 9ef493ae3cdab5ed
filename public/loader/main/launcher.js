// The launcher that stands on the page before the widget's own.

import { createElement } from "../shared/page.js";

/**
 * The launcher and the note beside it.
 * @typedef {ReturnType<typeof createLauncher>} PaintedLauncher
 */

/**
 * Creates the launcher and the note beside it.
 * @param {ShadowRoot} root
 * @param {LauncherValues} look
 * @param {Texts} texts
 */
export function createLauncher(root, look, texts) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles(look));
  const button = createElement("button", {
    type: "button",
    class: "launcher",
    part: "launcher",
    "aria-label": texts.label,
    "aria-haspopup": "dialog",
    "aria-expanded": false,
  });
  const label = createElement("span");
  const note = createElement("div");
  const status = createElement("span", { role: "status" });
  const retryButton = createElement("button", { type: "button", class: "again" });

  label.textContent = texts.label;
  button.append(look.icon ? createIcon(look.icon) : label);
  retryButton.textContent = texts.again;

  /**
   * Shows the launcher, with a message beside it and what the visitor can do about it.
   * @param {string} [message]
   * @param {...HTMLElement} remedies
   */
  function show(message = "", ...remedies) {
    root.adoptedStyleSheets = [sheet];
    if (!button.isConnected) root.prepend(button, note);
    button.setAttribute("aria-busy", String(message === texts.loading));
    // Without a message it is empty, but rendered: screen readers announce only what changes in a
    // status that was rendered.
    note.className = message && "note";
    if (!status.isConnected) note.append(status);
    status.textContent = message;
    while (note.lastChild !== status) note.lastChild.remove();
    note.append(...remedies);
  }

  return { button, note, retryButton, sheet, show };
}

/**
 * Creates an icon from SVG path data.
 * @param {string} d
 */
function createIcon(d) {
  const space = "http://www.w3.org/2000/svg";
  const svg = createElement("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, space);
  svg.append(createElement("path", { d }, space));
  return svg;
}

/** @param {LauncherValues} look */
const styles = ({ place, light, dark }) =>
  `.launcher{${light};all:unset;box-sizing:border-box;position:fixed;${place};display:grid;` +
  "place-items:center;min-width:var(--launcher-size);height:var(--launcher-size);" +
  "cursor:pointer;background:var(--accent);color:var(--on-accent);" +
  "box-shadow:var(--launcher-shadow);-webkit-tap-highlight-color:#0000;" +
  "font:600 var(--text-size,15px)/1.45 var(--font,system-ui)}" +
  (dark && `@media(prefers-color-scheme:dark){.launcher{${dark}}}`) +
  ".launcher>*,.launcher::after{grid-area:1/1}" +
  "[aria-busy=true]{cursor:progress}" +
  "[aria-busy=true]>*{opacity:0}" +
  "[aria-busy=true]::after{content:'';width:18px;height:18px;border:3px solid;" +
  "border-top-color:#0000;border-radius:50%;animation:spin 1s linear infinite}" +
  "@keyframes spin{to{rotate:1turn}}" +
  ".launcher span{padding:0 20px}" +
  "svg{width:24px}" +
  `.note{position:fixed;${place};margin-block:72px;max-width:240px;padding:12px 14px;` +
  "border-radius:12px;background:Canvas;color:CanvasText;border:1px solid GrayText;" +
  "font:14px/1.4 system-ui;color-scheme:light dark}" +
  ".again{all:unset;cursor:pointer;font-weight:600;text-decoration:underline;" +
  "margin-inline-start:8px;padding:4px 0}" +
  ":focus-visible{outline:3px solid var(--accent,currentcolor);outline-offset:3px}" +
  "@media(forced-colors:active){.launcher{border:2px solid}}" +
  "@media print{.launcher,.note{display:none}}";
