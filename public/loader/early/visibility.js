// Whether the launcher is seen.

import { typeOf } from "../shared/events.js";

const STYLE = ":host([data-hidden]) .launcher{display:none}";

/**
 * The reasons for which the launcher is out of sight, or the panel does not open by itself.
 * @typedef {ReturnType<typeof createVisibility>} Visibility
 */

/**
 * Creates what decides whether the launcher is seen: not while there is a reason, unless the visitor has the panel
 * open, waits for it, or chats. A chat that goes on stays within reach.
 * @param {Loader} loader
 */
export function createVisibility(loader) {
  const { host, root, launcher, liveKey, signal } = loader;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  /** @type {Set<string>} */
  const reasons = new Set();
  /** Why the panel does not open by itself, although the launcher may be seen. @type {Set<string>} */
  const vetoes = new Set();
  let isChatting = false;

  launcher.sheet.insertRule(STYLE, launcher.sheet.cssRules.length);
  const { show } = launcher;
  // It is shown again when somebody has asked for the panel.
  launcher.show = (...what) => {
    update();
    show(...what);
  };
  const on = (name, listener) => host.addEventListener(typeOf(loader, name), listener, { signal });
  for (const name of ["ready", "opened", "closed"]) on(name, update);
  on("chatStarted", () => {
    isChatting = true;
    update();
  });
  on("chatEnded", () => {
    isChatting = false;
    update();
  });
  // A chat may begin and end in another tab.
  window.addEventListener("storage", ({ key }) => key === liveKey && update(), { capture: true, signal });

  function update() {
    const sheets = root.adoptedStyleSheets;
    // The module brings a launcher, and style sheets, of its own.
    if (![launcher.sheet, sheet].some((own) => sheets.includes(own))) root.adoptedStyleSheets = [...sheets, sheet];
    host.toggleAttribute("data-hidden", reasons.size > 0 && !isInUse());
  }

  function isInUse() {
    const isAwaited = loader.opener && !loader.mounted;
    return loader.isOpen || isAwaited || isChatting || loader.hasChat();
  }

  return {
    /** Tells whether the visitor has the panel open, waits for it, or chats. */
    isInUse,
    /** Adds or takes back a reason for which the launcher is out of sight.
        @param {string} reason
        @param {boolean} applies */
    hideFor(reason, applies) {
      if (applies) reasons.add(reason);
      else reasons.delete(reason);
      update();
    },
    /** Adds or takes back a reason for which the panel does not open by itself.
        @param {string} reason
        @param {boolean} applies */
    forbidOpening(reason, applies) {
      if (applies) vetoes.add(reason);
      else vetoes.delete(reason);
    },
    /** Tells whether the panel may open by itself. */
    mayOpen: () => reasons.size + vetoes.size === 0,
  };
}
