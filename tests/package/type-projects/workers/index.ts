/** A Worker that shares its tokens. */
import { connect, load } from "sysparm";
import { kv, sharedTokens } from "sysparm/stores";

declare const compiled: WebAssembly.Module;

export { SharedTokens } from "sysparm/durable-object";

export default {
  async fetch(request, env) {
    await load(compiled);
    const instance = await connect({
      url: "https://x.example",
      auth: { grant: "client_credentials", clientId: env.CLIENT_ID, clientSecret: env.CLIENT_SECRET },
      ...sharedTokens(env.TOKENS.getByName("tokens")),
    });
    await connect({ url: "https://x.example", auth: { token: "t" }, store: kv(env.STORE), fetch });
    const { rows } = await instance.table("incident").list({ limit: 5, signal: request.signal });
    const reply: Response = await instance.request("/api/now/table/incident");
    return Response.json(rows, { status: reply.status });
  },
} satisfies ExportedHandler<Env>;
