/** The view "Schema" in Chromium against two practice instances that differ. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { administrated, call, change } from "../harness/administrator.ts";
import { overflows } from "../harness/views.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("table is found, shown with its relations, copied and compared", async (t) => {
  const [dev, staging] = await Promise.all([administrated("--rows", "5"), administrated("--rows", "5")]);
  for (const instance of [dev, staging]) t.after(instance.stop);
  await change(staging.url, "sys_dictionary", "name=task^element=short_description", { max_length: "77" });
  await world.visit(t, { origins: [dev.url, staging.url] }, async ({ screen }) => {
    const { page } = screen;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const view = page.locator("#pane-schema");
    const tab = (name: string) => view.getByRole("tab", { name }).click();
    await screen.connect(dev.url);
    await screen.ended();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await view.getByLabel("Search tables").fill("incident");
    await view.getByRole("link", { name: "incident", exact: false }).first().click();
    await page.waitForURL(/#\/schema\/incident$/);

    const row = (field: string) => view.locator(`tbody[data-field="${field}"]`);
    await row("short_description").waitFor();
    const path = view.getByRole("navigation", { name: "Ancestry" }).getByRole("listitem");
    assert.deepEqual(await path.allInnerTexts(), ["task", "incident"]);
    const entries = await call<{ element: string }[]>(
      dev.url,
      "GET",
      "sys_dictionary?sysparm_query=nameINtask,incident^elementISNOTEMPTY&sysparm_fields=element",
    );
    const listed = await view
      .locator("tbody[data-field]")
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.field));
    assert.deepEqual(
      entries.map(({ element }) => element).filter((element) => !listed.includes(element)),
      [],
    );
    assert.match(await row("assigned_to").innerText(), /reference[\s\S]*sys_user[\s\S]*task/);
    await view.getByLabel("Declared in incident").check();
    assert.equal(await row("assigned_to").count(), 0);
    await view.getByLabel("Declared in incident").uncheck();

    await view.getByRole("button", { name: "Copy as OpenAPI" }).click();
    await view.getByText("Copied").waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.deepEqual(copied.servers, [{ url: dev.url }]);
    await view.getByRole("button", { name: "Copy as TypeScript" }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("interface Incident {"));
    await screen.accessible("the fields of a table", "any");

    await tab("Choices");
    await view.getByRole("region", { name: "Choices of state" }).getByText("In Progress").waitFor();
    await tab("Indexes");
    await view
      .getByRole("cell", { name: /number/ })
      .or(view.getByRole("rowheader", { name: /number/ }))
      .first()
      .waitFor();
    await tab("Relations");
    const referring = view.getByRole("region", { name: "Refer to incident" });
    const found = await call<{ name: string }[]>(
      dev.url,
      "GET",
      "sys_dictionary?sysparm_query=reference=incident&sysparm_fields=name",
    );
    const tables = [...new Set(found.map(({ name }) => name))];
    assert.ok(tables.length > 0);
    for (const name of tables) await referring.getByRole("link", { name, exact: true }).waitFor();
    assert.ok((await view.locator(".schema-drawing svg rect").count()) > tables.length);
    await screen.accessible("relations", "any");
    await view
      .getByRole("region", { name: "incident refers to" })
      .getByRole("link", { name: "sys_user", exact: true })
      .click();
    await page.waitForURL(/#\/schema\/sys_user$/);
    await page.goBack();

    await screen.addEnvironment("Staging", staging.url);
    await page.evaluate(() => location.assign("#/schema/incident"));
    await tab("Compare");
    await view.getByLabel(/Staging|PRACTICE/).check();
    await view.getByText("1 difference", { exact: true }).waitFor();
    assert.match(await view.locator(".record-difference tbody tr").innerText(), /short_description length[\s\S]*77/);
    for (const width of [1440, 400]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await overflows(page), []);
      await screen.accessible(`a table in two environments at ${width} px`, "any");
    }
  });
});
