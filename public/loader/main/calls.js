// The page's calls: `Name("command", …)`. What the commands mean is in a file of its own, which is
// fetched with the first call.

/**
 * Takes the page's calls from now on, and those that its own function of that name has put into `q`.
 * @param {Loader} loader
 */
export function takeCalls(loader) {
  const { build, parts, signal } = loader;
  const { name } = build;
  const earlier = window[name];
  // An element of that name or id is nobody's function.
  if (earlier && !earlier.q && !(earlier instanceof Element)) {
    console.warn(`Chat: ${name} is taken.`);
    return;
  }
  /** @param {unknown[]} words */
  const call = async (...words) => (await parts.fetch("mount")).run(loader, words);
  window[name] = call;
  signal.addEventListener("abort", () => window[name] === call && delete window[name]);
  for (const words of (earlier && earlier.q) || []) {
    call(...words).catch((error) => console.error("Chat:", error));
  }
}
