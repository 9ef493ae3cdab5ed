// The mark that a chat goes on, for all sub-domains of a site: a cookie without content. What the chat needs is in the
// storage of the frame, which all pages of a site share.

import { ofDocument } from "./page.js";

/** How long the mark stays, in seconds: a day. Each page with the chat renews it. */
const LIFE = 86_400;

/**
 * Tells whether the mark is there.
 * @param {string} name
 */
export function hasCookie(name) {
  try {
    return `; ${ofDocument("cookie")}`.includes(`; ${name}=`);
  } catch {
    return false; // The page may have no cookies.
  }
}

/**
 * Sets the mark, or removes it.
 * @param {CookieValues} cookie
 * @param {boolean} isLive
 */
export function setCookie({ name, domain }, isLive) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const words = `${name}=1; Domain=${domain}; Path=/; SameSite=Lax; Max-Age=${isLive ? LIFE : 0}${secure}`;
  try {
    // As `ofDocument` reads: nothing on the page can mislead it.
    Reflect.set(Document.prototype, "cookie", words, document);
  } catch {
    // Without it, the chat goes on at this sub-domain only.
  }
}

/**
 * Brings the mark in the page's storage, which the loader reads, in step with the cookie: the chat may have begun or
 * ended at another sub-domain. Elsewhere there is never a cookie: what the page's storage says counts.
 * @param {Loader} loader
 * @param {CookieValues} cookie
 */
export function adoptCookie({ liveKey }, { name, domain }) {
  if (!navigator.cookieEnabled || !`.${location.hostname}`.endsWith(`.${domain}`)) return;
  try {
    if (hasCookie(name)) localStorage.setItem(liveKey, "");
    else localStorage.removeItem(liveKey);
  } catch {
    // The page has no storage: the chat is resumed when the launcher is touched.
  }
}
