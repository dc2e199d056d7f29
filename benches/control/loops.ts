/**
 * What sysparm itself costs: the same calls with a fetch that answers at once from memory, through the package and in a bare loop.
 * The bare loop pays for the same answers, so the difference is the machine, the boundary and the glue.
 */
import type { connect } from "sysparm";

/** Microseconds each, round by round: through the package and in the bare loop. */
export interface Pairs {
  own: number[];
  bare: number[];
}

export interface Overheads {
  request: Pairs;
  page: Pairs;
}

const URL = "https://example.service-now.com";
const PATH = "/api/now/table/incident?sysparm_limit=1";
const PAGE = 1000;
const headers = { "content-type": "application/json" };

export async function overheads(open: typeof connect, rounds: number): Promise<Overheads> {
  return { request: await ofRequests(open, rounds), page: await ofPages(open, rounds) };
}

/** Replies whose bodies nobody reads: one object serves them all. */
async function ofRequests(open: typeof connect, rounds: number): Promise<Pairs> {
  const times = 500;
  const answer = Promise.resolve(new Response("{}", { headers }));
  const memory: typeof fetch = () => answer;
  const client = await open({ url: URL, auth: { token: "t" }, fetch: memory });
  const own = () =>
    each(times, async () => {
      if ((await client.request(PATH)).status !== 200) throw new Error("no answer");
    });
  const init = { method: "GET", headers: { authorization: "Bearer t", accept: "application/json" } };
  const bare = () =>
    each(times, async () => {
      if ((await memory(URL + PATH, init)).status !== 200) throw new Error("no answer");
    });
  const measured = await inTurns(rounds, own, bare);
  client.close();
  return measured;
}

/** Pages of rows that hold nothing but their keys, made of text each time as a real one is. */
async function ofPages(open: typeof connect, rounds: number): Promise<Pairs> {
  const pages = 20;
  const rows = Array.from({ length: PAGE }, (_, row) => `{"sys_id":"${String(row).padStart(32, "0")}"}`);
  const body = `{"result":[${rows}]}`;
  const full = { ...headers, "x-total-count": String(pages * PAGE) };
  const memory: typeof fetch = async () => new Response(body, { headers: full });
  const client = await open({ url: URL, auth: { token: "t" }, fetch: memory });
  // By offset, because the rows are the same on each page.
  const options = { by: "offset", ahead: 0 } as const;
  const read = async () => {
    let seen = 0;
    for await (const { rows } of client.table("incident").pages(options)) seen += rows.length;
    if (seen !== pages * PAGE) throw new Error(`${seen} rows`);
  };
  const bare = async () => {
    for (let page = 0; page < pages; page += 1) {
      const { result } = (await (await memory(`${URL + PATH}&sysparm_offset=${page}`)).json()) as { result: unknown[] };
      if (result.length !== PAGE) throw new Error("no rows");
    }
  };
  const perPage = async (run: () => Promise<void>) => (await each(1, run)) / pages;
  const measured = await inTurns(
    rounds,
    () => perPage(read),
    () => perPage(bare),
  );
  client.close();
  return measured;
}

/** The first third is for the compiler. */
async function inTurns(rounds: number, own: () => Promise<number>, bare: () => Promise<number>): Promise<Pairs> {
  const pairs: Pairs = { own: [], bare: [] };
  for (let round = -rounds / 2; round < rounds; round += 1) {
    const [first, second] = [await own(), await bare()];
    if (round < 0) continue;
    pairs.own.push(first);
    pairs.bare.push(second);
  }
  return pairs;
}

/** Microseconds each. */
async function each(times: number, run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let time = 0; time < times; time += 1) await run();
  return ((performance.now() - began) / times) * 1000;
}
