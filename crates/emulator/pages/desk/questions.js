// Questions that are asked before an operation, each with the API's operation and its body, made from the answer.
// `alone` = no participant performs it.

import { LONGEST_NAME, myName } from "./me.js";
import { attributesOf } from "./rich.js";

/** `colleagues` are names to choose from; any other will do. */
export const transfer = (colleagues) => ({
  title: "Transfer the chat",
  text: "You leave, and your colleague joins at once.",
  fields: [{ name: "to", label: "Colleague’s name", required: true, maxlength: LONGEST_NAME, options: colleagues.filter((name) => name !== myName()) }],
  ok: "Transfer",
  operation: "transfer",
  body: ({ to }) => ({ to }),
});

export const end = {
  title: "End this chat?",
  text: "Everybody leaves. It cannot be taken up again.",
  ok: "End the chat",
  danger: true,
  operation: "end",
  body: () => ({}),
  alone: true,
};

export const pushUrl = {
  title: "Page to open",
  fields: [{ name: "url", label: "Address", value: "https://", required: true, hint: "The visitor is offered the page." }],
  ok: "Send",
  operation: "push-url",
  body: ({ url }) => ({ url }),
};

export const supervisor = {
  title: "Let a supervisor join",
  fields: [{ name: "nickname", label: "Supervisor’s name", value: "Supervisor", required: true, maxlength: LONGEST_NAME }],
  ok: "Let join",
  operation: "join",
  body: ({ nickname }) => ({ nickname, role: "supervisor" }),
  alone: true,
};

export const notice = {
  title: "Notice",
  text: "Shown to the visitor as a line between the messages.",
  fields: [{ name: "text", label: "Text", required: true, rows: 2 }],
  ok: "Send",
  operation: "notice",
  body: ({ text }) => ({ text }),
};

export const customNotice = {
  title: "Custom notice",
  text: "A word to the visitor’s program.",
  fields: [
    { name: "text", label: "Text", hint: "May be left empty." },
    { name: "purpose", label: "Purpose", hint: "Goes with it as an attribute. cancel-idle-timer stops an idle countdown.", options: ["cancel-idle-timer"] },
  ],
  ok: "Send",
  operation: "custom-notice",
  body: ({ text, purpose }) => ({ ...(text && { text }), ...(purpose && { attributes: { purpose } }) }),
};

export const idleAlert = {
  title: "Idle alert",
  text: "The chat is closed then unless somebody speaks.",
  fields: [{ name: "secs", label: "Seconds until the chat closes", type: "number", value: "45", min: "1", max: "86400", required: true }],
  ok: "Warn",
  operation: "idle-alert",
  body: ({ secs }) => ({ close_in_secs: Number(secs) }),
  alone: true,
};

/** The question for a rich message's template. */
export const rich = (template) => ({
  title: template.title,
  fields: template.fields,
  ok: "Send",
  operation: "say",
  body: (answer) => {
    const made = template.make(answer);
    return { text: made.text, attributes: attributesOf(made) };
  },
});
