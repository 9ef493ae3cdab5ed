// One request that is always open and comes back when something has changed.

import { read } from "./api.js";

// The server holds a request for 25 s: who hears nothing for longer has lost it.
const HELD_MS = 35_000;
// A busy server must not keep the page busy.
const BREATH_MS = 80;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Watches for ever. `onReset` reads everything anew (it may throw: it is tried again), `onChats` is told of chats that
 * changed, `onStatus` hears "live" and "reconnecting".
 */
export async function watch({ onReset, onChats, onStatus }) {
  let run = null;
  let after = null;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const query = after === null ? "" : `?run=${run}&after=${after}`;
      const answer = await read(`/changes${query}`, { patienceMs: HELD_MS });
      // Before what is read: what changes meanwhile is told once more rather than never.
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

/** Sleeps, but not while somebody looks again or the network is back. */
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
