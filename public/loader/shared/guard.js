// What keeps the widget and the page apart while the widget is mounted.

import { ofDocument } from "./page.js";

/**
 * Keeps what happens in the widget from the page, and what the browser forgets of the widget when the
 * page throws its element out.
 * @param {Loader} loader
 * @param {AbortSignal} signal Ends it.
 */
export function guard({ host, root, hooks }, signal) {
  submitByClick(root, signal);
  keepEvents(host, root, signal);
  hooks.onAttach = rememberPlace(host, root, signal);
}

/** Submits forms where the page stands in a frame that may not: there, browsers send no event. A press of
    Enter in a field clicks the button as well. */
function submitByClick(root, signal) {
  const onClick = (event) => {
    const button = event.target.closest("[type=submit]");
    if (!button) return;
    event.preventDefault();
    button.form.dispatchEvent(new Event("submit", { cancelable: true }));
  };
  root.addEventListener("click", onClick, { signal });
}

/** Stops events at the shadow root, after the widget's own handlers: a page may have shortcuts, a scrolling
    of its own, or a dialog that calls the focus back. */
function keepEvents(host, root, signal) {
  // Where the pointer goes, and that it is released, is left to the page: what the visitor drags there
  // may end over the widget.
  const handlers = /^on(?!(mouse|pointer)(?!down|wheel))/;
  const stop = (event) => event.stopPropagation();
  // Events without a handler property in some engine.
  const types =
    "focusout compositionstart compositionupdate compositionend textInput touchstart " +
    "touchmove touchend touchcancel DOMMouseScroll MozMousePixelScroll";
  const list = types.split(" ");
  for (const name in host) if (handlers.test(name)) list.push(name.slice(2));
  for (const type of list) root.addEventListener(type, stop, { passive: true, signal });
  // Focus traps listen while it is captured. The widget's own views do nothing at a gained focus.
  const onFocus = (event) => event.target === host && stop(event);
  window.addEventListener("focus", onFocus, { capture: true, signal });
  window.addEventListener("focusin", onFocus, { capture: true, signal });
}

/** Remembers where the focus is and how far things are scrolled. Returns what puts both back when the
    element is on the page again. */
function rememberPlace(host, root, signal) {
  let focused = root.activeElement;
  const scrolled = new Map();
  // First on the window, before the events are stopped there.
  const onFocus = (event) => {
    if (event.target === host) focused = event.composedPath()[0];
  };
  window.addEventListener("focus", onFocus, { capture: true, signal });
  // A focus that moves within the widget is seen in its shadow root alone.
  root.addEventListener("focusin", ({ target }) => (focused = target), { signal });
  // Later, because an element that leaves the page loses the focus before it is put back.
  const onFocusOut = () =>
    setTimeout(() => {
      if (!root.activeElement) focused = undefined;
    });
  root.addEventListener("focusout", onFocusOut, { signal });
  const onScroll = ({ target }) => scrolled.set(target, target.scrollTop);
  root.addEventListener("scroll", onScroll, { capture: true, signal });

  return () => {
    const before = focused;
    // A dialog that has left the page is no longer modal. Shown anew it takes the focus.
    const dialog = root.querySelector("[open]");
    if (dialog) {
      dialog.removeAttribute("open");
      dialog.showModal();
    }
    // Unless the page has taken the focus.
    if (before && [ofDocument("body"), host].includes(ofDocument("activeElement"))) {
      before.focus({ preventScroll: true });
    }
    for (const [element, top] of scrolled) element.scrollTop = top;
  };
}
