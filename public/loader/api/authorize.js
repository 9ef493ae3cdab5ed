// The headers that the page gives to requests to the chat server, such as a token. They are kept in memory only,
// and asked for anew where the server says that they are not right any more.

import { isPlain, refuse } from "./check.js";

/** How long the page has to give headers, in milliseconds. */
const PATIENCE = 10_000;

/** What browsers take as a header's name (RFC 9110, 5.6.2), and as its value. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\x20-\x7e]*$/;

/** What browsers or the chat's own requests set. */
const TAKEN = /^(accept|content-.*|cookie2?|host|origin|referer|sec-.*|proxy-.*)$/i;

/** Gives headers; `renew` says that the last ones were refused.
    @typedef {(wish: { renew: boolean }) => unknown} Ask */

/**
 * Has every request to the chat server carry the headers that a function gives.
 * @param {Loader} loader
 * @param {Ask} ask
 */
export function authorize(loader, ask) {
  /** Headers that were given, or are being asked for. @type {Promise<Record<string, string>> | undefined} */
  let known;

  const askInTime = (renew) => withTimeout(ask, renew);
  loader.ask = askInTime;
  loader.send = send;

  /** @param {Request} request */
  async function send(request) {
    // Its body can be sent once.
    const again = request.clone();
    const given = headers();
    const answer = await sendWith(request, await given);
    if (answer.status !== 401) return answer;
    // Requests beside it may have found out before.
    if (known === given) known = undefined;
    return sendWith(again, await headers(true));
  }

  /** Returns the headers that are known, or asks for them. */
  function headers(renew = false) {
    if (!known) {
      const asked = askInTime(renew);
      known = asked;
      asked.catch((error) => {
        // The next request asks again.
        if (known === asked) known = undefined;
        console.error("Chat: authorize:", error.message);
      });
    }
    return known;
  }
}

/**
 * @param {Request} request
 * @param {Record<string, string>} headers
 */
function sendWith(request, headers) {
  for (const name of Object.keys(headers)) request.headers.set(name, headers[name]);
  // Whatever the server may redirect to is not meant to have them.
  return fetch(request, { redirect: "error" });
}

/**
 * Asks the page, and checks what it gives.
 * @param {Ask} ask
 * @param {boolean} renew
 */
async function withTimeout(ask, renew) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, PATIENCE, new Error(`the function gave no headers within ${PATIENCE / 1000} s`));
  });
  try {
    return checkHeaders(await Promise.race([ask({ renew }), late]));
  } catch (error) {
    // A page may throw anything, or reject with nothing. An error of another window is one, too.
    const { message } = /** @type {any} */ (error || {});
    throw typeof message === "string" ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the headers that the page gave. Errors name no values: they are secret. */
function checkHeaders(given) {
  if (!isPlain(given)) return refuse("the function must return an object of headers, or a promise of one");
  /** @type {Record<string, string>} */
  const headers = {};
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (!NAME.test(name) || TAKEN.test(name)) refuse(`"${name}" is no header that a page may give`);
    if (typeof value !== "string" || !VALUE.test(value)) refuse(`the header "${name}" must be a plain text`);
    headers[name] = value;
  }
  return headers;
}
