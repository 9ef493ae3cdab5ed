// What the page hears of: events of the widget's element.

/** The events by name, with the members of their details that say nothing of what was said, and by whom. */
export const EVENTS = {
  ready: [],
  opened: [],
  closed: [],
  chatStarted: [],
  agentJoined: ["kind", "isBack"],
  agentLeft: ["kind", "reason"],
  message: ["type"],
  typing: [],
  fileReceived: ["size"],
  unreadChanged: ["count"],
  connectionChanged: ["connection"],
  chatEnded: ["reason"],
  error: ["action", "code", "serverCode", "limit"],
  analytics: [],
};

/**
 * Tells the page of an event, and once more as "analytics", without texts and names.
 * @param {Loader} loader
 * @param {string} name
 * @param {Record<string, any>} [detail]
 */
export function tell(loader, name, detail = {}) {
  if (name === "opened" || name === "closed") loader.isOpen = name === "opened";
  // The page that holds the frame tells it again.
  if (loader.emit) loader.emit(name, detail);
  dispatch(loader, name, detail);
  /** @type {Record<string, any>} */
  const bare = { event: name };
  // What a newer frame tells may be unknown here.
  for (const member of EVENTS[name] || []) bare[member] = detail[member];
  if (detail.from) bare.from = detail.from.kind;
  dispatch(loader, "analytics", bare);
}

/** A listener that throws is reported by the browser and keeps nobody from hearing. */
function dispatch(loader, name, detail) {
  const event = new CustomEvent(typeOf(loader, name), { bubbles: true, detail });
  loader.host.dispatchEvent(event);
}

/** @param {Loader} loader */
export const typeOf = ({ build }, name) => `${build.attribute}:${name}`;
