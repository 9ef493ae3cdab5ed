// The chat on a page that is bundled.

export { EVENTS, loadChat } from "./chat.js";
