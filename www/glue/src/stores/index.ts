/** `sysparm/stores`: where tokens are kept. Each store keeps texts by name; only the core reads them. */
export { durableObject, kv } from "./edge.js";
export { indexedDb } from "./indexed-db.js";
export { memory } from "./memory.js";
export { sharedTokens } from "./shared-tokens.js";
