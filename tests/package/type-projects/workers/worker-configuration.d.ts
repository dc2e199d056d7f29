/** The part of what `wrangler types` writes that depends on the Worker; the rest is `@cloudflare/workers-types`. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("./index");
    durableNamespaces: "SharedTokens";
  }
  interface Env {
    CLIENT_ID: string;
    CLIENT_SECRET: string;
    STORE: KVNamespace;
    TOKENS: DurableObjectNamespace<import("./index").SharedTokens>;
  }
}
interface Env extends Cloudflare.Env {}
