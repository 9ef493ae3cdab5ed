// Tests of the arithmetic of business hours, at fixed instants.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";

// The script is no file of a package with modules, so it is imported by its text.
const source = await readFile(new URL("../../public/loader/early/hours.js", import.meta.url), "utf8");
const { createTimetable } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const at = (hour, minute = 0) => 60 * hour + minute;
const WORK = [[at(9), at(12, 30)], [at(13, 30), at(18)]];
const ALL_DAY = [[0, at(24)]];
/** Sunday comes first. */
const WEEK = [[], WORK, WORK, WORK, WORK, WORK, [[at(10), at(14)]]];
const every = (spans) => Array(7).fill(spans);

const timetable = (zone, week, holidays = {}) => createTimetable({ zone, week, holidays });
/** Tells how it stands at an instant: "open until …" or "closed until …". */
function told(table, instant) {
  const { isOpen, until } = table.at(Date.parse(instant));
  return `${isOpen ? "open" : "closed"} until ${until === Infinity ? "ever" : new Date(until).toISOString().slice(0, 16)}Z`;
}
const check = (table, rows) => {
  for (const [instant, expected] of rows) assert.equal(told(table, instant), expected, instant);
};

describe("opening times", () => {
  it("are those of the zone's clocks, from the first minute to before the last", () => {
    check(timetable("Europe/Berlin", WEEK), [
      ["2026-06-01T06:59:59Z", "closed until 2026-06-01T07:00Z"],
      ["2026-06-01T07:00:00Z", "open until 2026-06-01T10:30Z"],
      ["2026-06-01T10:29:59Z", "open until 2026-06-01T10:30Z"],
      ["2026-06-01T10:30:00Z", "closed until 2026-06-01T11:30Z"],
      ["2026-06-05T16:00:00Z", "closed until 2026-06-06T08:00Z"],
      ["2026-06-06T12:00:00Z", "closed until 2026-06-08T07:00Z"],
    ]);
    check(timetable("Asia/Kathmandu", WEEK), [["2026-06-01T03:14:59Z", "closed until 2026-06-01T03:15Z"]]);
    check(timetable("America/New_York", WEEK), [
      // There it is still Sunday.
      ["2026-06-01T03:00:00Z", "closed until 2026-06-01T13:00Z"],
    ]);
  });

  it("go over midnight", () => {
    const night = [[at(22), at(26)]];
    const table = timetable("Europe/Berlin", [[], [], [], [], [], night, night]);
    check(table, [
      ["2026-06-05T19:59:00Z", "closed until 2026-06-05T20:00Z"],
      ["2026-06-05T22:30:00Z", "open until 2026-06-06T00:00Z"],
      ["2026-06-06T00:00:00Z", "closed until 2026-06-06T20:00Z"],
      ["2026-06-06T23:30:00Z", "open until 2026-06-07T00:00Z"],
      ["2026-06-07T00:00:00Z", "closed until 2026-06-12T20:00Z"],
    ]);
  });

  it("that follow each other at once are one", () => {
    const table = timetable("Europe/Berlin", [[], ALL_DAY, ALL_DAY, [[0, at(8)]], [], [], []]);
    check(table, [["2026-06-01T12:00:00Z", "open until 2026-06-03T06:00Z"]]);
    check(timetable("Europe/Berlin", every(ALL_DAY)), [["2026-06-01T12:00:00Z", "open until everZ"]]);
    check(timetable("Europe/Berlin", every([])), [["2026-06-01T12:00:00Z", "closed until everZ"]]);
  });
});

