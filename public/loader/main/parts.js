// The files that the widget is made of: each is fetched once, checked, and fetched anew if that failed.

/** How long a host has to begin its answer, in milliseconds. */
const ANSWER_TIMEOUT = 15_000;
const TIMED_OUT = new Error("no answer");

/**
 * A package's files.
 * @typedef {ReturnType<typeof createParts>} Parts
 */

/**
 * Creates the collection of a package's files.
 * @param {Files} files Names, and sha384 digests where they are known.
 * @param {(name: string) => string} urlOf Returns a file's address.
 * @param {{ imports?: number }} numbers Counts imports that cannot be repeated, for all tags of the page.
 */
export function createParts(files, urlOf, numbers) {
  /** @type {Record<string, Promise<any>>} */
  const fetched = {};
  /** Requests that were sent ahead, by address. @type {Record<string, ReturnType<typeof send>>} */
  const ahead = {};

  return {
    /** Sends the requests for parts ahead of their use.
        @param {string[]} names */
    request(names) {
      for (const name of names) {
        const url = urlOf(files[name][0]);
        if (!fetched[name]) ahead[url] = ahead[url] || send(url);
      }
    },

    /** Fetches a part once: what `read` makes of its file or, without it, a script's exports.
        @param {string} name
        @param {(reply: Response) => Promise<any>} [read] */
    fetch: (name, read) =>
      (fetched[name] =
        fetched[name] ||
        withRetries(() => {
          const [file, integrity] = files[name];
          const url = urlOf(file);
          return read ? fetchFile(url, integrity, read) : importScript(url, integrity);
        }).catch((error) => {
          delete fetched[name];
          throw error;
        })),

    /** Forgets a part, so that it is fetched anew.
        @param {string} name */
    discard(name) {
      delete fetched[name];
      numberImports();
    },
  };

  /** Changes the address of imports. A browser remembers a failed import and a module that died, so
      neither is imported again under the same address, by the page's next tag either. */
  function numberImports() {
    numbers.imports = (numbers.imports || 1) + 1;
  }

  async function importScript(url, integrity) {
    // An import cannot be checked. What is imported after the check comes from the browser's cache.
    if (integrity || ahead[url]) await fetchFile(url, integrity, (reply) => reply.text());
    const number = numbers.imports;
    try {
      return await withTimeout(ANSWER_TIMEOUT, import(url + (number ? "?" + number : "")));
    } catch (error) {
      numberImports();
      throw error;
    }
  }

  /** Fetches, reads and checks a file. Once the answer has begun it has longer, because lines may be slow. */
  async function fetchFile(url, integrity, read) {
    const { abort, answer } = ahead[url] || send(url);
    delete ahead[url];
    try {
      const reply = await withTimeout(ANSWER_TIMEOUT, answer);
      if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
      // Beside the reading, so that a module is compiled as it comes. It is not used before the check.
      const check = integrity && crypto.subtle && digest(reply.clone());
      const [content, found] = await withTimeout(4 * ANSWER_TIMEOUT, Promise.all([read(reply), check]));
      if (found && found !== integrity) throw new Error(`${url} was changed`);
      return content;
    } catch (error) {
      abort();
      throw error;
    }
  }
}

/** @param {string} url */
function send(url) {
  const request = new AbortController();
  const answer = fetch(url, { signal: request.signal });
  answer.catch(() => {}); // Whoever uses it hears of the failure.
  return { answer, abort: () => request.abort() };
}

/**
 * Tries up to three times.
 * @param {() => Promise<any>} fetchPart
 */
async function withRetries(fetchPart) {
  for (const pause of [400, 1600, 0]) {
    try {
      return await fetchPart();
    } catch (error) {
      // The visitor has waited long enough.
      if (error === TIMED_OUT || !pause) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * Rejects when a promise takes longer than `time`.
 * @param {number} time
 * @param {Promise<any>} promise
 */
function withTimeout(time, promise) {
  const late = new Promise((_, reject) => setTimeout(reject, time, TIMED_OUT));
  return Promise.race([promise, late]);
}

/** @param {Response} reply */
async function digest(reply) {
  const bytes = await crypto.subtle.digest("SHA-384", await reply.arrayBuffer());
  return "sha384-" + btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
