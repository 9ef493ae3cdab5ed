// A chat over GMS Chat API Version 2: node gms-v2.mjs "Where is my parcel?"
// Every call is a form by POST; the keys of the first reply go with all later ones.
import { ChatError, call, converse, headers, name, run, text } from "./common.mjs";

const KINDS = { ParticipantJoined: "joined", ParticipantLeft: "left", Message: "message" };
const ROLES = { Client: "visitor", Agent: "agent" };

await run(async () => {
  const own = headers();
  const keys = {};

  async function post(what, path, fields = {}) {
    const body = new URLSearchParams({ ...keys, ...fields });
    const { answer } = await call(what, path, { method: "POST", headers: own, body });
    if (answer.statusCode === 0) {
      // The newest reply has the keys to use; they may change when a server takes over from another.
      for (const key of ["userId", "secureKey", "alias"]) if (answer[key]) keys[key] = answer[key];
    } else if (what !== "refresh") {
      throw new ChatError(`${what}: not now`);
    }
    return answer;
  }

  const base = `/genesys/2/chat/${encodeURIComponent(process.env.CHAT_SERVICE ?? "customer-support")}`;
  const { chatId } = await post("request chat", base, { nickname: name, subject: "A sample" });
  const chat = `${base}/${chatId}`;
  let position = 1;

  // Reads from a position, which is inclusive. Only a refresh moves it: the reply to a send counts everything and, not
  // asked for the transcript, shows nothing.
  async function receive() {
    const reply = await post("refresh", `${chat}/refresh`, { transcriptPosition: position });
    if (reply.statusCode === 1) return { events: [], ended: false }; // try again, and trust no other field
    const fresh = (reply.messages ?? []).filter(({ index }) => index >= position);
    if (!reply.chatEnded) position = reply.nextPosition; // that of a chat that is over is not to be trusted
    const events = fresh.map(({ type, from, text }) => ({
      kind: KINDS[type],
      role: ROLES[from.type],
      name: from.nickname,
      text,
    }));
    return { events, ended: Boolean(reply.chatEnded) };
  }

  await converse({
    receive,
    say: () => post("send", `${chat}/send`, { message: text, messageType: "text" }),
    end: () => post("disconnect", `${chat}/disconnect`),
  });
});
