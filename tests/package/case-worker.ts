/** A Worker that runs one part of the cases when it is asked for, and one that keeps an instance between requests. */
import { connect, type Instance } from "sysparm";
import { AUTH } from "./cases.js";
import { type Part, run } from "./run-cases.js";

export { SharedTokens } from "sysparm/durable-object";

let kept: Promise<Instance> | undefined;

export default {
  async fetch({ url }: Request, { INSTANCE_URL }: { INSTANCE_URL: string }): Promise<Response> {
    const path = new URL(url).pathname.slice(1);
    if (path === "health") return new Response();
    if (path === "kept") {
      kept ??= connect({ url: INSTANCE_URL, auth: AUTH });
      const table = (await kept).table("incident");
      const { rows } = await table.list({ limit: 3 });
      return Response.json((await table.get(String(rows[0]?.sys_id))).sys_id === rows[0]?.sys_id);
    }
    return Response.json(await run(INSTANCE_URL, path as Part));
  },
};
