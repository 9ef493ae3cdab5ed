// Paths of pages: which patterns they match, and when they change.

/**
 * Makes a test of patterns such as "/checkout/*". A star stands for anything, slashes too. A slash at the end of a
 * path makes no difference.
 * @param {string[]} patterns
 * @returns {(path: string) => boolean}
 */
export function createPathTest(patterns) {
  const tests = patterns.map((pattern) => {
    const parts = decode(pattern).split("*");
    const escaped = parts.map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
    return new RegExp(`^${escaped.join(".*")}/?$`, "s");
  });
  return (path) => {
    const plain = decode(path);
    return tests.some((test) => test.test(plain) || test.test(plain + "/"));
  };
}

/**
 * Calls a function whenever the page's path has changed without a new page.
 * @param {() => void} onChange
 * @param {AbortSignal} signal Ends it.
 */
export function watchPath(onChange, signal) {
  if (signal.aborted) return;
  let path = location.pathname;
  const check = () => {
    if (location.pathname === path) return;
    path = location.pathname;
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
