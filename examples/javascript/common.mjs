// What the three samples share: settings, one HTTP call, and the conversation itself.
import { setTimeout as sleep } from "node:timers/promises";

const { env } = process;
const url = (env.CHAT_URL ?? "http://127.0.0.1:8888").replace(/\/$/, "");
export const name = env.CHAT_NAME ?? "Maria";
export const text = process.argv[2] ?? "Where is my parcel?";
export const pace = Number(env.CHAT_POLL_SECONDS ?? 3) * 1000; // the vendor asks for 3 to 5 s
export const patience = Number(env.CHAT_PATIENCE_SECONDS ?? 60) * 1000;

/** Says what went wrong, for people. */
export class ChatError extends Error {}

/** Reads the operator's own headers, one a line. */
export function headers(fallback = "") {
  const found = {};
  for (const line of (env.CHAT_HEADERS ?? fallback).split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) found[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  if (Object.keys(found).some((header) => header.toLowerCase() === "authorization")) {
    throw new ChatError("Authorization is not a visitor's header");
  }
  return found;
}

/**
 * Sends one request; the status and the JSON of the reply. Statuses but 200 and those accepted are errors.
 * Errors name the operation, never the path or the body: those hold what makes the caller the visitor.
 */
export async function call(what, path, request, accept = []) {
  let status, answer;
  try {
    const reply = await fetch(url + path, { signal: AbortSignal.timeout(10_000), ...request });
    status = reply.status;
    answer = await reply.text();
  } catch {
    throw new ChatError(`${what}: no answer from ${url}`);
  }
  try {
    answer = Object(JSON.parse(answer));
  } catch {
    answer = {};
  }
  if (accept.includes(status)) return { status, answer };
  if (status !== 200) throw new ChatError(`${what}: HTTP ${status} ${reason(answer)}`.trim());
  // A refusal may come as HTTP 200: 1 = try again, 2 = never.
  if (answer.statusCode > 1) throw new ChatError(`${what}: refused: ${reason(answer)}`);
  return { status, answer };
}

/** Reads a server's words out of an error, whichever server it is. */
function reason({ errors, statusMessage, message }) {
  const words = (errors ?? []).map(({ code, advice }) => `${code} ${advice ?? ""}`);
  return plain([...words, statusMessage, message].filter((word) => typeof word === "string").join("; "));
}

/** Takes out what would steer a terminal. */
function plain(words) {
  return (words ?? "").replace(/\p{C}/gu, " ");
}

/**
 * Shows what comes, says the text once an agent is there, and returns when it was answered.
 * `receive` gives the new events, with kind, role, name and text, and whether the chat is over.
 */
export async function converse({ receive, say, end }) {
  let there, asked, heard, answered, ended;
  const deadline = performance.now() + patience;
  try {
    while (performance.now() < deadline) {
      const news = await receive();
      ended = news.ended;
      for (const { kind, role, name, text } of news.events) {
        if (kind === "joined" || kind === "left") console.log(`* ${plain(name)} has ${kind}`);
        else if (kind === "message") console.log(`${plain(name)}: ${plain(text)}`);
        else continue; // typing, and whatever servers invent
        there ||= role === "agent" && kind !== "left";
        heard ||= role === "visitor" && kind === "message";
        answered ||= role === "agent" && kind === "message" && heard;
      }
      if (answered) return;
      if (ended) throw new ChatError("the chat ended before anybody answered");
      if (there && !asked) {
        await say();
        asked = true;
      }
      await sleep(pace);
    }
    throw new ChatError(`nobody answered within ${patience / 1000} s`);
  } finally {
    if (!ended) {
      await end();
      console.log("* the chat has ended");
    }
  }
}

/** Runs a sample; an error is one line and status 1. */
export async function run(sample) {
  try {
    await sample();
  } catch (problem) {
    if (!(problem instanceof ChatError)) throw problem;
    console.error(`error: ${problem.message}`);
    process.exitCode = 1;
  }
}
