/**
 * What sysparm itself costs: the same calls with a fetch that answers at once from memory, through the package and in a bare loop.
 * The bare loop pays for the same answers, so the difference is the machine, the boundary and the glue.
 */
import type { connect } from "sysparm";

export interface Overheads {
  /** Microseconds a request more than the bare loop, round by round. */
  request: number[];
  /** Microseconds a page more than the bare loop, round by round. */
  page: number[];
}

const URL = "https://example.service-now.com";
const PATH = "/api/now/table/incident?sysparm_limit=1";
const PAGE = 1000;
const headers = { "content-type": "application/json" };

export async function overheads(open: typeof connect, rounds: number): Promise<Overheads> {
  const request: number[] = [];
  const page: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [requests, pages] = [await ofRequests(open), await ofPages(open)];
    // The first round is for the compiler.
    if (round === 0) continue;
    request.push(requests);
    page.push(pages);
  }
  return { request, page };
}

/** Replies whose bodies nobody reads: one object serves them all. */
async function ofRequests(open: typeof connect): Promise<number> {
  const times = 20_000;
  const answer = Promise.resolve(new Response("{}", { headers }));
  const memory: typeof fetch = () => answer;
  const client = await open({ url: URL, auth: { token: "t" }, fetch: memory });
  const own = await each(times, async () => {
    if ((await client.request(PATH)).status !== 200) throw new Error("no answer");
  });
  client.close();
  const init = { method: "GET", headers: { authorization: "Bearer t", accept: "application/json" } };
  const bare = await each(times, async () => {
    if ((await memory(URL + PATH, init)).status !== 200) throw new Error("no answer");
  });
  return own - bare;
}

/** Pages of rows that hold nothing but their keys, made of text each time as a real one is. */
async function ofPages(open: typeof connect): Promise<number> {
  const pages = 300;
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
  const difference = -(await each(1, bare)) + (await each(1, read));
  client.close();
  return difference / pages;
}

/** Microseconds each. */
async function each(times: number, run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let time = 0; time < times; time += 1) await run();
  return ((performance.now() - began) / times) * 1000;
}
