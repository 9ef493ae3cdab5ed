// What the visitor finds outside of business hours.

import { typeOf } from "../shared/events.js";
import { forgetMounted } from "../shared/forget_mounted.js";
import { createTimetable } from "./hours.js";
import { withNotice } from "../shared/notice.js";

const DAY = 24 * 60 * 60 * 1000;

/**
 * Follows the tenant's business hours while the page is open. A chat that goes on, and an open panel, stay as they are.
 * @param {Loader} loader
 * @param {HoursValues} hours
 * @param {import("./visibility.js").Visibility} visibility
 * @returns {() => string | undefined} Returns why there is a form for messages instead of the chat; nothing if there
 *   is none.
 */
export function followHours(loader, hours, visibility) {
  const { host, launcher, signal } = loader;
  const timetable = createTimetable(hours);
  let timer;
  let wasOpen = true;
  /** What is mounted knows of this. */
  let known = "open";

  // What was mounted before is told when it is mounted anew.
  loader.configure = (text) => withNotice(text, loader.notice && loader.notice());
  host.addEventListener(typeOf(loader, "closed"), update, { signal });
  // Timers stand still while a computer sleeps.
  window.addEventListener("visibilitychange", update, { capture: true, signal });
  window.addEventListener("pageshow", update, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  update();
  return () => {
    if (timetable.at(Date.now()).isOpen || hours.closed !== "message" || !loader.notice) return undefined;
    return loader.notice();
  };

  function update() {
    const now = Date.now();
    const { isOpen, until } = timetable.at(now);
    clearTimeout(timer);
    // A notice names the day as it is seen from this one.
    const midnight = midnightAfter(now);
    timer = setTimeout(update, Math.min(until, midnight) - now);
    loader.notice = isOpen ? undefined : () => noticeOf(loader, hours.texts, until);
    if (hours.closed === "hide") visibility.hideFor("hours", !isOpen);
    // No page's `data-open` counts, and no rule opens the panel, while it is closed.
    visibility.forbidOpening("hours", !isOpen);
    if (!isOpen && loader.opener === "page" && !loader.mounted) forgetMounted(loader);
    const news = isOpen ? "open" : `${until} ${midnight}`;
    if (news === known) return;
    const { mounted } = loader;
    if (isOpen === wasOpen && mounted && mounted.refresh) mounted.refresh();
    else if (!mountAnew()) return;
    known = news;
    wasOpen = isOpen;
  }

  /** Takes off what is mounted, so that the next start finds what counts now. Returns whether that could be done. */
  function mountAnew() {
    const { mounted } = loader;
    if (!mounted) return true;
    // The form for messages may hold what was typed.
    if (visibility.isInUse() || (mounted.isInUse && mounted.isInUse())) return false;
    mounted.remove();
    forgetMounted(loader);
    launcher.show();
    return true;
  }
}

/**
 * Words a notice in the widget's language.
 * @param {Loader} loader
 * @param {Record<string, Texts>} texts
 * @param {number} opensAt When it opens again, if that is known.
 */
function noticeOf(loader, texts, opensAt) {
  const { closed, closedUntil } = loader.textsOf(texts, "hours");
  if (opensAt === Infinity) return closed;
  return closedUntil.replace("{time}", () => timeIn(loader.locale || "en", Date.now(), opensAt));
}

/** Returns the next midnight on the visitor's own clock. */
const midnightAfter = (now) => new Date(now).setHours(24, 0, 0, 0);

/** Writes when something will be, as briefly as is clear, on the visitor's own clock. */
function timeIn(tag, now, then) {
  /** @type {Intl.DateTimeFormatOptions} */
  const time = { hour: "numeric", minute: "2-digit" };
  const isToday = new Date(now).toDateString() === new Date(then).toDateString();
  if (!isToday) time.weekday = "long";
  if (then - now > 6 * DAY) Object.assign(time, { day: "numeric", month: "long" });
  return new Intl.DateTimeFormat(tag, time).format(then);
}
