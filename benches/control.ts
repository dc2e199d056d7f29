/**
 * The cost of sysparm for each request and page, compared with a bare loop, and of a request compared with cockatiel. Runs in Node and in Chromium
 * with a fetch that answers from memory. Fails if a request costs more than its bound, a multiple of cockatiel in the same run: microseconds depend on
 * the machine.
 */
import { connect } from "sysparm";
import { startPracticeInstance } from "../tests/harness/practice-instance.ts";
import { type Compared, type Overheads, overheads, type Pairs } from "./control/loops.ts";
import { limitedPolicy, measurePeers } from "./control/peers.ts";
import { load, median, report } from "./measures.ts";
import { openTab } from "./throughput/chromium.ts";

const ROUNDS = 60;
/** Aims of a request: its share of what cockatiel with a time limit costs, and microseconds. */
const AIM_OF_COCKATIEL = 0.25;
const AIM_US = 7;
/** Beyond its share by the fastest rounds a request has become slower. Measured: 0.52 to 0.59, and 0.91 to 1.00. */
const BOUNDS: Record<string, number> = { Node: 0.8, Chromium: 1.3 };

/** Other work on the machine only adds time. Therefore the fastest rounds of both sides are compared, in addition to the median of the pairs. */
const cost = ({ own, bare }: Pairs) => {
  const middle = median(own.map((time, round) => time - (bare[round] ?? Number.NaN)));
  const fastest = Math.min(...own) - Math.min(...bare);
  return `${middle.toFixed(2)} us over a bare loop (median; ${fastest.toFixed(2)} by the fastest rounds)`;
};

const compare = (place: string, { own, bare, cockatiel }: Compared) => {
  if (cockatiel.length === 0) return;
  const over = (times: number[]) => times.map((time, round) => time - (bare[round] ?? Number.NaN));
  const fastest = (times: number[]) => Math.min(...times) - Math.min(...bare);
  report(`${place}, cockatiel with a time limit`, cost({ own: cockatiel, bare }));
  const ratio = fastest(own) / fastest(cockatiel);
  const middle = median(over(own)) / median(over(cockatiel));
  const words = `${middle.toFixed(2)} of cockatiel with a time limit (medians; ${ratio.toFixed(2)} by the fastest rounds)`;
  report(`${place}, a request`, words, String(AIM_OF_COCKATIEL));
  const bound = BOUNDS[place] ?? 0;
  if (ratio < bound) return;
  console.error(`${place}, a request: ${ratio.toFixed(2)} of cockatiel by the fastest rounds is beyond ${bound}`);
  process.exitCode = 1;
};

const print = (place: string, { request, bounded, record, page }: Overheads) => {
  report(`${place}, a request`, cost(request), String(AIM_US));
  compare(place, request);
  report(`${place}, over a loop with time limits`, cost(bounded));
  report(`${place}, a record`, cost(record));
  report(`${place}, a page of 1,000 rows`, cost(page), "5");
};

console.log(`control, with a fetch that answers from memory; ${load()}`);
print("Node", await overheads(connect, ROUNDS, limitedPolicy()));
const peers = await measurePeers(ROUNDS);
for (const [name, pairs] of Object.entries(peers ?? {})) report(`${name}, a request`, cost(pairs));
if (!peers) console.log("ky, axios and cockatiel: not measured, the package registry is missing");
// The instance only provides the page's origin.
const instance = await startPracticeInstance("--rows", "1", "--quiet");
try {
  const tab = await openTab(instance.url, limitedPolicy() ? "benches/control/in-page.ts" : "benches/control/loops.ts");
  const measured = await tab.page.evaluate((rounds) => {
    // biome-ignore lint/suspicious/noExplicitAny: what the page holds has no types here
    const { bench, sysparm } = globalThis as any;
    return bench.overheads(sysparm.connect, rounds, bench.limited) as Promise<Overheads>;
  }, ROUNDS);
  print("Chromium", measured);
  await tab.close();
} finally {
  await instance.stop();
}
