// What support needs to know of a chat that does not work.

/**
 * Collects what is known: the browser, the state and the last steps. Nothing that anybody said is in it, and
 * addresses are without query and hash.
 * @param {Loader} loader
 * @param {Record<string, any>} state
 */
export function diagnose(loader, state) {
  const { phase, endReason, connection, agents, unread, isLoaded, isOpen, isHidden, hasChatToResume } = state;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    version: loader.version || null,
    time: iso(Date.now()),
    timeZone,
    page: withoutIds(location.href),
    browser: navigator.userAgent,
    languages: [...(navigator.languages || [])],
    isOnline: navigator.onLine,
    isVisible: document.visibilityState === "visible",
    window: [window.innerWidth, window.innerHeight, window.devicePixelRatio],
    storage: { local: hasStorage("localStorage"), session: hasStorage("sessionStorage") },
    state: { phase, endReason, connection, agents, unread, isLoaded, isOpen, isHidden, hasChatToResume },
    steps: steps(loader),
  };
}

/**
 * Lists the steps of the log as support reads them.
 * @param {Loader} loader
 */
export function steps(loader) {
  return (loader.steps || []).map(({ what, time, until, times }) => {
    const { url, ...rest } = JSON.parse(what);
    return {
      time: iso(time),
      ...rest,
      ...(url && { url: withoutIds(url) }),
      ...(times > 1 && { times, until: iso(until) }),
    };
  });
}

/** @param {number} time In milliseconds since 1970. */
const iso = (time) => new Date(time).toISOString();

/**
 * Returns an address without query and hash, and without what may be an identifier in its path: those of chats
 * open them.
 * @param {string} address
 */
export function withoutIds(address) {
  try {
    const { origin, pathname } = new URL(address, location.href);
    const isId = (part) => part.length > 24 || (part.length > 7 && /\d.*\d/.test(part)) || part.includes("@");
    const parts = pathname.split("/").map((part) => (isId(decodeURIComponent(part)) ? "…" : part));
    return origin + parts.join("/");
  } catch {
    return "…";
  }
}

function hasStorage(name) {
  try {
    return Boolean(window[name]);
  } catch {
    return false;
  }
}
