/**
 * Reads a table of 1,000,000 rows over HTTP by key to its last row, in Node and in Chromium: the time of a page at the beginning and at
 * the end, and the memory used meanwhile. Also measures a page by offset, where the instance reads every row before the offset, as a
 * database does. `ROWS=` reads fewer rows.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { connect } from "sysparm";
import { CLIENT_ID, CLIENT_SECRET, startPracticeInstance } from "../tests/harness/practice-instance.ts";
import { load, median, report } from "./measures.ts";
import type { Journey } from "./million/reading.ts";
import { openTab } from "./throughput/chromium.ts";

const ROWS = Number(process.env.ROWS ?? 1_000_000);
const MOST_MB = 40;
const FLAT = 1.2;
const only = process.argv[2];

const instance = await startPracticeInstance("--rows", String(ROWS), "--quiet");
try {
  await instance.set({ offset_scan: true, token_lifetime: 7200 });
  if (only !== "Chromium") print("Node", await inNode());
  if (only !== "Node") print("Chromium", await inChromium());
  await byOffset();
} finally {
  await instance.stop();
}

async function inNode(): Promise<Journey> {
  console.log(`Node; ${load()}`);
  const program = ["--expose-gc", "--import", "tsx", "benches/million/node.ts"];
  const { stdout } = await promisify(execFile)("node", [...program, instance.url, CLIENT_ID, CLIENT_SECRET]);
  return JSON.parse(stdout);
}

async function inChromium(): Promise<Journey> {
  console.log(`Chromium; ${load()}`);
  const { page, close } = await openTab(instance.url, "benches/million/reading.ts");
  try {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable");
    await page.exposeFunction("held", async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      const { metrics } = await devtools.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
    });
    return await page.evaluate(
      ([url, clientId, clientSecret]) => {
        // biome-ignore lint/suspicious/noExplicitAny: what the page holds has no types here
        const { bench, sysparm, held } = globalThis as any;
        return bench.readAll(sysparm.connect, url, { clientId, clientSecret }, held);
      },
      [instance.url, CLIENT_ID, CLIENT_SECRET],
    );
  } finally {
    await close();
  }
}

function print(place: string, journey: Journey): void {
  const { rows, complete, seconds, first, middle, last, baseline, most } = journey;
  if (rows !== ROWS || !complete) throw new Error(`${place}: ${rows} of ${ROWS} rows, complete: ${complete}`);
  const each = [first, middle, last].map((time) => time.toFixed(1)).join(", ");
  report(`${place}, rows`, `${rows} in ${seconds.toFixed(0)} s: ${Math.round(rows / seconds)} a second`);
  report(`${place}, by key, a page`, `${each} ms at the beginning, in the middle, at the end (medians of 20)`);
  report(`${place}, by key, end to beginning`, (last / first).toFixed(3), `at most ${FLAT}`);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const above = `${megabytes(most - baseline)} MB above the ${megabytes(baseline)} MB before`;
  report(`${place}, most in memory`, above, `less than ${MOST_MB} MB`);
}

async function byOffset(): Promise<void> {
  console.log(`by offset, every row before it read; ${load()}`);
  const auth = { grant: "client_credentials", clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } as const;
  const client = await connect({ url: instance.url, auth, timeLimits: { callMs: 600_000 } });
  const query = "sysparm_query=ORDERBYsys_updated_on%5EORDERBYsys_id&sysparm_no_count=true&sysparm_limit=1000";
  let first = Number.NaN;
  for (const share of [0, 0.01, 0.1, 0.5, 0.999]) {
    const offset = Math.floor(ROWS * share);
    const times: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const began = performance.now();
      const reply = await client.request(`/api/now/table/incident?${query}&sysparm_offset=${offset}`);
      await reply.json();
      times.push(performance.now() - began);
    }
    const time = median(times);
    if (share === 0) first = time;
    report(`  a page at ${offset}`, `${time.toFixed(1)} ms, ${(time / first).toFixed(1)} times the first`);
  }
  client.close();
}
