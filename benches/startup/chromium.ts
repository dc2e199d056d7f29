/** From navigation, or from adding the script to a loaded page, to the first rows. Every measurement has a context of its own: cold caches. */
import { type Browser, type BrowserContext, type CDPSession, errors, type Page } from "playwright-core";
import { PRELOADED } from "./bundles.ts";
import type { Taken } from "./pairs.ts";
import { PAGE_SIZE } from "./programs/setting.js";

export interface Limits {
  /** How many times slower the processor is. */
  processor?: number;
  /** Latency of a request. */
  latencyMs?: number;
  megabits?: number;
}

interface Finished {
  rows: number;
  ms: number;
}

/** Milliseconds from the navigation to the rows. */
export function fromNavigation(browser: Browser, address: string, limits: Limits): Promise<number> {
  return inContext(browser, async (context) => {
    const page = await limited(context, limits);
    await page.goto(address, { waitUntil: "commit" });
    await page.waitForFunction("window.finished !== undefined", undefined, { polling: 5 });
    return counted((await page.evaluate("window.finished")) as Finished);
  });
}

/** From the moment at which a page that has settled adds the script, with `preload` together with the WebAssembly. */
export function fromLoadedPage(browser: Browser, address: string, preload: boolean): Promise<Taken> {
  return inContext(browser, async (context) => {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(new URL("/bare/settled.html", address).href);
    await page.waitForTimeout(SETTLING_MS);
    const used = await mainThreadMs(session);
    const finished = await page.evaluate(
      async ({ address, files }) => {
        const began = performance.now();
        for (const file of files) {
          const link = document.createElement("link");
          const href = address + file;
          Object.assign(link, { rel: "preload", as: "fetch", type: "application/wasm", crossOrigin: "", href });
          document.head.append(link);
        }
        await import(`${address}main.js`);
        const { rows, ms } = await (window as unknown as { finished: Promise<Finished> }).finished;
        return { rows, ms: ms - began };
      },
      { address, files: preload ? PRELOADED : [] },
    );
    return { ms: counted(finished), processorMs: (await mainThreadMs(session)) - used };
  });
}

const SETTLING_MS = 60;

/** The processor time of the page's tasks. Other threads are not counted. */
async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
}

function counted({ rows, ms }: Finished): number {
  if (rows !== PAGE_SIZE) throw new Error(`${rows} of ${PAGE_SIZE} rows`);
  return ms;
}

const LONGEST_MS = 15_000;
const MOST_TRIES = 3;

/** Once in some 800 pages under emulated limits the script never ran. Such a page is closed, and another one measured. */
async function inContext<T>(browser: Browser, use: (context: BrowserContext) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const context = await browser.newContext();
    context.setDefaultTimeout(LONGEST_MS);
    try {
      return await use(context);
    } catch (thrown) {
      if (tries === MOST_TRIES || !(thrown instanceof errors.TimeoutError)) throw thrown;
      console.log("a page did not answer; another one is measured");
    } finally {
      await context.close();
    }
  }
}

const BYTES_PER_MEGABIT = 125_000;

async function limited(context: BrowserContext, { processor, latencyMs, megabits }: Limits): Promise<Page> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  if (processor) await session.send("Emulation.setCPUThrottlingRate", { rate: processor });
  if (latencyMs && megabits) {
    const throughput = megabits * BYTES_PER_MEGABIT;
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: latencyMs,
      downloadThroughput: throughput,
      uploadThroughput: throughput,
    });
  }
  return page;
}
