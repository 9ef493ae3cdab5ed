// A chat over GMS Chat API Version 1: node gms-v1.mjs "Where is my parcel?"
// A service comes first, then the one chat it has.
import { setTimeout as sleep } from "node:timers/promises";
import { ChatError, call, converse, headers, name, pace, patience, run, text } from "./common.mjs";

const KINDS = { "Notice.Joined": "joined", "Notice.Left": "left", "Message.Text": "message" };
const ROLES = { CLIENT: "visitor", AGENT: "agent" };

await run(async () => {
  const own = headers();
  const post = (what, path, fields = {}, accept = []) =>
    call(what, path, { method: "POST", headers: own, body: new URLSearchParams(fields) }, accept);

  const kind = encodeURIComponent(process.env.CHAT_SERVICE ?? "request-chat");
  const created = await post("create service", `/genesys/1/service/${kind}`);
  const service = `/genesys/1/service/${created.answer._id}`; // whoever knows the id is the visitor: do not print it
  const chat = `${service}/ixn/chat`;

  async function waitForAgent() {
    console.log("* waiting for an agent");
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      const { answer } = await post("status", `${service}/status`);
      if (answer.message._status === "available") return;
      await sleep(pace);
    }
    throw new ChatError(`nobody answered within ${patience / 1000} s`);
  }

  // A service that waits for an agent first (request-chat-poll) answers 503 until there is one.
  const form = { subject: "A sample", userDisplayName: name };
  let started;
  while ((started = await post("create chat", chat, form, [503])).status === 503) await waitForAgent();
  let position = started.answer.transcriptPosition; // numbers come as strings

  // Reads what came after a position: exclusive here, unlike in version 2. An event is a list of five strings.
  async function receive() {
    const { answer } = await post("refresh", `${chat}/refresh`, { transcriptPosition: position });
    position = answer.transcriptPosition ?? position;
    const events = (answer.transcriptToShow ?? []).map(([type, name, text, , sender]) => ({
      kind: KINDS[type],
      role: ROLES[sender],
      name,
      text,
    }));
    return { events, ended: answer.chatIxnState === "DISCONNECTED" };
  }

  await converse({
    receive,
    say: () => post("send", `${chat}/send`, { message: text }),
    end: () => post("disconnect", `${chat}/disconnect`),
  });
});
