/** Requests that no fetch can or should send: refused with their reason before anything leaves, and never of unknown outcome. */
import type * as Sysparm from "sysparm";
import { type Case, is } from "./cases.js";
import { IN_PAGE } from "./page-cases.js";

const IN_WORKERD = "WebSocketPair" in globalThis;

/** Outside the range that Linux gives to clients. */
const UNUSED_PORT = 65_431;

const given = (value: unknown) => value as never;

/** Of the Fetch standard's forbidden request headers, with a value each, those that no caller sets. */
const CONNECTION = {
  "Access-Control-Request-Headers": "x",
  "Access-Control-Request-Method": "PUT",
  Connection: "upgrade",
  "Content-Length": "0",
  Cookie: "glide_session=1",
  Cookie2: "a=1",
  Expect: "100-continue",
  Host: "other.example",
  "HTTP2-Settings": "AAMAAABk",
  "Keep-Alive": "timeout=5",
  "Proxy-Authorization": "Basic eDp5",
  "Proxy-Connection": "keep-alive",
  "Sec-Fetch-Mode": "cors",
  "Set-Cookie": "a=1",
  TE: "trailers",
  Trailer: "x",
  "Transfer-Encoding": "identity",
  Upgrade: "h2c",
  "X-HTTP-Method": "DELETE",
  "X-HTTP-Method-Override": "DELETE",
  "X-Method-Override": "DELETE",
};

/** Counts what leaves. */
function counted(answer: typeof fetch = async () => Response.json({ result: {} })) {
  const seen = { requests: 0 };
  const send: typeof fetch = (input, init) => {
    seen.requests += 1;
    return answer(input, init);
  };
  return { seen, send };
}

function circle(): object {
  const one: { self?: object } = {};
  one.self = one;
  return one;
}

function deep(levels: number, wrap: (inner: unknown) => unknown, inner: unknown): unknown {
  let value = inner;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}

