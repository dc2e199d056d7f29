/** The cost of sysparm for each request and page, compared with a bare loop. Runs in Node and in Chromium with a fetch that answers from memory. */
import { connect } from "sysparm";
import { startPracticeInstance } from "../tests/harness/practice-instance.ts";
import { type Overheads, overheads, type Pairs } from "./control/loops.ts";
import { measurePeers } from "./control/peers.ts";
import { load, median, report } from "./measures.ts";
import { openTab } from "./throughput/chromium.ts";

const ROUNDS = 60;

/** Other work on the machine only adds time. Therefore the fastest rounds of both sides are compared, in addition to the median of the pairs. */
const cost = ({ own, bare }: Pairs) => {
  const middle = median(own.map((time, round) => time - (bare[round] ?? Number.NaN)));
  const fastest = Math.min(...own) - Math.min(...bare);
  return `${middle.toFixed(2)} us over a bare loop (median; ${fastest.toFixed(2)} by the fastest rounds)`;
};

const print = (place: string, { request, bounded, record, page }: Overheads) => {
  report(`${place}, a request`, cost(request), "0.61");
  report(`${place}, over a loop with time limits`, cost(bounded));
  report(`${place}, a record`, cost(record));
  report(`${place}, a page of 1,000 rows`, cost(page), "5");
};

console.log(`control, with a fetch that answers from memory; ${load()}`);
print("Node", await overheads(connect, ROUNDS));
const peers = await measurePeers(ROUNDS);
for (const [name, pairs] of Object.entries(peers ?? {})) report(`${name}, a request`, cost(pairs));
if (!peers) console.log("ky, axios and cockatiel: not measured, the package registry is missing");
// The instance only provides the page's origin.
const instance = await startPracticeInstance("--rows", "1", "--quiet");
try {
  const tab = await openTab(instance.url, "benches/control/loops.ts");
  const measured = await tab.page.evaluate((rounds) => {
    // biome-ignore lint/suspicious/noExplicitAny: what the page holds has no types here
    const { bench, sysparm } = globalThis as any;
    return bench.overheads(sysparm.connect, rounds) as Promise<Overheads>;
  }, ROUNDS);
  print("Chromium", measured);
  await tab.close();
} finally {
  await instance.stop();
}
