/** The view "Records" in Chromium against the practice instance. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { administrated, call, change } from "./harness/administrator.ts";
import { overflows } from "./harness/views.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 2, "every case ran to its end"));

test("record is found by its number, changed, and guarded", async (t) => {
  const instance = await administrated("--rows", "20");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    const records = page.locator("#pane-records");
    await screen.connect(instance.url);
    await screen.ended();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or run a command" }).fill("inc0000007");
    await page.getByRole("option", { name: "Open INC0000007 of incident" }).click();
    await records.getByRole("heading", { name: "INC0000007" }).waitFor();
    const id = /#\/records\/incident\/([0-9a-f]{32})$/.exec(page.url())?.[1];
    assert.ok(id, page.url());

    // Every field that the instance shows is there, with what it stores.
    const stored = await call<Record<string, string>>(
      instance.url,
      "GET",
      `incident/${id}?sysparm_exclude_reference_link=true`,
    );
    const row = (field: string) => records.locator(`tbody[data-field="${field}"]`);
    for (const field of Object.keys(stored)) assert.equal(await row(field).count(), 1, field);
    assert.match(await row("assigned_to").innerText(), new RegExp(stored.assigned_to ?? ""));
    await records.getByPlaceholder("Filter fields").fill("assign");
    await records.getByLabel("Filled only").check();
    const shown = await records.locator("tbody[data-field]").evaluateAll((all) => all.map((one) => one.dataset.field));
    assert.ok(shown.includes("assigned_to") && !shown.includes("state"), shown.join());
    await records.getByPlaceholder("Filter fields").fill("");
    await records.getByRole("button", { name: "Details of State" }).click();
    await row("state").getByText("Canceled").waitFor();

    // A reference leads to its record, and Back returns.
    await row("assigned_to").getByRole("link").click();
    await page.waitForURL(/#\/records\/sys_user\//);
    await records.locator('tbody[data-field="user_name"]').waitFor();
    await page.goBack();

    await row("short_description").getByRole("button", { name: "Edit Short description" }).click();
    await page.getByLabel("New value of Short description").fill("Mine");
    await row("urgency").getByRole("button", { name: "Edit Urgency" }).click();
    await page.getByLabel("New value of Urgency").selectOption("1");
    const changes = records.getByRole("region", { name: "Changes that are not saved" });
    assert.match(await changes.innerText(), /Short description\s+.+\s+Mine/);
    await change(instance.url, "incident", `sys_id=${id}`, { short_description: "Theirs" });
    await changes.getByRole("button", { name: "Save 2 changes" }).click();
    const notice = records.getByRole("alert");
    await notice.getByText("Nothing was saved: the record was changed meanwhile.").waitFor();
    assert.match(await notice.innerText(), /Short description\s+.+\s+Theirs\s+Mine/);
    assert.equal((await call<Record<string, string>>(instance.url, "GET", `incident/${id}`)).urgency, stored.urgency);
    for (const width of [1440, 400]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await overflows(page), []);
      await screen.accessible(`a record with changes at ${width} px`, "any");
    }
    await changes.getByRole("button", { name: "Save 2 changes" }).click();
    await records.getByText("2 changes saved.").waitFor();
    const saved = await call<Record<string, string>>(instance.url, "GET", `incident/${id}`);
    assert.deepEqual([saved.short_description, saved.urgency], ["Mine", "1"]);

    // A sys_id whatever the table, and one that is nowhere.
    const [index] = await call(instance.url, "GET", "sys_index?sysparm_limit=1");
    const key = page.getByLabel("Number, sys_id or address of a record");
    await key.fill(index?.sys_id ?? "");
    await key.press("Enter");
    await records.getByRole("button", { name: "Search every table" }).click();
    await page.waitForURL(new RegExp(`#/records/sys_index/${index?.sys_id}$`));
    await key.fill("f".repeat(32));
    await key.press("Enter");
    await records.getByRole("button", { name: "Search every table" }).click();
    await records.getByText(/was not found in any of \d+ tables/).waitFor();
  });
});

test("journal, history, files and another environment of a record", async (t) => {
  const [dev, staging] = await Promise.all([administrated("--rows", "20"), administrated("--rows", "20")]);
  for (const instance of [dev, staging]) t.after(instance.stop);
  const number = "number=INC0000007";
  const id = await change(dev.url, "incident", number, { work_notes: "First <b>note</b>", urgency: "1" });
  await change(staging.url, "incident", number, { short_description: "Otherwise", urgency: "1" });
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
    assert.match(await update.innerText(), /practice\.admin[\s\S]*Urgency\s+\d\s+1/);
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
    await records.getByText(/^1 field differs?$/).waitFor();
    const rows = records.locator(".record-difference tbody tr");
    assert.match(await rows.innerText(), /short_description\s+.+\s+Otherwise/);
    assert.match(await records.locator(".record-compare").innerText(), /\d\d fields equal/);
    await records.getByLabel("Equal fields and stamps too").check();
    assert.ok((await rows.count()) > 50, "equal fields are there on request");
    for (const width of [1440, 400]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await overflows(page), []);
      await screen.accessible(`two environments at ${width} px`, "any");
    }
  });
});
