// Business hours: the arithmetic of opening times in a time zone.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How many days ahead the next opening is looked for. */
const DAYS_AHEAD = 400;

/** How far ahead the end of an opening matters, in days: further than a timer of a browser reaches. */
const ENOUGH = 25;

/**
 * Creates a tenant's timetable. Its times are those of clocks in the time zone: an opening time that the change to
 * summer time leaves out is the moment of that change, and of one that comes twice the first counts.
 * @param {HoursValues} hours
 */
export function createTimetable({ zone, week, holidays }) {
  const format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn-hc-h23", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });

  return {
    /** Tells whether it is open at an instant, until when, and when it opens if it is closed. What is not known, or
        too far away to matter, is `Infinity`.
        @param {number} instant */
    at(instant) {
      const [from, to] = openingAt(instant) || [Infinity, Infinity];
      const isOpen = from <= instant;
      return { isOpen, until: isOpen ? to : from };
    },
  };

  /** Returns begin and end of the opening at an instant or, if there is none, of the next. Openings that follow each
      other at once are one.
      @returns {[number, number] | undefined} */
  function openingAt(instant) {
    const today = Math.floor(clockAt(instant) / DAY) * DAY;
    /** @type {[number, number] | undefined} */
    let found;
    // What begins yesterday may end today.
    for (let day = -1; day <= DAYS_AHEAD; day += 1) {
      for (const [from, to] of openingsOf(today + day * DAY)) {
        if (found && from > found[1]) return found;
        if (found) found[1] = Math.max(found[1], to);
        else if (to > instant) found = [from, to];
      }
      if (found && day > ENOUGH) return found[1] - instant > ENOUGH * DAY ? [found[0], Infinity] : found;
    }
    return found;
  }

  /** Returns the openings that begin on a day, as instants.
      @param {number} day Midnight on the zone's clocks. */
  function openingsOf(day) {
    const date = new Date(day).toISOString().slice(0, 10);
    const spans = holidays[date] || holidays[date.slice("2000-".length)] || week[new Date(day).getUTCDay()];
    const instants = spans.map((span) => span.map((minutes) => instantOf(day + minutes * MINUTE)));
    return instants.filter(([from, to]) => from < to);
  }

  /** Returns what the zone's clocks show at an instant, as if they were set to UTC. */
  function clockAt(instant) {
    /** @type {Record<string, number>} */
    const shown = {};
    for (const { type, value } of format.formatToParts(instant)) shown[type] = Number(value);
    const { year, month, day, hour, minute, second } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** Returns by how much the zone's clocks are ahead of UTC. */
  function offsetAt(instant) {
    return clockAt(instant) - Math.floor(instant / 1000) * 1000;
  }

  /** Returns the first instant at which the zone's clocks have come to a time. */
  function instantOf(clock) {
    const around = [offsetAt(clock - DAY), offsetAt(clock + DAY)];
    let early = clock - Math.max(...around);
    let late = clock - Math.min(...around);
    for (const instant of [early, late]) if (clockAt(instant) === clock) return instant;
    // The clocks were put forward over that time: the change is between the two.
    const before = offsetAt(early);
    while (late - early > MINUTE) {
      const middle = early + Math.floor((late - early) / MINUTE / 2) * MINUTE;
      if (offsetAt(middle) === before) early = middle;
      else late = middle;
    }
    return late;
  }
}
