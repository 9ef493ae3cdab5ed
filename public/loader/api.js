// The page's API: fetched with the first call, or because of what the tag's attributes say.

export { authorize } from "./authorize.js";
export { run } from "./commands.js";
export { copyFor, offerDetails } from "./copy.js";
export { callModule, handOver, onMounted } from "./door.js";
export { configure, wishesOf } from "./wishes.js";
