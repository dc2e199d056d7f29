/** The hooks `onRequest` and `onResponse`: every HTTP exchange, once, and no secret. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";

type Members = Record<string, unknown>;

async function hooked({ open }: World, options: Partial<Sysparm.ConnectOptions> = {}) {
  const sent: Sysparm.SentRequest[] = [];
  const received: Sysparm.ReceivedResponse[] = [];
  const instance = await open({
    ...options,
    onRequest: (request) => sent.push(request),
    onResponse: (response) => received.push(response),
  });
  return { instance, sent, received };
}

/** A fetch that does something else the first time that a table is requested. */
function firstTime(instead: (init: RequestInit | undefined) => Promise<Response>): typeof fetch {
  let times = 0;
  return async (input, init) => {
    if (!String(input).includes("/api/now/table/") || times > 0) return fetch(input, init);
    times += 1;
    return instead(init);
  };
}

const briefly = ({ method, path, attempt, status }: Sysparm.ReceivedResponse) =>
  `${method} ${path} ${attempt} ${status}`;

export const HOOK_CASES: Record<string, Case> = {
  "hooks see every exchange with its size and transaction": whereNoRowIsHidden(async (world) => {
    const began = Date.now();
    const { instance, sent, received } = await hooked(world);
    const table = instance.table("incident");
    const { sys_id } = await table.create({ short_description: "hooks" }, { fields: ["sys_id"] });
    await table.list({ limit: 1, fields: ["number"] });
    await table.delete(String(sys_id));
    const reply = await instance.request("/api/now/table/incident?sysparm_limit=2&token=hook-t0k3n");
    await reply.text();
    const api = "/api/now/table/incident";
    const expected = [
      "POST /oauth_token.do 1 200",
      `POST ${api} 1 201`,
      `GET ${api} 1 200`,
      `DELETE ${api}/${sys_id} 1 204`,
      `GET ${api} 1 200`,
    ];
    is(received.map(briefly).join("\n"), expected.join("\n"));
    is(sent.map(({ id }) => id - (sent[0]?.id ?? 0)).join(), "0,1,2,3,4");
    is(received.map(({ id }) => id).join(), sent.map(({ id }) => id).join());
    is(received.map(({ isForToken }) => Number(isForToken)).join(""), "10000");
    const [, created, listed, deleted, streamed] = received as [unknown, ...Required<Sysparm.ReceivedResponse>[]];
    is(created?.bytes, JSON.stringify({ result: { sys_id } }).length);
    is((listed?.bytes ?? 0) > 20, true);
    is(deleted?.bytes ?? 0, 0);
    is(listed?.search.startsWith("?sysparm_query=ORDERBYsys_id&sysparm_fields=number"), true);
    is(streamed?.search, "?sysparm_limit=2&token=REDACTED");
    for (const one of received) {
      is(/^[0-9a-f]{16}$/.test(one.transactionId ?? ""), true);
      is(one.at >= began && one.at <= Date.now(), true);
      is(one.durationMs >= 0 && one.durationMs < 60_000, true);
    }
    is(new Set(received.map(({ transactionId }) => transactionId)).size, 5);
    const [forToken, ...ofCalls] = received;
    is(`${forToken?.call} ${forToken?.waitedMs}`, "null 0");
    is(ofCalls.map(({ call }) => Number(call) - Number(ofCalls[0]?.call)).join(), "0,1,2,3");
    // The first call waited for the token.
    is((ofCalls[0]?.waitedMs ?? 0) >= (forToken?.durationMs ?? 0), true);
    for (const { headersMs, durationMs } of received) is(headersMs !== null && headersMs <= durationMs, true);
    is(/practice-secret|hook-t0k3n|Bearer/.test(JSON.stringify([sent, received])), false);
    const members =
      "at,attempt,bytes,call,durationMs,headersMs,id,isForToken,method,path,search,status,transactionId,waitedMs";
    is(
      Object.keys(received[2] as unknown as Members)
        .sort()
        .join(),
      members,
    );
  }),

  "API key in the address is in no hook": async (world) => {
    const seen: string[] = [];
    const echo: typeof fetch = async (input) => {
      seen.push(String(input));
      return Response.json({ result: [] });
    };
    const auth = { apiKey: "hook-apikey", in: "query" } as const;
    const { instance, sent, received } = await hooked(world, { auth, fetch: echo });
    await instance.request("/api/now/table/incident?sysparm_limit=1");
    is(seen.join().includes("hook-apikey"), true);
    is(received[0]?.search, "?sysparm_limit=1&x-sn-apikey=REDACTED");
    is(JSON.stringify([sent, received]).includes("hook-apikey"), false);
  },

  "repeated request is another attempt": async (world) => {
    const busy = firstTime(async () => new Response("busy", { status: 503, headers: { "retry-after": "0" } }));
    const { instance, received } = await hooked(world, { fetch: busy });
    await instance.table("incident").list({ limit: 1 });
    const seen = received.filter(({ isForToken }) => !isForToken).map(({ attempt, status }) => `${attempt} ${status}`);
    is(seen.join(), "1 503,2 200");
    const [refused, repeated] = received.filter(({ isForToken }) => !isForToken);
    is(refused?.call === repeated?.call && refused?.call !== null, true);
    // From the end of the first request on, without the time that this took.
    is((repeated?.waitedMs ?? 0) <= (repeated?.at ?? 0) - (refused?.at ?? 0) + 1, true);
  },

  "exchange without a reply has an error and no status": async (world) => {
    const broken = firstTime(async () => {
      throw Object.assign(new TypeError("fetch failed for Bearer planted"), { cause: { code: "ECONNRESET" } });
    });
    const { instance, received } = await hooked(world, { fetch: broken });
    await instance.table("incident").list({ limit: 1 });
    const [lost, again] = received.filter(({ isForToken }) => !isForToken);
    is(`${lost?.error} ${lost?.status} ${lost?.bytes} ${lost?.transactionId}`, "ECONNRESET null null null");
    is(lost?.headersMs, null);
    is(`${again?.error} ${again?.status} ${again?.attempt}`, "undefined 200 2");
    is(JSON.stringify(received).includes("planted"), false);
  },

  "exchange whose body breaks off has an error": async (world) => {
    const cut = Object.assign(new TypeError("terminated"), { cause: { code: "UND_ERR_SOCKET" } });
    const broken = firstTime(async () => {
      const chunks = [new TextEncoder().encode('{"result":[')];
      const pull = (body: ReadableStreamDefaultController<Uint8Array>) => {
        const chunk = chunks.shift();
        if (chunk) body.enqueue(chunk);
        else body.error(cut);
      };
      return new Response(new ReadableStream({ pull }), { headers: { "content-type": "application/json" } });
    });
    const { instance, received } = await hooked(world, { fetch: broken });
    await instance.table("incident").list({ limit: 1 });
    const [lost, again] = received.filter(({ isForToken }) => !isForToken);
    is(`${lost?.error} ${lost?.status} ${lost?.bytes}`, "UND_ERR_SOCKET 200 11");
    is(`${again?.error} ${again?.status} ${again?.attempt}`, "undefined 200 2");
  },

  "aborted exchange ends once": async (world) => {
    const ends = new AbortController();
    const waiting = firstTime(
      (init) =>
        new Promise((_, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
          setTimeout(() => ends.abort(), 20);
        }),
    );
    const { instance, received } = await hooked(world, { fetch: waiting });
    await instance.token();
    await instance
      .table("incident")
      .list({ limit: 1, signal: ends.signal })
      .catch(() => undefined);
    const seen = received.filter(({ isForToken }) => !isForToken).map(({ error, status }) => `${error} ${status}`);
    is(seen.join(), "AbortError null");
  },

  "hook that changes what it is given changes no request": async ({ open }) => {
    let seen: unknown;
    const instance = await open({
      onRequest: (request) => Object.assign(request, { path: "/elsewhere", method: "DELETE", id: 77 }),
      onResponse: (response) => {
        if (!response.isForToken) seen = `${response.method} ${response.path}`;
      },
    });
    is((await instance.table("incident").list({ limit: 1 })).rows.length, 1);
    is(seen, "GET /api/now/table/incident");
  },
};
