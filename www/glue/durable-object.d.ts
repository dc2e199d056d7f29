/** For Cloudflare Workers: `export { SharedTokens } from "sysparm/durable-object"`, bound as a Durable Object. */
import { DurableObject } from "cloudflare:workers";
import type { TokenRoom } from "./stores.js";

/**
 * A store and a lock for every isolate that has its binding; see `sharedTokens` in `sysparm/stores`. A class, because the types that
 * `wrangler types` writes name it as one: `DurableObjectNamespace<import("./src/index").SharedTokens>`.
 */
export class SharedTokens extends DurableObject implements TokenRoom {
  read: TokenRoom["read"];
  write: TokenRoom["write"];
  acquire: TokenRoom["acquire"];
  confirm: NonNullable<TokenRoom["confirm"]>;
  release: TokenRoom["release"];
}
