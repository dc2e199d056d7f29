/** Journal, history, files and the counterpart of one record in Chromium, against two practice instances that differ. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { administrated, change } from "../harness/administrator.ts";
import { overflows } from "../harness/views.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("journal, history, files and another environment of a record", async (t) => {
  const [dev, staging] = await Promise.all([administrated("--rows", "20"), administrated("--rows", "20")]);
  for (const instance of [dev, staging]) t.after(instance.stop);
  const number = "number=INC0000007";
  const id = await change(dev.url, "incident", number, { work_notes: "First <b>note</b>", urgency: "1" });
  const description = "A line\n".repeat(40);
  await change(dev.url, "incident", number, { description: `${description}one` });
  await change(staging.url, "incident", number, { description, short_description: "Otherwise", urgency: "1" });
  await world.visit(t, { origins: [dev.url, staging.url] }, async ({ screen }) => {
    const { page } = screen;
    const records = page.locator("#pane-records");
    const tab = (name: string) => records.getByRole("tab", { name }).click();
    const save = records.getByRole("button", { name: "Save 1 change" });
    await screen.connect(dev.url);
    await screen.ended();
    await page.evaluate((record) => location.assign(`#/records/incident/${record}`), id);
    await tab("Journal");
    const entry = records.locator(".record-list li");
    await entry.getByText("First <b>note</b>").waitFor();
    await records.getByRole("button", { name: "Add to Work notes" }).click();
    await page.getByLabel("New value of Work notes").fill("Second note");
    await save.click();
    await entry.getByText("Second note").waitFor();
    assert.deepEqual(await entry.locator(".record-text").allTextContents(), ["Second note", "First <b>note</b>"]);
    await screen.accessible("the journal", "any");

    await tab("History");
    const update = records.locator(".record-list > li").filter({ hasText: "Urgency" });
    assert.match(await update.innerText(), /practice\.admin[\s\S]*Urgency urgency\s+\d\s+1/);
    await update.getByRole("button", { name: "Find the request" }).click();
    const request = update.locator(".record-requests > li").first();
    await request.waitFor();
    assert.match(
      await request.innerText(),
      new RegExp(`names this record[\\s\\S]*PATCH /api/now/table/incident/${id}`),
    );
    await screen.accessible("the history", "any");

    await tab("Files");
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      records.getByRole("button", { name: "Add files…" }).click(),
    ]);
    const content = Buffer.from(Array.from({ length: 1_000 }, (_, at) => at % 256));
    await chooser.setFiles({ name: "trace.bin", mimeType: "application/octet-stream", buffer: content });
    await records.getByText("trace.bin was added.").waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      records.getByRole("button", { name: "Download trace.bin" }).click(),
    ]);
    assert.deepEqual(await readFile(await saved.path()), content);
    await screen.accessible("the files", "any");
    await records.getByRole("button", { name: "Delete trace.bin" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete trace.bin" }).click();
    await records.getByText("No file", { exact: true }).waitFor();

    await screen.addEnvironment("Staging", staging.url);
    await page.evaluate((record) => location.assign(`#/records/incident/${record}`), id);
    await tab("Compare");
    await records.getByLabel(/Staging|PRACTICE/).check();
    // The field of all journals repeats the work notes.
    await records.getByText("4 fields differ", { exact: true }).waitFor();
    const rows = records.locator(".record-difference tbody tr");
    const differing = (await rows.allInnerTexts()).join("\n");
    assert.match(differing, /short_description\s+.+\s+Otherwise/);
    assert.match(differing, /Work notes work_notes[\s\S]*Second note[\s\S]*\(empty\)/);
    assert.match(await records.locator(".record-compare").innerText(), /\d\d fields equal/);
    const long = rows.filter({ hasText: "A line" });
    const height = async () => (await long.boundingBox())?.height ?? 0;
    assert.ok((await height()) < 200, "the beginning of a long text");
    await long.getByRole("button", { name: "Show all" }).first().click();
    await long.getByText(/one$/).waitFor();
    assert.ok((await height()) > 500, "the whole of it");
    await long.getByRole("button", { name: "Show less" }).click();
    await records.getByLabel("Equal fields and stamps too").check();
    assert.ok((await rows.count()) > 50, "equal fields are there on request");
    for (const width of [1440, 400]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await overflows(page), []);
      await screen.accessible(`two environments at ${width} px`, "any");
    }
  });
});
