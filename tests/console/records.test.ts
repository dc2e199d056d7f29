/** The view "Records" in Chromium against the practice instance. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { administrated, call, change } from "./harness/administrator.ts";
import { overflows } from "./harness/views.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

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
    const fields = () =>
      records.locator("tbody[data-field]").evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.field));
    const listed = new Set(await fields());
    assert.deepEqual(
      Object.keys(stored).filter((field) => !listed.has(field)),
      [],
    );
    assert.match(await row("assigned_to").innerText(), new RegExp(stored.assigned_to ?? ""));
    await records.getByPlaceholder("Filter fields").fill("assign");
    await records.getByLabel("Filled only").check();
    const shown = await fields();
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
    await page.setViewportSize({ width: 400, height: 900 });
    assert.deepEqual(await overflows(page), []);
    await screen.accessible("a record with changes", "any");
    await page.setViewportSize({ width: 1440, height: 900 });
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
