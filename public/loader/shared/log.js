// The support log: the last steps of the chat, kept in memory. It has neither what was said nor who said it.

/** How many steps are kept. */
const KEPT = 200;

/**
 * Adds a step to the log. Equal steps in a row are one, with their number.
 * @param {Loader} loader
 * @param {string} step
 * @param {Record<string, unknown>} [detail] Neither texts nor names nor secrets.
 */
export function note(loader, step, detail) {
  const steps = (loader.steps = loader.steps || []);
  const what = JSON.stringify({ step, ...detail });
  const last = steps[steps.length - 1];
  const time = Date.now();
  if (last && last.what === what) {
    last.until = time;
    last.times += 1;
  } else if (steps.push({ what, time, until: time, times: 1 }) > KEPT) steps.shift();
}
