/**
 * Compares `pages()` with a bare loop of fetch and response.json() over the same addresses with the same number of requests in flight, in
 * Node and in Chromium. Then measures what prefetching gains where a page takes 100 ms. The two take turns, so that other work on the
 * machine slows both. Only the ratios are meaningful.
 */
import { connect } from "sysparm";
import { CLIENT_ID, CLIENT_SECRET, startPracticeInstance } from "../tests/harness/practice-instance.ts";
import { load, median, report, spread } from "./measures.ts";
import { openTab } from "./throughput/chromium.ts";
import { compare, type Measured, type Task } from "./throughput/loops.ts";

const ROWS = 50_000;
const PAIRS = Number(process.env.PAIRS ?? 11);
const SLOW_MS = 100;
const AIM = 0.97;
const AHEAD_AIM = { Node: 5.5, Chromium: 4.2 };

/** Optional: `Node` or `Chromium` runs that place alone, then `loops` or `ahead` that part alone. */
const [, , only, part] = process.argv;

const instance = await startPracticeInstance("--rows", String(ROWS), "--quiet");
const tab = await openTab(instance.url, "benches/throughput/loops.ts");
const places = {
  Node: (task: Task) => compare(connect, task),
  Chromium: (task: Task) =>
    tab.page.evaluate((given) => {
      // biome-ignore lint/suspicious/noExplicitAny: what the page holds has no types here
      const { bench, sysparm } = globalThis as any;
      return bench.compare(sysparm.connect, given) as Promise<Measured>;
    }, task),
} as const;
const chosen = Object.entries(places).filter(([place]) => only === undefined || place === only);
const task = { url: instance.url, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, rows: ROWS, pairs: PAIRS };
try {
  console.log(`${ROWS} rows in pages of 1,000, ${PAIRS} pairs each; ${load()}`);
  if (part !== "ahead") for (const [place, run] of chosen) await compareWithLoops(place, run);
  if (part !== "loops") {
    await instance.set({ delay_ms: SLOW_MS });
    console.log(`a server that takes ${SLOW_MS} ms a page; ${load()}`);
    for (const [place, run] of chosen) await measurePrefetch(place, run);
  }
} finally {
  await tab.close();
  await instance.stop();
}

type Run = (task: Task) => Promise<Measured>;

async function compareWithLoops(place: string, run: Run): Promise<void> {
  const print = ({ ratios, times }: Measured, name: string) => {
    const speed = Math.round((ROWS / median(times)) * 1000);
    report(`${place}, ${name}`, `${spread(ratios)} of a bare loop; ${speed} rows a second`, String(AIM));
  };
  print(await run({ ...task, atOnce: 1, options: { ahead: 0 } }), "by key, 1 at once");
  for (const atOnce of [1, 4, 8]) {
    const reading = { ...task, atOnce, options: { by: "offset" as const, ahead: atOnce === 1 ? 0 : atOnce } };
    print(await run(reading), `by offset, ${atOnce} at once`);
    // `pages()` delivers in the table's order. A loop that takes pages as they arrive need not wait for a slow one.
    if (atOnce > 1) print(await run({ ...reading, inOrder: true }), `by offset, ${atOnce} at once, both in order`);
  }
}

async function measurePrefetch(place: string, run: Run): Promise<void> {
  // Small rows, because the server runs on the same machine: its work on large rows would be measured too.
  const fields = ["sys_id", "number"];
  for (const ahead of [4, 8]) {
    // The bare loop reads sequentially, so the ratio is the gain of prefetching.
    const options = { fields, by: "offset", ahead } as const;
    const { ratios } = await run({ ...task, pairs: 3, atOnce: 1, concurrency: ahead, options });
    const aim = ahead === 8 ? String(AHEAD_AIM[place as keyof typeof AHEAD_AIM]) : "";
    report(`${place}, by offset, ${ahead} ahead`, `${spread(ratios, 2)} times a sequential reader`, aim);
  }
}
