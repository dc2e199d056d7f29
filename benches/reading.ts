/**
 * Reading a table, beside a bare loop of fetch and response.json() over the same pages in the same run. The two take turns,
 * so that a busy machine slows both; only the ratio says something. Then the same with a server that takes 100 ms a page.
 */
import { connect, type ReadOptions } from "sysparm";
import { CLIENT_ID, CLIENT_SECRET, startPracticeInstance } from "../tests/harness/practice-instance.ts";

const ROWS = 50_000;
const PAGE = 1000;
const ROUNDS = 9;
const SERVER_MS = 100;
const NO_WORK = (): Promise<void> => Promise.resolve();

const instance = await startPracticeInstance("--rows", String(ROWS), "--quiet");
try {
  const auth = {
    grant: "client_credentials",
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
  } as const;
  const client = await connect({ url: instance.url, auth });
  const token = await client.token();

  const bare = async (work = NO_WORK) => {
    let seen = 0;
    for (let offset = 0; offset < ROWS; offset += PAGE) {
      const query = `sysparm_query=ORDERBYsys_id&sysparm_exclude_reference_link=true&sysparm_suppress_pagination_header=true&sysparm_no_count=true`;
      const path = `/api/now/table/incident?${query}&sysparm_limit=${PAGE}&sysparm_offset=${offset}`;
      const reply = await fetch(instance.url + path, {
        headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      });
      seen += ((await reply.json()) as { result: unknown[] }).result.length;
      await work();
    }
    return seen;
  };
  const packaged = async (options: ReadOptions = { ahead: 0 }, work = NO_WORK) => {
    let seen = 0;
    for await (const page of client.table("incident").pages({ pageSize: PAGE, ...options })) {
      seen += page.rows.length;
      await work();
    }
    return seen;
  };

  const timed = async (read: () => Promise<number>) => {
    const began = performance.now();
    const seen = await read();
    if (seen !== ROWS) throw new Error(`${seen} of ${ROWS} rows`);
    return performance.now() - began;
  };
  await timed(() => bare());
  await timed(() => packaged());
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [limit, own] =
      round % 2 ? [await timed(() => bare()), await timed(() => packaged())] : [0, await timed(() => packaged())];
    const floor = limit || (await timed(() => bare()));
    ratios.push(floor / own);
    times.push(own);
  }
  const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
  console.log(`rows read                 ${ROWS} in pages of ${PAGE}, ${ROUNDS} rounds`);
  console.log(
    `sysparm                   ${Math.round((ROWS / median(times)) * 1000)} rows a second (median; this machine, this moment)`,
  );
  console.log(
    `speed, bare fetch loop 1  ${median(ratios).toFixed(3)} (median of the rounds; ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})`,
  );

  await instance.set({ delay_ms: SERVER_MS });
  const work = () => new Promise<void>((wake) => setTimeout(wake, SERVER_MS));
  const told = async (name: string, floor: number, options: ReadOptions, own = NO_WORK) => {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) times.push(await timed(() => packaged(options, own)));
    console.log(`${name.padEnd(26)}${(floor / median(times)).toFixed(2)} times a sequential reader`);
  };
  const sequential = await timed(() => bare());
  const working = await timed(() => bare(work));
  console.log(
    `a server of ${SERVER_MS} ms a page   ${Math.round(sequential)} ms sequentially, ${Math.round(working)} with as much work on each page`,
  );
  await told("by key, working", working, { ahead: 1 }, work);
  await told("by offset, 8 ahead", sequential, { by: "offset", ahead: 8 });
  await told("by offset, 16 ahead", sequential, { by: "offset", ahead: 16 });
} finally {
  await instance.stop();
}
