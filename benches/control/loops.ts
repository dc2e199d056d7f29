/**
 * The cost of sysparm itself. The same calls run through the package and in a bare loop, with a fetch that answers at once from memory.
 * Both pay for the replies, so the difference is the state machine, the boundary and the glue.
 */
import type { connect } from "sysparm";
import type { Policy } from "./cockatiel.ts";

/** Microseconds of each round, through the package and in the bare loop. */
export interface Pairs {
  own: number[];
  bare: number[];
}

/** The same with cockatiel, which took turns with both. */
export interface Compared extends Pairs {
  cockatiel: number[];
}

export interface Overheads {
  /** Without cockatiel its list is empty. */
  request: Compared;
  /** Compared with a loop that bounds each request by an AbortController and a timer, as every program with time limits must. */
  bounded: Pairs;
  record: Pairs;
  page: Pairs;
}

const ORIGIN = "https://example.service-now.com";
const PATH = "/api/now/table/incident?sysparm_limit=1";
const PAGE = 1000;
const headers = { "content-type": "application/json" };

/** `limited`: cockatiel with a time limit. */
export async function overheads(open: typeof connect, rounds: number, limited: Policy | undefined): Promise<Overheads> {
  const { url, init, memory, times } = requests();
  const client = await open({ url: ORIGIN, auth: { token: "t" }, fetch: memory as typeof fetch });
  const own = times(() => client.request(PATH));
  const other = limited && times(() => limited.execute(({ signal }) => memory(url, { ...init, signal })));
  const cockatiel: number[] = [];
  const bare = times(() => memory(url, init));
  const pairs = await inTurns(rounds, own, bare, async () => {
    if (other) cockatiel.push(await other());
  });
  // The first rounds are not counted for it either.
  const request = { ...pairs, cockatiel: cockatiel.slice(-rounds) };
  const bounded = await inTurns(
    rounds,
    own,
    times(async () => {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), 70_000);
      const reply = await memory(url, { ...init, signal: limit.signal });
      clearTimeout(timer);
      return reply;
    }),
  );
  client.close();
  return { request, bounded, record: await ofRecords(open, rounds), page: await ofPages(open, rounds) };
}

/** Answers from memory: one reply whose body is not read. */
export function requests(): {
  url: string;
  init: RequestInit;
  memory: (url: string, init?: RequestInit) => Promise<Response>;
  times(run: () => Promise<{ status: number }>): () => Promise<number>;
} {
  const answer = Promise.resolve(new Response("{}", { headers }));
  return {
    url: ORIGIN + PATH,
    init: { method: "GET", headers: { authorization: "Bearer t", accept: "application/json" } },
    memory: () => answer,
    times: (run) => () =>
      each(500, async () => {
        if ((await run()).status !== 200) throw new Error("no answer");
      }),
  };
}

/** One record, read to its end. */
async function ofRecords(open: typeof connect, rounds: number): Promise<Pairs> {
  const id = "0".repeat(32);
  const memory = async (_url: string, _init?: RequestInit) =>
    new Response(`{"result":{"sys_id":"${id}"}}`, { headers });
  const client = await open({ url: ORIGIN, auth: { token: "t" }, fetch: memory as typeof fetch });
  const table = client.table("incident");
  const { url, init } = requests();
  const measured = await inTurns(
    rounds,
    () => each(200, () => table.get(id)),
    () => each(200, async () => (await memory(url, init)).json()),
  );
  client.close();
  return measured;
}

/** Pages of rows that hold only their keys. Each page is parsed from text, as a real one is. Both loops send the same requests. */
async function ofPages(open: typeof connect, rounds: number): Promise<Pairs> {
  const pages = 20;
  const replies = new Map<string, { body: string; init: ResponseInit }>();
  const serving = async (url: string) => {
    const reply = replies.get(url);
    return new Response(reply?.body, reply?.init);
  };
  const building = (url: string) => {
    replies.set(url, listReply(new URL(url).searchParams, pages * PAGE));
    return serving(url);
  };
  const auth = { token: "t" };
  // By offset, because this fetch does not filter by key.
  const options = { by: "offset", ahead: 0 } as const;
  const reading = async (client: Awaited<ReturnType<typeof connect>>) => {
    let seen = 0;
    for await (const { rows } of client.table("incident").pages(options)) seen += rows.length;
    if (seen !== pages * PAGE) throw new Error(`${seen} rows`);
  };
  const builder = await open({ url: ORIGIN, auth, fetch: building as typeof fetch });
  await reading(builder);
  builder.close();
  const addresses = [...replies.keys()];
  const client = await open({ url: ORIGIN, auth, fetch: serving as typeof fetch });
  const bare = async () => {
    let seen = 0;
    for (const address of addresses) {
      const { result } = (await (await serving(address)).json()) as { result: unknown[] };
      seen += result.length;
    }
    if (seen !== pages * PAGE) throw new Error(`${seen} rows`);
  };
  const perPage = async (run: () => Promise<void>) => (await each(1, run)) / pages;
  const measured = await inTurns(
    rounds,
    () => perPage(() => reading(client)),
    () => perPage(bare),
  );
  client.close();
  return measured;
}

/** The page of a table of that many rows, and no row for any other query than the whole table: each row has a key. */
function listReply(asked: URLSearchParams, total: number): { body: string; init: ResponseInit } {
  const isWhole = asked.get("sysparm_query") === "ORDERBYsys_id";
  const offset = Number(asked.get("sysparm_offset"));
  const count = isWhole ? Math.max(0, Math.min(PAGE, total - offset)) : 0;
  const keys = Array.from({ length: count }, (_, row) => `{"sys_id":"${String(offset + row).padStart(32, "0")}"}`);
  return {
    body: `{"result":[${keys}]}`,
    init: { headers: { ...headers, "x-total-count": String(isWhole ? total : 0) } },
  };
}

/** The first third is not measured: the compiler optimises the code meanwhile. */
export async function inTurns(
  rounds: number,
  own: () => Promise<number>,
  bare: () => Promise<number>,
  also?: () => Promise<void>,
): Promise<Pairs> {
  const pairs: Pairs = { own: [], bare: [] };
  for (let round = -rounds / 2; round < rounds; round += 1) {
    const [first, second] = [await own(), await bare()];
    await also?.();
    if (round < 0) continue;
    pairs.own.push(first);
    pairs.bare.push(second);
  }
  return pairs;
}

/** Microseconds of one run. */
async function each(times: number, run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let time = 0; time < times; time += 1) await run();
  return ((performance.now() - began) / times) * 1000;
}
