// The desk's API: one function for each kind of request. Errors carry the server's message.

const BASE = "api";
const PATIENCE_MS = 15_000;

/** A failed request. `status` is 0 when there was no answer at all. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(method, path, { body, headers, signal, patienceMs = PATIENCE_MS } = {}) {
  const signals = [signal, patienceMs && AbortSignal.timeout(patienceMs)].filter(Boolean);
  let response;
  let text;
  try {
    response = await fetch(BASE + path, { method, body, headers, signal: AbortSignal.any(signals), cache: "no-store" });
    text = await response.text();
  } catch {
    throw new Refused(0, "the emulator does not answer");
  }
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // Not every error is JSON.
  }
  if (!response.ok) throw new Refused(response.status, answer?.error ?? (text.trim() || `error ${response.status}`));
  if (answer === null) throw new Refused(response.status, "the answer cannot be read");
  return answer;
}

const chatPath = (chat) => `/chats/${encodeURIComponent(chat)}`;

/** Sends a GET. */
export const read = (path, options) => request("GET", path, options);

/** Reads a chat with its events from index `from` on. */
export const readChat = (chat, from) => read(`${chatPath(chat)}?from=${from}`);

/** Performs an operation in a chat. */
export const act = (chat, operation, body = {}) =>
  request("POST", `${chatPath(chat)}/${operation}`, {
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });

/** Sends a file as a participant, without a time-out. */
export function sendFile(chat, participant, file) {
  const query = new URLSearchParams({ name: file.name || "file", as: participant });
  const headers = { "Content-Type": file.type || "application/octet-stream" };
  return request("POST", `${chatPath(chat)}/files?${query}`, { body: file, headers, patienceMs: 0 });
}

/** Returns the address of a file of a chat. */
export const fileAddress = (chat, file) => `${BASE}${chatPath(chat)}/files/${encodeURIComponent(file)}`;
