/**
 * The two compared readers, for Node and for a page: `pages()`, and a bare loop of fetch and response.json() over the addresses that
 * `pages()` requested, with the same number of requests in flight.
 */
import type { connect, ReadOptions } from "sysparm";

export interface Task {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Page requests in flight at once. */
  atOnce: number;
  /** Whether the bare loop also takes its pages in the table's order. */
  inOrder?: boolean;
  /** The client's concurrency; `atOnce` if not given. */
  concurrency?: number;
  options: ReadOptions;
  /** The number of rows that each reading must return. */
  rows: number;
  pairs: number;
}

export interface Measured {
  /** The bare loop's time divided by that of `pages()`, for each pair: 1 is as fast, less is slower. */
  ratios: number[];
  /** Milliseconds of each reading by `pages()`. */
  times: number[];
}

export async function compare(open: typeof connect, task: Task): Promise<Measured> {
  const asked: string[] = [];
  let isRecording = true;
  const recording: typeof fetch = (input, init) => {
    if (isRecording && String(input).includes("/api/now/table/")) asked.push(String(input));
    return fetch(input, init);
  };
  const auth = { grant: "client_credentials", clientId: task.clientId, clientSecret: task.clientSecret } as const;
  // A second client without the recording function, which would cost time.
  const opened = { url: task.url, auth, pace: { concurrency: task.concurrency ?? task.atOnce } };
  const recorder = await open({ ...opened, fetch: recording });
  const token = await recorder.token();
  await readPages(recorder, task);
  isRecording = false;
  recorder.close();
  const client = await open(opened);
  await client.token();
  const authorization = `Bearer ${token}`;
  const bare = () => (task.inOrder ? readInOrder : readBare)(asked, authorization, task.atOnce);
  const packaged = () => readPages(client, task);
  const timed = async (read: () => Promise<number>) => {
    const began = performance.now();
    const seen = await read();
    const time = performance.now() - began;
    if (seen !== task.rows) throw new Error(`${seen} of ${task.rows} rows`);
    return time;
  };
  const ratios: number[] = [];
  const times: number[] = [];
  await timed(bare);
  await timed(packaged);
  for (let pair = 0; pair < task.pairs; pair += 1) {
    // The order alternates.
    const first = pair % 2 ? await timed(bare) : await timed(packaged);
    const second = pair % 2 ? await timed(packaged) : await timed(bare);
    const [floor, own] = pair % 2 ? [first, second] : [second, first];
    ratios.push(floor / own);
    times.push(own);
  }
  client.close();
  return { ratios, times };
}

async function readPages(client: Awaited<ReturnType<typeof connect>>, { options }: Task): Promise<number> {
  let seen = 0;
  for await (const { rows } of client.table("incident").pages(options)) seen += rows.length;
  return seen;
}

async function readInOrder(addresses: string[], authorization: string, atOnce: number): Promise<number> {
  let seen = 0;
  const headers = { authorization, accept: "application/json" };
  const ask = async (address: string) => {
    const reply = await fetch(address, { headers });
    return ((await reply.json()) as { result: unknown[] }).result;
  };
  const later = addresses.slice(atOnce);
  const inFlight = addresses.slice(0, atOnce).map(ask);
  for (let first = inFlight.shift(); first !== undefined; first = inFlight.shift()) {
    const rows = await first;
    seen += rows.length;
    const next = later.shift();
    if (next !== undefined) inFlight.push(ask(next));
  }
  return seen;
}

export async function readBare(addresses: string[], authorization: string, atOnce: number): Promise<number> {
  let seen = 0;
  let next = 0;
  const headers = { authorization, accept: "application/json" };
  const work = async () => {
    for (let address = addresses[next++]; address !== undefined; address = addresses[next++]) {
      const reply = await fetch(address, { headers });
      const { result } = (await reply.json()) as { result: unknown[] };
      seen += result.length;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return seen;
}
