/** A copy whose disk is full, and one whose database is damaged: both are named, and end well. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startInstance } from "../harness/instance.ts";
import { SyncView } from "../harness/sync-view.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("full disk and damaged database are named, and end well", { timeout: 60_000 }, async (t) => {
  const instance = await startInstance("--rows", "2000");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen, origin }) => {
    const { page } = screen;
    const view = new SyncView(page);
    await screen.connect(instance.url);
    await screen.ended();
    await view.open();
    await page.getByRole("button", { name: "Set up a sync" }).click();
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await page.getByText("This is no name of a table").waitFor();
    await screen.accessible("form of a sync with an error", "any");
    await page.locator(".sync-setup").getByRole("button", { name: "Cancel" }).click();
    await view.setUp("incident", { pageSize: 200 });
    const browserOf = await page.context().newCDPSession(page);
    const { usage } = await page.evaluate(() => navigator.storage.estimate());
    await browserOf.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: (usage ?? 0) + 400_000 });
    await view.start("incident");
    await page.getByRole("alert").getByText("most likely this page has used up its storage").waitFor();
    assert.match(await view.cell("incident", "State"), /^(Failed|Interrupted)/);
    await browserOf.send("Storage.overrideQuotaForOrigin", { origin });
    await view.run("incident", "Resume");
    assert.equal(await view.cell("incident", "Here"), "2,000");

    await page.evaluate(damage);
    await page.reload();
    await view.open();
    await page.getByRole("alert").getByText("The database of the local copies is damaged").waitFor();
    await screen.accessible("a damaged database", "any");
    await page.getByRole("button", { name: "Delete the copies…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete the copies" }).click();
    await view.row("incident", "No copy").waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
  });
});

/** Runs in the page: overwrites the middle of every file of the copies. */
async function damage(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const waiting: FileSystemDirectoryHandle[] = [await root.getDirectoryHandle("sysparm-console")];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    for await (const handle of folder.values()) {
      if (handle.kind === "directory") waiting.push(handle as FileSystemDirectoryHandle);
      else {
        const file = handle as FileSystemFileHandle;
        if ((await file.getFile()).size < 100_000) continue;
        const writable = await file.createWritable({ keepExistingData: true });
        await writable.write({ type: "write", position: 4_096, data: new Uint8Array(60_000).fill(7) });
        await writable.close();
      }
    }
  }
}
