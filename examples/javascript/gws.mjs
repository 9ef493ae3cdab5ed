// A chat over GWS: node gws.mjs "Where is my parcel?"
// GWS takes JSON and identifies the caller by a constant header, `apikey` or `ContactCenterId`: never Authorization.
import { call, converse, headers, name, run, text } from "./common.mjs";

const KINDS = { ParticipantJoined: "joined", ParticipantLeft: "left", Text: "message" };
const ROLES = { Customer: "visitor", Agent: "agent" };

await run(async () => {
  const own = headers("apikey: the emulator does not check it");

  async function post(path, operationName, fields = {}) {
    const request = {
      method: "POST",
      headers: { ...own, "Content-Type": "application/json" },
      body: JSON.stringify({ operationName, ...fields }),
    };
    return (await call(operationName, path, request)).answer;
  }
  const get = async (what, path) => (await call(what, path, { headers: own })).answer;

  const { id } = await post("/api/v2/chats", "RequestChat", { nickname: name, subject: "A sample" });
  const chat = `/api/v2/chats/${id}`; // whoever knows the id is the visitor: do not print it
  let index = 1;

  // GetChat tells the state, GetTranscript what was said. Asked in this order, no last word is missed.
  async function receive() {
    const ended = (await get("GetChat", chat)).chat.state === "Idle"; // the visitor has gone
    // Without an index the server would send what "the client" has not had, whoever that was: always send one.
    const { messages } = await get("GetTranscript", `${chat}/messages?index=${index}`);
    const fresh = (messages ?? []).filter((message) => message.index >= index);
    if (fresh.length) index = fresh.at(-1).index + 1; // inclusive: one after the last one seen
    const events = fresh.map(({ type, from, text }) => ({
      kind: KINDS[type],
      role: ROLES[from.type],
      name: from.nickname,
      text,
    }));
    return { events, ended };
  }

  await converse({
    receive,
    say: () => post(chat, "SendMessage", { text }),
    end: () => post(chat, "Complete"),
  });
});
