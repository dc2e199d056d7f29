/** `sysparm/stores`: places for tokens. Each keeps text under a name; what the text says is the core's business. */
export { durableObject, kv } from "./edge.js";
export { indexedDb } from "./indexed-db.js";
export { memory } from "./memory.js";
export { sharedTokens } from "./shared-tokens.js";
