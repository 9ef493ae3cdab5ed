// The page's API: fetched with the first call, or because of what the tag's attributes say.

export { authorize } from "./api/authorize.js";
export { run } from "./api/commands.js";
export { copyFor, offerDetails } from "./api/copy.js";
export { callModule, handOver, onMounted } from "./api/door.js";
export { configure, wishesOf } from "./api/wishes.js";
