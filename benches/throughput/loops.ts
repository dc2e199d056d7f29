/**
 * The two that are compared, in Node and in a page alike: `pages()`, and a bare loop of fetch and response.json() over the very
 * addresses that `pages()` asked for, as many of them under way at once.
 */
import type { connect, ReadOptions } from "sysparm";

export interface Task {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Pages under way at once. */
  atOnce: number;
  /** Whether the bare loop takes its pages in the table's order too. */
  inOrder?: boolean;
  /** The instance's concurrency; as many as are under way, where it is not given. */
  concurrency?: number;
  options: ReadOptions;
  /** Rows that each reading must bring. */
  rows: number;
  pairs: number;
}

export interface Measured {
  /** The bare loop's time through that of `pages()`, pair by pair: 1 is as fast, less is slower. */
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
  // Not the recording one for what is measured: a function more is time too.
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
    // They take turns at being first.
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
  const underWay = addresses.slice(0, atOnce).map(ask);
  for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) {
    const rows = await first;
    seen += rows.length;
    const next = later.shift();
    if (next !== undefined) underWay.push(ask(next));
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
