/** The view Tables: order, conditions, columns, the row's panel, copies and bars. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { startInstance } from "./harness/instance.ts";
import { shownText } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

const firstCell = (page: Page, column: number) =>
  page.locator(`.grid-body [aria-rowindex="2"] [aria-colindex="${column}"]`);

test("grid orders, filters, shows and copies what the instance has", async (t) => {
  const instance = await startInstance("--rows", "400");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await screen.connect(instance.url);
    await screen.ended();
    const grid = page.getByRole("grid");
    const head = (name: string) => page.getByRole("columnheader", { name });
    const query = page.getByLabel("Encoded query");
    const done = page.locator(".progress-words[data-phase=ended]");

    // Two-line heads come from the dictionary. The instance orders, not the page.
    await head("Number number").click();
    await firstCell(page, 1).getByText("INC0000001", { exact: true }).waitFor();
    await head("Number number").click();
    await firstCell(page, 1).getByText("INC0000400", { exact: true }).waitFor();
    assert.equal(await head("Number").getAttribute("aria-sort"), "descending");
    assert.equal(await query.inputValue(), "ORDERBYDESCnumber");

    // F filters by the active cell: the priority of the first row.
    await grid.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const priority = await shownText(firstCell(page, 3));
    await page.keyboard.press("f");
    await page.waitForFunction(
      (text) => document.querySelector<HTMLInputElement>("#query")?.value === text,
      `priority=${priority}^ORDERBYDESCnumber`,
    );
    await done.waitFor();
    const rows = Number(await grid.getAttribute("aria-rowcount")) - 1;
    assert.ok(rows > 0 && rows < 400, `${rows} rows`);

    // The panel follows the row, and shows the record that a reference leads to.
    await grid.focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "All fields of the row" });
    await panel.getByRole("heading", { name: /^INC/ }).waitFor();
    const first = await panel.getByRole("heading").innerText();
    const link = await panel.getByRole("link", { name: "Open the record" }).getAttribute("href");
    const shown = await panel.evaluateHandle(headsAndLinks);
    await page.keyboard.press("ArrowDown");
    await panel.getByRole("heading", { name: first }).waitFor({ state: "detached" });
    const pairs = await shown.evaluate((found) => [...found]);
    const ofFirst = pairs.filter((pair) => pair.startsWith(first));
    assert.deepEqual(ofFirst, [`${first} ${link}`], "head and link are of the same record");
    assert.match(
      (await panel.getByRole("link", { name: "Open the record" }).getAttribute("href")) ?? "",
      /^#\/records\/incident\/[0-9a-f]{32}$/,
    );
    await panel.getByLabel("Find a field or value").fill("caller_id");
    await panel.getByRole("button", { name: /^Show Caller/ }).click();
    await panel.getByText("sys_user", { exact: true }).waitFor();
    await panel.getByLabel("Find a field or value").fill("user_name");
    await panel.locator("dt", { hasText: "user_name" }).waitFor();
    await screen.accessible("panel with a referenced record", "any");
    await panel.getByRole("button", { name: "Back" }).click();
    await panel.getByRole("heading", { name: /^INC/ }).waitFor();

    // Rows that are read again are not shown with what a record was before.
    await changed(instance.url, first, "Changed meanwhile");
    await panel.getByLabel("Find a field or value").fill("short_description");
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await panel.locator("dd", { hasText: "Changed meanwhile" }).waitFor();

    // Bars count what the query finds, and a press on one filters.
    await page.getByRole("button", { name: "Chart" }).click();
    await page.getByLabel("Rows by").selectOption("state");
    const bar = page.locator(".bars button").first();
    await page
      .getByLabel("Show", { exact: true })
      .selectOption({ label: "Sum of Reassignment count (reassignment_count)" });
    await page.getByText(/sum of reassignment_count/).waitFor();
    await page.getByLabel("Show", { exact: true }).selectOption("count");
    await page.getByText(new RegExp(`^${rows} rows\\. The instance counts`)).waitFor();
    await screen.accessible("bars", "any");
    const counted = await shownText(bar.locator(".bar-figure"));
    await bar.click();
    await page.locator(`[role=grid][aria-rowcount="${Number(counted) + 1}"]`).waitFor();
    await done.waitFor();
    assert.match(await query.inputValue(), /^priority=\d\^state=\d+\^ORDERBYDESCnumber$/);
    await page.getByRole("button", { name: "Chart" }).click();

    // Copies: a cell, a sys_id, a column, the sys_ids of selected rows.
    await grid.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Control+c");
    await page.getByText("Copied number.").waitFor();
    assert.match(await copied(), /^INC\d{7}$/);
    await page.keyboard.press("y");
    await page.getByText("Copied the sys_id.").waitFor();
    assert.match(await copied(), /^[0-9a-f]{32}$/);
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+Space");
    await page.getByText("2 rows selected").waitFor();
    await page.keyboard.press("Shift+F10");
    await screen.accessible("menu of a cell");
    await page.getByRole("menuitem", { name: "Copy 2 sys_ids" }).click();
    await page.getByText("Copied 2 sys_ids.").waitFor();
    assert.match(await copied(), /^[0-9a-f]{32}\n[0-9a-f]{32}$/);
    await head("Number").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Copy the column" }).click();
    await page.getByText("Copied column number.").waitFor();
    assert.equal((await copied()).split("\n").length, Number(counted));

    // Columns: order, width and choice are those of the table, also after a reload.
    await head("Short description").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Move left" }).click();
    await page.locator("#head-0", { hasText: "short_description" }).waitFor();
    const edge = await head("Short description").locator(".head-edge").boundingBox();
    assert.ok(edge);
    await page.mouse.move(edge.x + 4, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 4 - 90, edge.y + 10, { steps: 3 });
    await page.mouse.up();
    const width = Math.round((await head("Short description").boundingBox())?.width ?? 0);
    await page.getByRole("button", { name: "Columns…" }).click();
    await page.getByRole("button", { name: "Remove opened_at" }).click();
    await page.getByRole("button", { name: "Add caller_id" }).click();
    await screen.accessible("choice of columns", "any");
    await page.getByRole("button", { name: "Show these columns" }).click();
    await head("caller_id").waitFor();
    await page.getByLabel("Values").selectOption("both");
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await done.waitFor();
    const caller = page.locator('.grid-body [aria-rowindex="2"] [role=gridcell]').last();
    assert.match(await shownText(caller), /\S+ [0-9a-f]{32}$/);
    await page.reload();
    await screen.connect(instance.url);
    await head("Short description").waitFor();
    const fields = await page.getByLabel("Fields").inputValue();
    assert.equal(fields, "short_description, number, priority, state, assignment_group, sys_updated_on, caller_id");
    assert.equal(await page.getByLabel("Values").inputValue(), "both");
    assert.equal(Math.round((await head("Short description").boundingBox())?.width ?? 0), width);
  });
});

/** Gives the record of a number another short description. */
async function changed(url: string, number: string, text: string): Promise<void> {
  const headers = {
    authorization: `Basic ${btoa("practice.admin:practice-admin-password")}`,
    "content-type": "application/json",
  };
  const found = await fetch(`${url}/api/now/table/incident?sysparm_query=number=${number}`, { headers });
  const [record] = ((await found.json()) as { result: { sys_id: string }[] }).result;
  const init = { method: "PATCH", headers, body: JSON.stringify({ short_description: text }) };
  assert.ok((await fetch(`${url}/api/now/table/incident/${record?.sys_id}`, init)).ok, `${number} was changed`);
}

/** Runs in the page: collects each head of the panel with the link that is shown with it, as they change. */
function headsAndLinks(panel: Element): Set<string> {
  const pairs = new Set<string>();
  new MutationObserver(() => {
    pairs.add(`${panel.querySelector("h2")?.textContent} ${panel.querySelector("a")?.getAttribute("href")}`);
  }).observe(panel, { subtree: true, childList: true, characterData: true, attributes: true });
  return pairs;
}
