/** How long the site has to take a message, in milliseconds. */
const TIMEOUT = 20_000;

/**
 * Posts a message to the tenant's address. Resolves when the site has taken it.
 * @param {string} url
 * @param {Record<string, string>} message
 */
export async function sendMessage(url, message) {
  const request = new AbortController();
  const timer = setTimeout(() => request.abort(), TIMEOUT);
  try {
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      signal: request.signal,
      // Browsers make a GET of it when they are led on: the page that answers has no message.
      redirect: "error",
    });
    if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
  } finally {
    clearTimeout(timer);
  }
}
