// The GWS chat of protocol section 3, as a visitor's program uses it.

const CHATS = "/api/v2/chats";
// The emulator checks no key, but clients of real servers send one.
const HEADERS = { apikey: "emulator" };
const PATIENCE_MS = 10_000;

/** A failed request. `status` is 0 when there was no answer at all. */
export class Failed extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(path, body) {
  let response;
  let text;
  try {
    response = await fetch(CHATS + path, {
      method: body ? "POST" : "GET",
      headers: body ? { ...HEADERS, "Content-Type": "application/json" } : HEADERS,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    text = await response.text();
  } catch {
    throw new Failed(0, "The server does not answer.");
  }
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    // Bodies of errors may be plain text.
    throw new Failed(response.status, text.trim().slice(0, 200) || `The server said ${response.status}.`);
  }
  if (!response.ok || (answer.statusCode ?? 0) !== 0) throw new Failed(response.status, answer.statusMessage ?? answer.message ?? `The server said ${response.status}.`);
  return answer;
}

const at = (chat) => `/${encodeURIComponent(chat)}`;

/** Starts a chat and returns its id. */
export const requestChat = async (nickname, subject) => (await request("", { operationName: "RequestChat", nickname, subject })).id;

/** Performs an operation that returns nothing: `SendMessage` (with `text`), `SendStartTypingNotification`, `Complete` … */
export const perform = (chat, operationName, more = {}) => request(at(chat), { operationName, ...more });

/** Reads the chat's state and capabilities. */
export const getChat = async (chat) => (await request(at(chat))).chat;

/** Reads the events from `index` on. Always with an index: without one all readers share the server's cursor. */
export const getTranscript = async (chat, index) => (await request(`${at(chat)}/messages?index=${index}`)).messages ?? [];
