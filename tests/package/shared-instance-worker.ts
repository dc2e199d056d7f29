/** A Worker that keeps instances in module variables, as servers do. The tests ask it by address. */
import { connect, type Instance } from "sysparm";
import { memory, sharedTokens, type TokenObjects } from "sysparm/stores";
import { sync } from "sysparm/sync";

export { SharedTokens } from "sysparm/durable-object";

interface Environment {
  INSTANCE_URL: string;
  TOKENS: TokenObjects;
}

const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" } as const;
const kept = new Map<string, Promise<Instance>>();
/** The instances of this way have one store, which reports to each what the others write. */
const together = memory();

/** `name` begins with the way tokens are kept; the rest tells the instances of the tests apart. */
function instanceOf(name: string, { INSTANCE_URL: url, TOKENS: tokens }: Environment): Promise<Instance> {
  const found = kept.get(name);
  if (found) return found;
  const [way] = name.split("-");
  const options = {
    alone: {},
    objects: sharedTokens(tokens, name),
    object: way === "object" ? sharedTokens(tokens.getByName(name)) : {},
    memory: { store: memory() },
    together: { store: together },
    joining: { joinReads: true },
    patient: { timeLimits: { callMs: 4000 } },
  }[way as "alone"];
  const made = connect({ url, auth, ...options });
  kept.set(name, made);
  return made;
}

const after = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms));

const ACTS: Record<string, (instance: Instance, given: URLSearchParams) => Promise<unknown>> = {
  list: async (instance) => (await instance.table("incident").list({ limit: 2, fields: ["number"] })).rows.length,
  write: (instance) => instance.table("incident").create({ short_description: "shared" }),
  token: (instance) => instance.token(),
  /** Begins a call and ends without waiting for it, which is what a request that is cancelled does. */
  async leave(instance, given) {
    const act = ACTS[given.get("act") ?? "list"] as (typeof ACTS)[string];
    act(instance, given).catch(() => undefined);
    await after(Number(given.get("ms")));
    return "left";
  },
  two: async (instance) => {
    const table = instance.table("incident");
    const both = await Promise.all([table.list({ limit: 1 }), table.list({ limit: 2 })]);
    return both.map(({ rows }) => rows.length);
  },
  schema: async (instance) => Object.keys((await instance.schema("incident")).tables.incident?.fields ?? {}).length > 5,
  async sync(instance) {
    let rows = 0;
    for await (const batch of sync(instance.table("incident"), { pageSize: 100 })) rows += batch.rows.length;
    return rows;
  },
  async pages(instance) {
    let rows = 0;
    for await (const page of instance.table("incident").pages({ pageSize: 50, ahead: 2 })) rows += page.rows.length;
    return rows;
  },
  async aborted(instance, given) {
    const signal = AbortSignal.timeout(Number(given.get("ms")));
    return instance
      .table("incident")
      .list({ signal })
      .catch((thrown: Error) => thrown.name);
  },
  close: async (instance) => instance.close(),
  status: async (instance) => instance.status(),
};

export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, name = "", act = ""] = pathname.split("/");
    try {
      const answer = await ACTS[act]?.(await instanceOf(name, environment), searchParams);
      return Response.json({ answer });
    } catch (thrown) {
      const { code, message, name } = thrown as Error & { code?: string };
      return Response.json({ code, name, message }, { status: 500 });
    }
  },
};
