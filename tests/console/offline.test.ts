/** The console starts without a network, from files of its own, and its cache keeps nothing of an instance. Local copies are queried. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startInstance } from "./harness/instance.ts";
import { SyncView } from "./harness/sync-view.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("console starts without a network once it was visited", { timeout: 60_000 }, async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  const context = { serviceWorkers: "allow" } as const;
  await world.visit(t, { origins: [instance.url], context }, async ({ screen }) => {
    const { page } = screen;
    const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
    assert.equal(scope, `${world.origin()}/`);
    // From here on the service worker answers, while rows come from an instance: none of them may be in the cache (watch.ts).
    await page.reload();
    assert.equal(await page.evaluate(() => navigator.serviceWorker.controller !== null), true);
    await screen.connect(instance.url);
    await screen.ended();

    const view = new SyncView(page);
    await view.open();
    await view.setUp("incident", { fields: "number" });
    await view.run("incident");

    await page.context().setOffline(true);
    await page.reload();
    // The Worker and the WebAssembly of the copies are among the kept files.
    await view.row("incident", "Complete").waitFor();
    assert.deepEqual(await view.query("select count(*) from incident"), [["50"]]);
    await page.evaluate(() => location.assign("#/tables"));
    await page.getByRole("button", { name: "Connect" }).waitFor();
    const wasm = await page.evaluate(() => {
      const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      return files.filter(({ name }) => name.endsWith(".wasm")).map(({ responseStatus }) => responseStatus);
    });
    assert.deepEqual(wasm, [200], "the WebAssembly is kept as well");
    await page.context().setOffline(false);
  });
});
