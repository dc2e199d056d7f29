/** For Cloudflare Workers: `export { SharedTokens } from "sysparm/durable-object"`, bound as a Durable Object. */
import type { TokenRoom } from "./stores.js";

/** A store and a lock for every isolate that has its binding; see `sharedTokens` in `sysparm/stores`. */
export const SharedTokens: new (context: never, environment: never) => TokenRoom;