describe("holidays", () => {
  const holidays = { "2026-12-24": [[at(9), at(12)]], "12-25": [], "12-26": [], "2027-12-26": [[at(10), at(11)]] };
  const table = timetable("Europe/Berlin", WEEK, holidays);

  it("have times of their own, or none, once or every year", () => {
    check(table, [
      ["2026-12-24T08:00:00Z", "open until 2026-12-24T11:00Z"],
      // Friday and Saturday are holidays, then comes a Sunday.
      ["2026-12-24T11:00:00Z", "closed until 2026-12-28T08:00Z"],
      ["2027-12-24T23:00:00Z", "closed until 2027-12-26T09:00Z"],
    ]);
  });

  it("are days of the zone, not of the visitor", () => {
    const table = timetable("Pacific/Auckland", every(WORK), { "2026-01-01": [] });
    check(table, [
      // It is the 31st of December in Greenwich, and New Year there.
      ["2025-12-31T22:00:00Z", "closed until 2026-01-01T20:00Z"],
    ]);
  });

  it("do not cut short what has begun the evening before", () => {
    const table = timetable("Europe/Berlin", every([[at(20), at(26)]]), { "2026-12-25": [] });
    check(table, [
      ["2026-12-24T23:30:00Z", "open until 2026-12-25T01:00Z"],
      ["2026-12-25T01:00:00Z", "closed until 2026-12-26T19:00Z"],
    ]);
  });

  it("may last for months", () => {
    const rest = Object.fromEntries(
      [...Array(200).keys()].map((day) => [new Date(Date.UTC(2026, 5, 1 + day)).toISOString().slice(0, 10), []]),
    );
    check(timetable("Europe/Berlin", every(WORK), rest), [["2026-06-01T12:00:00Z", "closed until 2026-12-18T08:00Z"]]);
  });
});

describe("summer time", () => {
  it("moves the opening on the day of the change, both ways", () => {
    const table = timetable("Europe/Berlin", every(WORK));
    check(table, [
      ["2026-03-28T23:00:00Z", "closed until 2026-03-29T07:00Z"],
      ["2026-10-24T22:00:00Z", "closed until 2026-10-25T08:00Z"],
    ]);
    check(timetable("America/New_York", every(WORK)), [
      ["2026-03-08T06:00:00Z", "closed until 2026-03-08T13:00Z"],
      ["2026-11-01T05:00:00Z", "closed until 2026-11-01T14:00Z"],
    ]);
    check(timetable("Australia/Lord_Howe", every(WORK)), [
      // By half an hour.
      ["2026-04-04T13:00:00Z", "closed until 2026-04-04T22:30Z"],
      ["2026-10-03T13:00:00Z", "closed until 2026-10-03T22:00Z"],
    ]);
  });

  it("begins an opening that it leaves out with the change", () => {
    const table = timetable("Europe/Berlin", every([[at(2, 30), at(6)]]));
    check(table, [
      ["2026-03-29T00:59:00Z", "closed until 2026-03-29T01:00Z"],
      ["2026-03-29T01:00:00Z", "open until 2026-03-29T04:00Z"],
    ]);
    // There, midnight is left out.
    check(timetable("America/Santiago", [[], ALL_DAY, [], [], [], [], []]), [
      ["2026-09-06T12:00:00Z", "closed until 2026-09-07T03:00Z"],
    ]);
    check(timetable("America/Santiago", [ALL_DAY, [], [], [], [], [], []]), [
      ["2026-09-06T03:00:00Z", "closed until 2026-09-06T04:00Z"],
      ["2026-09-06T04:00:00Z", "open until 2026-09-07T03:00Z"],
    ]);
  });

  it("leaves no opening where both of its ends are left out", () => {
    check(timetable("Europe/Berlin", [[[at(2, 10), at(2, 50)]], [[at(9), at(10)]], [], [], [], [], []]), [
      ["2026-03-28T23:00:00Z", "closed until 2026-03-30T07:00Z"],
    ]);
  });

  it("counts a time that comes twice when it comes first", () => {
    const table = timetable("Europe/Berlin", every([[at(2, 15), at(2, 45)], [at(22), at(26, 30)]]));
    check(table, [
      ["2026-10-25T00:00:00Z", "open until 2026-10-25T00:45Z"],
      // Clocks show half past two for the second time.
      ["2026-10-25T01:30:00Z", "closed until 2026-10-25T21:00Z"],
    ]);
  });

  it("is on over a span that goes through the change", () => {
    const table = timetable("Europe/Berlin", every([[at(22), at(30)]]));
    check(table, [
      ["2026-03-28T21:00:00Z", "open until 2026-03-29T04:00Z"],
      ["2026-10-24T20:00:00Z", "open until 2026-10-25T05:00Z"],
    ]);
  });
});

it("refuses a zone that the browser does not know", () => {
  assert.throws(() => timetable("Europe/Nowhere", WEEK), RangeError);
});
