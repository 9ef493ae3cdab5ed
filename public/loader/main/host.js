// The widget's element in the page.

import { createElement, ofDocument } from "../shared/page.js";

// Important declarations of the element itself: the page's style sheets cannot override them.
const STYLE =
  "all:initial;display:block;position:fixed;top:0;left:0;z-index:2147483647;width:0;height:0;";

/** What is shorter than this between two removals, in milliseconds, is a page that fights the widget. */
const FIGHT = 100;

/**
 * Undoes the zoom of the page's root element, which would zoom the widget, too.
 * @param {HTMLElement} host
 */
export function undoZoom(host) {
  const { zoom } = getComputedStyle(ofDocument("documentElement"));
  host.style.setProperty("zoom", String(1 / (Number(zoom) || 1)), "important");
}

/**
 * Creates the widget's element. It is put beside the body, not into it, because pages replace, morph,
 * transform and hide their bodies; and into the top layer, where nothing on the page moves or covers it.
 * @param {AbortSignal} signal Takes the element off the page when aborted.
 * @param {() => boolean} isWanted Tells whether the element comes back when the page has removed it alone.
 * @param {() => void} onGone Called when the page has removed it for good.
 */
export function createHost(signal, isWanted, onGone) {
  const host = createElement("div", { popover: "manual" });
  host.style.cssText = STYLE.replace(/;/g, "!important;");
  const root = host.attachShadow({ mode: "open" });
  const observer = new MutationObserver(onMutation);
  let attachedAt = 0;
  /** @type {{ onAttach?: () => void }} */
  const hooks = {};

  // `document.open()` takes all handlers away, this one too: what is dead then must not come back.
  host.onerror = onGone;
  signal.addEventListener("abort", () => {
    observer.disconnect();
    host.remove();
  });
  if (ofDocument("body")) attach();
  else window.addEventListener("DOMContentLoaded", attach, { signal });

  function attach() {
    const page = ofDocument("documentElement");
    if (signal.aborted || host.isConnected || !page) return;
    attachedAt = Date.now();
    page.append(host);
    undoZoom(host);
    try {
      host.showPopover();
    } catch {
      // An engine without popovers: the element stands above the page by its index.
    }
    if (hooks.onAttach) hooks.onAttach();
    observer.disconnect();
    observer.observe(host, { attributeFilter: ["inert", "aria-hidden"] });
    // The children are enough to see that the page has removed the element, or replaced its root.
    observer.observe(page, { childList: true });
    observer.observe(document, { childList: true });
  }

  /** Comes back if the page has removed the element while its tag stands. Takes back what dialogs of
      the page do to all beside them: the widget stands above them. */
  function onMutation() {
    host.removeAttribute("inert");
    host.removeAttribute("aria-hidden");
    if (host.isConnected) return;
    if (!isAlive()) onGone();
    else if (Date.now() - attachedAt > FIGHT) attach();
    else setTimeout(attach, 10 * FIGHT);
  }

  /** Tells whether the element is on the page, or comes back. */
  function isAlive() {
    return host.isConnected || (!signal.aborted && host.onerror !== null && isWanted());
  }

  return { host, root, hooks, isAlive };
}
