// Paths of pages: which patterns they match, and when they change.

/**
 * Makes a test of patterns such as "/checkout/*". A star stands for anything, slashes too. A slash at the end of a
 * path makes no difference. A pattern such as "/#/checkout/*" is for pages that have their routes in the hash: what
 * stands behind its own hash must match that of the address, without the query that routers put there.
 * @param {string[]} patterns
 * @returns {(address: { pathname: string, hash: string }) => boolean}
 */
export function createPathTest(patterns) {
  const tests = patterns.map((pattern) => {
    const [path, ...route] = pattern.split("#");
    return { path: testOf(path), route: route.length ? testOf(route.join("#")) : () => true };
  });
  return ({ pathname, hash }) => {
    const route = hash.slice(1).replace(/\?.*/s, "");
    return tests.some((test) => test.path(pathname) && test.route(route));
  };
}

/**
 * Makes a test of one path, or route.
 * @param {string} pattern
 * @returns {(path: string) => boolean}
 */
function testOf(pattern) {
  const parts = decode(pattern).split("*");
  const escaped = parts.map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const test = new RegExp(`^${escaped.join(".*")}/?$`, "s");
  return (path) => {
    const plain = decode(path);
    return test.test(plain) || test.test(plain + "/");
  };
}

/**
 * Calls a function whenever the page's path, or its hash if that is wanted, has changed without a new page.
 * @param {() => void} onChange
 * @param {AbortSignal} signal Ends it.
 * @param {boolean} [withHash]
 */
export function watchPath(onChange, signal, withHash = false) {
  if (signal.aborted) return;
  const read = () => location.pathname + (withHash ? location.hash : "");
  let path = read();
  const check = () => {
    if (read() === path) return;
    path = read();
    onChange();
  };
  const { navigation } = window;
  if (navigation && navigation.currentEntry) {
    navigation.addEventListener("currententrychange", check, { signal });
    return;
  }
  // An engine without the Navigation API tells nobody of `pushState`. A page that shows another path changes its
  // document as well: a comparison of two strings when it does is enough, and leaves the page's functions alone.
  window.addEventListener("popstate", check, { capture: true, signal });
  const observer = new MutationObserver(check);
  observer.observe(document, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect());
}

/** Returns a path with the characters that a browser has put into it as bytes.
    @param {string} path */
function decode(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
