/** Kills the tab of a sync at random points, while rows of the source are changed, created and deleted. */
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { BrowserContext, Page } from "playwright-core";
import { assertCopyEquals, byId, changingSource } from "../../harness/changing-source.ts";
import type { SlowedInstance } from "./instance.ts";
import { SyncView } from "./sync-view.ts";

export interface KillOptions {
  rows: number;
  kills: number;
  pageSize: number;
  /** Of each page of rows. */
  delayMs: number;
  seed: number;
}

export const FIELDS = ["sys_id", "number", "short_description", "state", "assigned_to", "sys_updated_on"];
/** A run leaves the second that is still being written to the next run. */
const LAG_MS = 2_100;

/** Returns how many rows the copy had before each kill and after it. */
export async function killAndCompare(
  context: BrowserContext,
  origin: string,
  instance: SlowedInstance,
  { rows, kills, pageSize, delayMs, seed }: KillOptions,
): Promise<string[]> {
  const source = changingSource(instance, FIELDS);
  await source.letReadDeletions();
  const random = randomFrom(seed);
  const killedAt: string[] = [];

  let view = await openSync(context, origin, instance.url);
  await view.setUp("incident", { fields: FIELDS.join(), pageSize });
  for (let round = 1; round <= kills; round += 1) {
    await instance.set({ faults: [{ path: "/api/now/table/incident", kind: { delay: { ms: delayMs } } }] });
    await view.start("incident", round === 1 ? "Run" : "Resume");
    // Anywhere in this run's share of the rows, and anywhere between two pages.
    await reached(view, (rows * (round - 1 + random())) / kills);
    await setTimeout(random() * 2 * delayMs);
    killedAt.push(await view.cell("incident", "Here"));
    await kill(context, view.page, round % 3);
    await source.change(round);
    view = await openSync(context, origin, instance.url);
    const state = await view.row("incident").getAttribute("data-state");
    killedAt.push(`${state} at ${await view.cell("incident", "Here")}`);
    assert.notEqual(state, "Complete", "the run was cut");
  }
  await setTimeout(LAG_MS);
  await instance.set({ faults: [] });
  await view.run("incident", "Resume");
  const copied = byId(await view.rows("incident"));
  assertCopyEquals(copied, await source.rows(), rows - 1);
  assert.equal(await view.cell("incident", "Here"), copied.size.toLocaleString("en-GB"));
  await view.page.close();
  return killedAt;
}

/** A tab with the view, connected to a practice instance. */
export async function openSync(context: BrowserContext, origin: string, instanceUrl: string): Promise<SyncView> {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${origin}/#practice=${instanceUrl}`);
  await page.getByRole("button", { name: "Disconnect" }).waitFor();
  const view = new SyncView(page);
  await view.open();
  await view.row("incident", "Looking").waitFor({ state: "detached" });
  return view;
}

/** Waits until the copy has that number of rows. */
async function reached({ page }: SyncView, rows: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const here = document.querySelector<HTMLElement>('tr[data-table="incident"] td[data-head="Here"]')?.innerText ?? "";
    return Number(here.replaceAll(",", "").trim()) >= wanted;
  }, Math.floor(rows));
}

/** Its renderer is killed, the tab is closed as a person does, or the page is left. */
async function kill(context: BrowserContext, page: Page, how: number): Promise<void> {
  if (how === 1) {
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    void session.send("Page.crash").catch(() => undefined);
    await crashed;
  } else if (how === 2) await page.goto("about:blank");
  await page.close();
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
