/** A Worker with an API of its own over ServiceNow: open incidents as JSON, and a form that files one. */
import { connect, type Instance, RateLimitError, SysparmError } from "sysparm";
import { sharedTokens, type TokenObjects } from "sysparm/stores";

/** The Durable Object that keeps the token, and the lock of its renewal, for all isolates. `wrangler.jsonc` binds it. */
export { SharedTokens } from "sysparm/durable-object";

interface Environment {
  INSTANCE_URL: string;
  CLIENT_ID: string;
  /** `npx wrangler secret put CLIENT_SECRET` */
  CLIENT_SECRET: string;
  TOKENS: TokenObjects;
}

/** One instance serves all requests of the isolate: they share the token, the queue and the circuit breaker. */
let opened: Promise<Instance> | undefined;

function instanceOf({ INSTANCE_URL: url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, TOKENS }: Environment) {
  const auth = { grant: "client_credentials", clientId, clientSecret } as const;
  opened ??= connect({ url, auth, ...sharedTokens(TOKENS, "tokens") });
  return opened;
}

async function openIncidents(instance: Instance): Promise<Response> {
  const page = await instance.table("incident").list({
    query: "active=true^ORDERBYDESCsys_created_on",
    fields: ["number", "short_description", "priority"],
    displayValue: true,
    limit: 20,
  });
  return Response.json(page.rows);
}

/** The caller's `Idempotency-Key` finds the incident again when an answer is lost, so that a repeated form files it once. */
async function fileIncident(instance: Instance, request: Request): Promise<Response> {
  const { description } = (await request.json()) as { description?: unknown };
  const key = request.headers.get("idempotency-key");
  if (typeof description !== "string" || !key) {
    return Response.json({ error: "Send { description } and the header Idempotency-Key." }, { status: 400 });
  }
  const row = { short_description: description };
  const correlation = { field: "correlation_id", value: key, lookFirst: true };
  const { number } = await instance.table("incident").create(row, { correlation });
  return Response.json({ number }, { status: 201 });
}

/** What the caller may know. The diagnosis and its causes are for the log. */
function failed(thrown: unknown): Response {
  if (!(thrown instanceof SysparmError)) throw thrown;
  console.error(thrown.code, thrown.message);
  const headers = new Headers();
  if (thrown instanceof RateLimitError && thrown.resumesAt !== undefined) {
    headers.set("retry-after", String(Math.ceil((thrown.resumesAt - Date.now()) / 1000)));
  }
  return Response.json(
    { error: "ServiceNow did not answer as expected.", code: thrown.code },
    { status: 502, headers },
  );
}

export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    try {
      const instance = await instanceOf(environment);
      const { pathname } = new URL(request.url);
      if (pathname !== "/incidents") return new Response("Not found", { status: 404 });
      return await (request.method === "POST" ? fileIncident(instance, request) : openIncidents(instance));
    } catch (thrown) {
      return failed(thrown);
    }
  },
};
