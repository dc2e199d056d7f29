/** Collections in Chromium: the tree, a run with data, the palette, a pane that keeps its size, and a second tab. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { startInstance } from "./harness/instance.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("collection is arranged, run with data, searched and shared", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url], fragment: `#practice=${instance.url}` }, async (visit) => {
    const { screen, origin } = visit;
    const { page } = screen;
    await screen.ended();
    await importExport(page, [collection("chain", "Chain", chained())]);
    await screen.openTester();
    const tree = page.locator(".tree-view");
    const row = (name: string) => tree.getByRole("button", { name, exact: true });

    await row("GET First").click();
    await tree.getByRole("button", { name: "New…" }).click();
    await page.getByRole("menuitem", { name: "Folder" }).click();
    await tree.getByLabel("Name").fill("Inner");
    await page.keyboard.press("Enter");
    await row("GET First").focus();
    await page.keyboard.press("Enter");
    await tree.getByRole("button", { name: "First …" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor();
    await page.keyboard.press("m");
    await page.locator("[role=menuitem][data-highlighted]", { hasText: "Move to…" }).waitFor();
    await page.keyboard.press("Enter");
    await tree.getByLabel("Move to").selectOption({ label: "Chain > Inner" });
    const rows = () => tree.locator(".tree-row .ell").allTextContents();
    assert.deepEqual(await rows(), ["Chain", "Second", "Inner", "First"]);
    await row("GET Second").click();
    await page.keyboard.press("Delete");
    assert.deepEqual(await rows(), ["Chain", "Inner", "First"]);
    await tree.getByRole("button", { name: "Undo" }).click();
    assert.deepEqual(await rows(), ["Chain", "Second", "Inner", "First"]);
    await row("GET Second").click();
    await tree.getByRole("button", { name: "Second …" }).click();
    await page.getByRole("menuitem", { name: "Move to…" }).click();
    await tree.getByLabel("Move to").selectOption({ label: "Chain > Inner" });
    assert.deepEqual(await rows(), ["Chain", "Inner", "First", "Second"]);
    await page.keyboard.press("F2");
    await tree.getByLabel("Name").fill("Follow");
    await page.keyboard.press("Enter");
    await page.locator(".open-tab.on").getByText("Follow").waitFor();
    await screen.accessible("the tree");

    await tree.getByRole("button", { name: "Chain 2" }).click();
    await tree.getByRole("button", { name: "Chain …" }).click();
    await page.getByRole("menuitem", { name: "Run…" }).click();
    await page.getByLabel(/^Data:/).fill("priority\n1\n2\n3");
    await page.getByRole("button", { name: "Run 6 requests" }).click();
    await page.getByText("Done.").waitFor();
    const report = await page.locator(".run-results tbody tr").allTextContents();
    assert.equal(report.length, 6);
    assert.equal(report.filter((line) => line.startsWith("✓ passed")).length, 4, report.join("\n"));
    await screen.accessible("a report");

    await page.keyboard.press("Control+K");
    await page.getByRole("combobox", { name: "Search or run a command" }).fill("follow");
    await page.getByRole("option", { name: /^Follow/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".open-tab.on").getByText("Follow").waitFor();
    assert.equal(
      await page.getByLabel("Path").inputValue(),
      "/api/now/table/incident/{{found}}",
      "in front of the run",
    );

    const splitter = page.getByRole("separator", { name: "Request" });
    await splitter.focus();
    for (const key of ["ArrowDown", "Control+ArrowDown"]) await page.keyboard.press(key);
    const size = await splitter.getAttribute("aria-valuenow");
    const other = await page.context().newPage();
    await other.goto(`${origin}/#/environments`);
    await importExport(other, [collection("elsewhere", "From elsewhere", [])]);
    await row("From elsewhere 0").waitFor();

    await page.setViewportSize({ width: 400, height: 800 });
    await page.getByRole("button", { name: "Collections", exact: true }).click();
    await tree.getByRole("button", { name: "New…" }).click();
    await page.getByRole("menuitem", { name: "Folder" }).click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await tree.waitFor({ state: "hidden" });
    await page.setViewportSize({ width: 1400, height: 900 });

    await page.goto("about:blank");
    await page.goto(`${origin}/#practice=${instance.url}`);
    await screen.ended();
    await screen.openTester();
    assert.notEqual(size, "330");
    assert.equal(await splitter.getAttribute("aria-valuenow"), size);
  });
});

/** Takes a file of the console's own export in. */
async function importExport(page: Page, collections: object[]): Promise<void> {
  await page.getByRole("link", { name: "Environments", exact: true }).click();
  const records = { collections: collections.map((data) => ({ id: (data as { id: string }).id, version: 1, data })) };
  const text = JSON.stringify({ format: "sysparm-console", version: 1, records });
  await page
    .getByLabel("Import an export…", { exact: true })
    .and(page.locator("input"))
    .setInputFiles({ name: "export.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await page.getByText("1 record imported.").waitFor();
}

function collection(id: string, name: string, items: object[]): object {
  return { id, kind: "collection", name, description: "", auth: { kind: "inherit" }, variables: [], items, losses: [] };
}

/** The first request takes a sys_id of its reply, and the second asks for that record. */
function chained(): object[] {
  const common = { kind: "request", description: "", method: "GET", headers: [], body: { kind: "none" } };
  const pair = (name: string, value: string) => ({ id: name, name, value, on: true });
  return [
    {
      ...common,
      id: "first",
      name: "First",
      address: "/api/now/table/incident",
      parameters: [pair("sysparm_query", "priority={{priority}}"), pair("sysparm_limit", "1")],
      auth: { kind: "inherit" },
      assertions: [{ id: "a", on: true, subject: "status", operator: "is", value: "200" }],
      extractions: [{ id: "e", on: true, variable: "found", from: "body", path: "$.result[0].sys_id" }],
    },
    {
      ...common,
      id: "second",
      name: "Second",
      address: "/api/now/table/incident/{{found}}",
      parameters: [],
      auth: { kind: "inherit" },
      assertions: [{ id: "b", on: true, subject: "body", path: "$.result.number", operator: "exists", value: "" }],
      extractions: [],
    },
  ];
}
