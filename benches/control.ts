/** What sysparm costs a request and a page over a bare loop, with a fetch that answers from memory, in Node and in Chromium. */
import { connect } from "sysparm";
import { startPracticeInstance } from "../tests/harness/practice-instance.ts";
import { type Overheads, overheads } from "./control/loops.ts";
import { load, report, spread } from "./measures.ts";
import { openTab } from "./throughput/chromium.ts";

const ROUNDS = 15;

const told = (place: string, { request, page }: Overheads) => {
  report(`${place}, a request`, `${spread(request, 2)} us over a bare loop`, "0.61");
  report(`${place}, a page of 1,000 rows`, `${spread(page, 2)} us over a bare loop`, "5");
};

console.log(`control, with a fetch that answers from memory; ${load()}`);
told("Node", await overheads(connect, ROUNDS));
// Only the page's origin comes from it.
const instance = await startPracticeInstance("--rows", "1", "--quiet");
try {
  const tab = await openTab(instance.url, "benches/control/loops.ts");
  const measured = await tab.page.evaluate((rounds) => {
    // biome-ignore lint/suspicious/noExplicitAny: what the page holds has no types here
    const { bench, sysparm } = globalThis as any;
    return bench.overheads(sysparm.connect, rounds) as Promise<Overheads>;
  }, ROUNDS);
  told("Chromium", measured);
  await tab.close();
} finally {
  await instance.stop();
}