export const REFUSED_CASES: Record<string, Case> = {
  "connection headers are refused before anything is sent": async ({ open, thrown }) => {
    const { seen, send } = counted();
    const instance = await open({ fetch: send });
    for (const [name, value] of Object.entries(CONNECTION)) {
      for (const headers of [{ [name]: value }, [[name.toLowerCase(), value]], new Map([[name, value]]).entries()]) {
        const init = { method: "POST", headers: given(headers), body: "GET /smuggled HTTP/1.1\r\n\r\n" };
        const error = await thrown(() => instance.request("/api/x", init));
        is(`${name}: ${error.code}`, `${name}: request.header`);
        is(error.message.includes(name.toLowerCase()), true);
      }
      const batch = await thrown(() => instance.batch([{ path: "/api/x", headers: { [name]: value } }]));
      is(`${name}: ${batch.code}`, `${name}: request.header`);
    }
    is(seen.requests, 0);
  },

  "headers that only describe a request are sent": async ({ url, sysparm }) => {
    let sent = new Headers();
    const send: typeof fetch = async (_, init) => {
      sent = new Headers(init?.headers);
      return Response.json({});
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: send });
    const headers = { "Accept-Encoding": "br", Origin: "https://a.example", "X-Teapot": "1", Via: "1.1 gateway" };
    await instance.request("/api/x", { headers });
    for (const [name, value] of Object.entries(headers)) is(sent.get(name), value);
  },

  "headers are read once and sent with every attempt": async ({ url, sysparm }) => {
    const sent: (string | null)[] = [];
    const send: typeof fetch = async (_, init) => {
      sent.push(new Headers(init?.headers).get("x-mark"));
      return new Response("{}", { status: sent.length === 1 ? 429 : 200, headers: { "retry-after": "0" } });
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: send });
    await instance.request("/api/x", { headers: given(new Map([["x-mark", "here"]]).entries()) });
    is(sent.join(), "here,here");
  },

  "headers that are none are refused without their values": async ({ open, thrown }) => {
    const { seen, send } = counted();
    const instance = await open({ fetch: send });
    for (const headers of [{ "x-a": "planted\r\nHost: b" }, { "a b": "planted" }]) {
      const error = await thrown(() => instance.request("/api/x", { headers }));
      is(`${error.code} ${/planted/.test(`${error.stack}`)}`, "request.header false");
    }
    is(seen.requests, 0);
  },

  "body that fetch cannot send is refused and nothing is sent": async ({ open, thrown }) => {
    const { seen, send } = counted();
    const instance = await open({ fetch: send });
    const read = new Blob(["read"]).stream();
    const reader = read.getReader();
    await reader.read();
    reader.releaseLock();
    const locked = new Blob(["locked"]).stream();
    locked.getReader();
    // workerd goes on where another has stopped reading.
    const streams = IN_WORKERD ? [locked] : [locked, read];
    for (const body of [...streams, Symbol("body"), circle(), Object.create(null)]) {
      const error = await thrown(() => instance.request("/api/x", given({ method: "POST", body })));
      is(error.code, "request.body");
    }
    is(seen.requests, 0);
  },

  "write that fetch itself refuses has not happened": async ({ url, sysparm, thrown }) => {
    const refusals: (typeof fetch)[] = [
      () => {
        throw new TypeError("refused at once");
      },
      () => fetch("https://[not-an-address"),
    ];
    // workerd has no words of its own for it.
    for (const refusal of IN_WORKERD ? refusals.slice(0, 1) : refusals) {
      const { seen, send } = counted(refusal);
      const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: send });
      const error = await thrown(() => instance.table("problem").create({ short_description: "refused" }));
      is(`${error.name} ${error.code} ${seen.requests}`, "RequestError request.refused 1");
      is(error.cause instanceof TypeError, true);
      is(instance.status().callsUnderWay, 0);
    }
    is((await thrown(() => sysparm.connect({ url: "https://1.2.3.4.5", auth: { token: "t" } }))).code, "options.url");
  },

  // A browser and workerd do not say whether a request left.
  "write without a connection has not happened, if fetch says so": async ({ sysparm, thrown }) => {
    const once = { auth: { token: "t" }, pace: { attempts: 1 } };
    const instance = await sysparm.connect({ url: `http://127.0.0.1:${UNUSED_PORT}`, ...once });
    const { code } = await thrown(() => instance.table("problem").create({}));
    is(code, IN_PAGE || IN_WORKERD ? "write.unknown-outcome" : "network.unreachable");
  },

  "deep or cyclic input is refused by its code": async ({ open, thrown, queries }) => {
    const { seen, send } = counted();
    const instance = await open({ fetch: send });
    const list: unknown[] = [];
    list.push(list);
    const options = (more: object) => thrown(() => open(given(more)));
    const far = deep(100_000, (inner) => ({ inner }), 1);
    const client = { grant: "client_credentials", clientId: "a", clientSecret: "b" };
    is((await options({ pace: { breaker: circle() } })).code, "options.type");
    is((await options({ auth: { ...client, scope: far } })).code, "options.type");
    is((await options({ pace: circle() })).code, "options.unknown");
    is((await options({ timeLimits: far })).code, "options.unknown");
    is(
      (await options({ auth: { grant: "client_credentials", clientId: "a", clientSecret: list } })).code,
      "options.type",
    );
    const post = (body: unknown) => () => instance.batch([{ method: "POST", path: "/api/x", body: given(body) }]);
    for (const body of [circle(), { a: 1n }]) {
      const error = await thrown(post(body));
      is(`${error.code} ${error.message.includes("Request 0")}`, "request.body true");
    }
    // Some engines make JSON of any depth; what they make is sent.
    const sent = await post(far)().catch((error: Sysparm.SysparmError) => error.code);
    is(Array.isArray(sent) || sent === "request.body", true);
    const before = seen.requests;
    await queries.load();
    const condition: Sysparm.Row = { field: "active", operator: "=", value: "true" };
    const group: { all: unknown[] } = { all: [] };
    group.all.push(group);
    for (const tree of [group, { not: group }, deep(100_000, (inner) => ({ any: [inner] }), condition)]) {
      let code: unknown;
      try {
        queries.Query.from(given(tree));
      } catch (error) {
        code = (error as { code?: unknown }).code;
      }
      is(code, "tree.too-deep");
    }
    is(seen.requests, before);
  },

  "user name that Basic cannot carry is refused": async ({ open, thrown }) => {
    const error = await thrown(() => open({ auth: { username: "domain:user", password: "planted" } }));
    is(
      `${error.code} ${error.message.includes("colon")} ${error.message.includes("planted")}`,
      "options.auth true false",
    );
  },
};
