/** Copies of tables in the browser's own database: set up, run, killed, resumed, queried without a network, deleted. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { startInstance } from "./harness/instance.ts";
import { numbersByFetch } from "./harness/rows.ts";
import { sharedBrowser, sharedSite } from "./harness/shared.ts";
import { killAndCompare } from "./harness/sync-killed.ts";
import { SyncView } from "./harness/sync-view.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
let browser: Browser;
let origin: string;
before(async () => {
  browser = await sharedBrowser();
  origin = (await sharedSite()).origin;
});
after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("copy is set up, run, queried offline, saved and deleted", { timeout: 120_000 }, async (t) => {
  const instance = await startInstance("--rows", "300", "--hidden", "0.05");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    const view = new SyncView(page);
    await screen.connect(instance.url);
    await screen.ended();
    const { numbers } = await numbersByFetch(instance.url);
    await view.open();

    await page.getByRole("button", { name: "Set up a sync" }).click();
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await page.getByText("This is no name of a table").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();

    await view.setUp("incident", { fields: "number, short_description, state", pageSize: 100 });
    assert.equal(await view.cell("incident", "Here"), "–");
    await view.run("incident");
    const visible = numbers.size;
    assert.ok(visible < 300 && visible > 240, `${visible} rows are visible`);
    assert.deepEqual(await Promise.all(["Here", "There", "Hidden"].map((head) => view.cell("incident", head))), [
      String(visible),
      "300",
      String(300 - visible),
    ]);
    // Deletions count from the first run.
    await view.run("incident");
    await view.row("incident").getByText("Deletions are not read: this user may not").waitFor();

    await page.context().setOffline(true);
    assert.deepEqual(await view.query("select count(*), count(distinct number) from incident"), [
      [String(visible), String(visible)],
    ]);
    await view.query("delete from incident");
    await page.getByText("Local copies can only be read here").waitFor();
    await screen.accessible("list of syncs, and a statement that is refused", "any");
    await page.context().setOffline(false);

    const csv = await view.saved(() => view.choose("incident", "Save as CSV"));
    assert.deepEqual(new Set(csv.match(/INC\d+/g)), numbers);

    // A setup with other fields needs another copy, and asks.
    await view.choose("incident", "Change…");
    await page.locator("#sync-fields").fill("number");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Delete the copy and save" }).click();
    await view.row("incident", "No copy").waitFor();
    await view.run("incident");

    await view.choose("incident", "Delete the copy…");
    const asked = page.getByRole("dialog");
    await asked.getByText(`${visible} rows of`).waitFor();
    await screen.accessible("question before a copy is deleted", "any");
    await asked.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await view.cell("incident", "Here"), String(visible));
    await view.choose("incident", "Delete the copy…");
    await asked.getByRole("button", { name: "Delete the copy" }).click();
    await view.row("incident", "No copy").waitFor();
    await view.run("incident");
    // It never runs: there is no copy of it to speak of.
    await view.setUp("problem");

    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Its local copies stay in this browser, with their rows: incident.").waitFor();
    await page.getByRole("button", { name: "Hide" }).click();
    await page.evaluate(() => location.assign("#/environments"));
    await page.getByRole("button", { name: "Remove…" }).click();
    await asked.getByRole("button", { name: /^Remove / }).click();
    await asked.getByRole("button", { name: "Delete the copies" }).click();
    await asked.waitFor({ state: "detached" });
    await page.waitForFunction(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle("sysparm-console");
      for await (const _ of folder.keys()) return false;
      return true;
    });
  });
});

test("tab killed during a sync resumes and ends equal to the source", { timeout: 120_000 }, async (t) => {
  const instance = await startInstance("--rows", "1200");
  t.after(instance.stop);
  const context = await browser.newContext({ serviceWorkers: "block" });
  t.after(() => context.close());
  const options = { rows: 1_200, kills: 2, pageSize: 50, delayMs: 40, seed: Date.now() % 1e6 };
  const killed = await killAndCompare(context, origin, instance, options);
  t.diagnostic(`seed ${options.seed}, killed at ${killed.join("; ")}`);
});

test("second tab says that the first one runs, and sees its rows", { timeout: 60_000 }, async (t) => {
  const instance = await startInstance("--rows", "400");
  t.after(instance.stop);
  const context = await browser.newContext({ serviceWorkers: "block" });
  t.after(() => context.close());
  const [first, second] = await Promise.all(
    [1, 2].map(async () => {
      const page = await context.newPage();
      return new SyncView(page);
    }),
  );
  if (!first || !second) throw new Error("two tabs");
  await first.page.goto(`${origin}/#practice=${instance.url}`);
  await first.page.getByRole("button", { name: "Disconnect" }).waitFor();
  await first.open();
  await first.setUp("incident", { pageSize: 100 });
  await instance.set({ delay_ms: 500 });
  await first.start("incident");
  await second.page.goto(`${origin}/#/sync`);
  await second.row("incident", "In another tab").waitFor();
  await second.page.getByText("Another tab of this browser runs it. Cancel it there.").waitFor();
  // Nothing is deleted under the other tab's run.
  await second.choose("incident", "Remove the sync…");
  await second.page.getByRole("button", { name: "Remove the sync" }).click();
  await second.page.getByText("A run is under way, here or in another tab").waitFor();
  await instance.set({ delay_ms: 0 });
  await second.row("incident", "Complete").waitFor();
  assert.equal(await second.cell("incident", "Here"), "400");
  assert.deepEqual(await second.query("select count(*) from incident"), [["400"]]);
});
