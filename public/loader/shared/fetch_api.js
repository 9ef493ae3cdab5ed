// The file of the page's API, which is fetched when the page uses it.

/**
 * Fetches what carries out the page's calls.
 * @param {Loader} loader
 */
export const fetchApi = async (loader) => (loader.api = await loader.parts.fetch("api"));

/**
 * Offers to copy what support needs to know, beside what the loader is about to say. Where the file cannot be
 * fetched either, there is no offer.
 * @param {Loader} loader
 * @param {Texts} texts
 */
export function offerDetails(loader, texts) {
  fetchApi(loader).then(
    (api) => api.offerDetails(loader, texts),
    () => {},
  );
}

/**
 * Fetches it before the widget is mounted: if the page gives headers for the chat's requests, or if the tag's
 * attributes say what the form begins with. For the latter, there is a chat without it, too.
 * @param {Loader} loader
 */
export async function fetchApiIfWanted(loader) {
  if (loader.isAuthorized) return void (await fetchApi(loader));
  if (!Object.keys(loader.dataset).some((key) => key.startsWith("prefill"))) return;
  await fetchApi(loader).catch((error) => console.error("Chat:", error));
}
