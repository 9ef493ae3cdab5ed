// Opening the panel by itself, or inviting to it: after a time, or when the visitor is about to leave the page.

import { typeOf } from "../shared/events.js";
import { forgetMounted } from "../shared/forget_mounted.js";
import { invite } from "./invitation.js";
import { ofDocument } from "../shared/page.js";

/** The windows that an open panel would cover, or nearly: there it never opens by itself. */
const COVERED = "(max-width:480px),(max-height:560px)";

/**
 * Opens the panel as the tenant's rules say, or invites to it: once, without taking the focus, and never against the
 * visitor's will.
 * @param {Loader} loader
 * @param {RulesValues} rules
 * @param {() => boolean} mayOpen Tells whether the launcher is shown and somebody may answer.
 * @param {Record<string, Texts>} [invitation] The words that invite, by language.
 */
export function openByItself(loader, { open_after_s, open_on_exit, open_once }, mayOpen, invitation) {
  const { host, root, launcher, signal } = loader;
  const key = "chat-opened:" + loader.urlOf(".");
  const name = open_once === "session" ? "sessionStorage" : "localStorage";
  /** Whether the time is over while nobody looked at the page. */
  let isDue = false;

  // Whoever has seen the panel knows of it: no rule opens it again.
  host.addEventListener(typeOf(loader, "opened"), mark, { signal });
  // A page that is prerendered may never be shown.
  if (!ofDocument("prerendering")) begin();
  else window.addEventListener("prerenderingchange", begin, { capture: true, signal });

  function begin() {
    if (hasMark()) return;
    if (open_after_s) {
      const timer = setTimeout(onTime, 1000 * open_after_s);
      signal.addEventListener("abort", () => clearTimeout(timer));
    }
    if (open_on_exit) {
      ofDocument("documentElement").addEventListener("pointerleave", onLeave, { signal });
    }
    window.addEventListener("visibilitychange", () => isDue && onTime(), { capture: true, signal });
  }

  function onTime() {
    isDue = ofDocument("visibilityState") !== "visible";
    if (!isDue) open();
  }

  /** Recognises a mouse that leaves through the window's upper edge, to the browser's tabs and address. */
  function onLeave({ pointerType, clientY }) {
    if (pointerType === "mouse" && clientY <= 0) open();
  }

  function open() {
    const isWanted = loader.isOpen || loader.opener || loader.hasChat();
    const isUsed = root.activeElement || root.querySelector(".launcher:hover");
    const isHidden = host.style.display === "none" || !mayOpen();
    if (isWanted || isUsed || isHidden) return;
    if (!invitation && window.matchMedia(COVERED).matches) return;
    // Where nothing can be kept, it would open on every page.
    if (hasMark() || !mark()) return;
    if (invitation) {
      invite(loader, invitation);
      return;
    }
    const { mounted } = loader;
    if (mounted) {
      // A mounted widget takes the focus when it opens, so it is mounted anew.
      mounted.remove();
      forgetMounted(loader);
    }
    loader.opener = "page";
    loader.start();
  }

  function hasMark() {
    try {
      return window[name].getItem(key) !== null;
    } catch {
      return false;
    }
  }

  /** Notes that the panel was open. Returns whether the browser keeps that. */
  function mark() {
    try {
      window[name].setItem(key, "");
      return true;
    } catch {
      return false;
    }
  }
}
