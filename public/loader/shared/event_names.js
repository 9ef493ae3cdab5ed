// The names of the events, for whoever asks for one by name.

export const EVENTS = [
  "ready",
  "opened",
  "closed",
  "chatStarted",
  "agentJoined",
  "agentLeft",
  "message",
  "typing",
  "fileReceived",
  "unreadChanged",
  "connectionChanged",
  "chatEnded",
  "messageLeft",
  "error",
  "analytics",
];
