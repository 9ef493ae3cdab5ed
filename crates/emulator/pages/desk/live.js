// The long poll for changes.

import { read } from "./api.js";

// The server holds a request for 25 s: if there is no answer for longer, the connection is lost.
const HELD_MS = 35_000;
// A busy server must not keep the page busy.
const BREATH_MS = 80;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Watches for ever. `onReset` reads everything again (if it throws, it is retried), `onChats` receives the chats that
 * changed, `onStatus` receives "live" or "reconnecting".
 */
export async function watch({ onReset, onChats, onStatus }) {
  let run = null;
  let after = null;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const query = after === null ? "" : `?run=${run}&after=${after}`;
      const answer = await read(`/changes${query}`, { patienceMs: HELD_MS });
      // Taken before reading: a change meanwhile is reported twice rather than never.
      if (answer.reset) await onReset();
      else if (answer.chats.length > 0) onChats(answer.chats);
      run = answer.run;
      after = answer.seq;
      pause = FIRST_PAUSE_MS;
      onStatus("live");
      await sleep(BREATH_MS);
    } catch (error) {
      onStatus("reconnecting");
      if (!("status" in error)) console.error(error);
      await sooner(pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sleeps; wakes early if the page is looked at again or the network is back. */
function sooner(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      document.removeEventListener("visibilitychange", done);
      resolve();
    }
    window.addEventListener("online", done);
    document.addEventListener("visibilitychange", done);
  });
}
