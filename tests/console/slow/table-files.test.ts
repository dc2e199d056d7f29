/** Files of the view Tables: exports in every format, resumed after a failure, and imports into two instances that differ. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { type SlowedInstance, startInstance } from "../harness/instance.ts";
import { chooseOwnFiles, ownFile, removeOwnFiles } from "../harness/own-files.ts";
import { numbersByFetch, parseCsv } from "../harness/rows.ts";
import { type Screen, shownText } from "../harness/screen.ts";
import { overflows } from "../harness/views.ts";
import { openWorld } from "../harness/world.ts";

const ADMIN = `Basic ${btoa("practice.admin:practice-admin-password")}`;
const world = openWorld();

after(() => assert.equal(world.visits(), 2, "every case ran to its end"));

test("export streams all formats to disk, and resumes after a failure", async (t) => {
  const instance = await startInstance("--rows", "6000", "--hidden", "0.02");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await screen.connect(instance.url);
    await screen.ended();
    const { numbers } = await numbersByFetch(instance.url);
    await page.evaluate(chooseOwnFiles);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const save = page.getByRole("button", { name: "Save…" });
    const saved = page.locator(".export-pane .notice.ok");
    const read: Record<string, string[]> = {};
    for (const format of ["csv", "ndjson", "json", "xlsx"]) {
      await page.getByLabel("Format").selectOption(format);
      await save.click();
      await saved.filter({ hasText: /^Saved 5,8\d\d rows/ }).waitFor();
      assert.match(await shownText(saved), /Access rules hide \d+ rows from this user/);
      read[format] = await numbersIn(format, await ownFile(page, format));
      await saved.getByRole("button", { name: "Close" }).click();
    }
    for (const [format, found] of Object.entries(read)) {
      assert.equal(found.length, numbers.size, format);
      assert.deepEqual(new Set(found), numbers, format);
    }

    // The network goes in the middle: what was read stays, and the rest is read behind it.
    await page.getByLabel("Format").selectOption("csv");
    await instance.set({ delay_ms: 100 });
    await save.click();
    await page.getByText(/^[1-5],\d{3} of 6,000 rows/).waitFor();
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await screen.accessible("export that has stopped", "any");
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Resume" }).click();
    await saved.filter({ hasText: /^Saved 5,8\d\d rows/ }).waitFor();
    const resumed = await numbersIn("csv", await ownFile(page, "csv"));
    assert.equal(resumed.length, numbers.size);
    assert.deepEqual(new Set(resumed), numbers);
    await page.evaluate(removeOwnFiles);
  });
});

const FILE = [
  "Number,Short description,urgency,dv_state,note",
  'INC0000001,"Printer, second floor",1,New,x',
  "INC0000002,Changed by the file,,New,x",
  "INC0000003,Third,2,New,x",
  "INC9000001,A new one,3,New,x",
  "INC9000001,Twice in the file,3,New,x",
  "INC0000004,No urgency,urgent,New,x",
].join("\r\n");

test("import is checked, asked for and reported on two instances", async (t) => {
  const dev = await startInstance("--rows", "30");
  t.after(dev.stop);
  const prod = await startInstance("--rows", "30");
  t.after(prod.stop);
  // What the file says of one is so already, and another is not there.
  await change(prod, "INC0000002", { short_description: "Changed by the file" });
  await change(prod, "INC0000003", null);
  await world.visit(t, { origins: [dev.url, prod.url] }, async ({ screen }) => {
    const { page } = screen;
    await screen.connect(dev.url);
    await screen.ended();
    await page.getByRole("button", { name: "Import a file" }).click();
    const before = await writesOf(dev);
    await choose(page, "tickets.csv", FILE);
    await page.getByRole("button", { name: "Dry run" }).click();
    await page.getByText("Dry run: create 1, update 3, refuse 2.").waitFor();
    assert.equal(await page.getByLabel("Field of dv_state").inputValue(), "");
    const plan = page.getByRole("region", { name: "What would be done" });
    await plan.getByText("urgency is “urgent”, which is not a whole number.").waitFor();
    await screen.accessible("the plan of an import", "any");
    const send = page.getByRole("button", { name: /^Import 4 rows into/ });
    assert.match((await send.getAttribute("title")) ?? "", /Enter 4 to confirm/);
    // It says why it does nothing.
    await send.click({ force: true });
    assert.equal(await writesOf(dev), before, "a dry run writes nothing");
    await page.getByLabel("Number of writes").fill("4");
    await send.click();
    const reported = await report(page);
    assert.deepEqual(outcomes(reported), ["updated", "updated", "updated", "created", "refused", "refused"]);
    assert.equal(await writesOf(dev), before + 4);
    assert.deepEqual(await read(dev, "INC0000001"), ["Printer, second floor", "1"]);
    assert.deepEqual(await read(dev, "INC9000001"), ["A new one", "3"]);
    assert.deepEqual(reported[3]?.[3], await idOf(dev, "INC9000001"));
    for (const width of [1440, 400]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await overflows(page), []);
      await screen.accessible(`the report of an import at ${width} px`, "any");
    }
    await page.setViewportSize({ width: 1400, height: 900 });

    // By an import set: the transform says what became of each row.
    await choose(page, "people.csv", "user_name,first_name\nada.import,Ada\n");
    await page.getByLabel("By", { exact: true }).selectOption("import-set");
    await page.getByLabel("Staging table").fill("imp_user");
    await page.getByRole("button", { name: "Read its fields" }).click();
    await page
      .getByLabel("Field of user_name")
      .locator("option:checked", { hasText: "user_name" })
      .waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Dry run" }).click();
    await page.getByText("Dry run: stage 1.").waitFor();
    await page.getByLabel("Number of writes").fill("1");
    await page.getByRole("button", { name: /^Import 1 row into/ }).click();
    assert.deepEqual(outcomes(await report(page)), ["created"]);
    assert.equal((await rows(dev, "sys_user", "user_name=ada.import")).length, 1);

    // Production: other records are there, and it asks.
    await connectProduction(screen, prod);
    await page.evaluate(() => location.assign("#/tables"));
    await screen.ended();
    const untouched = await writesOf(prod);
    await choose(page, "tickets.csv", FILE);
    await page.getByLabel("By", { exact: true }).selectOption("table");
    await page.getByLabel("Table", { exact: true }).last().fill("incident");
    await page.getByRole("button", { name: "Read its fields" }).click();
    await page.getByLabel("Records are found by").selectOption("number");
    await page.getByRole("button", { name: "Dry run" }).click();
    await page.getByText("Dry run: create 2, update 1, unchanged 1, refuse 2.").waitFor();
    const ask = page.getByRole("button", { name: "Import 3 rows into Production…" });
    await ask.click();
    const dialog = page.getByRole("dialog", { name: /Confirm the writes/ });
    await dialog.getByText(/PATCH \/api\/now\/table\/incident/).waitFor();
    await screen.accessible("an import into production");
    await dialog.getByRole("button", { name: "Cancel the run" }).click();
    assert.equal(await writesOf(prod), untouched);
    await ask.click();
    await dialog.getByLabel(/Number of writes/).fill("3");
    const old = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Run on Production" }).click();
    const kept = JSON.parse(await readFile(await (await old).path(), "utf8")) as Record<string, string>;
    assert.deepEqual(Object.keys(kept), ["sys_id", "short_description", "urgency"]);
    assert.deepEqual(outcomes(await report(page)), [
      "updated",
      "unchanged",
      "created",
      "created",
      "refused",
      "refused",
    ]);
    assert.equal(await writesOf(prod), untouched + 3);
    assert.deepEqual(await read(prod, "INC0000003"), ["Third", "2"]);
  });
});

async function connectProduction(screen: Screen, instance: SlowedInstance): Promise<void> {
  const { page } = screen;
  await page.locator(".env-switch").click();
  await page.getByRole("menuitem", { name: "Add an environment" }).first().click();
  await page.getByLabel("Instance address").waitFor();
  const name = page.getByLabel("Name", { exact: true });
  if (!(await name.isVisible())) await page.getByText("Name, kind, release and options").click();
  await name.fill("Production");
  await page.getByLabel("Kind").selectOption("prod");
  await screen.connect(instance.url);
  await page.locator("#pane-environments li", { hasText: "Production" }).getByText(", connected").waitFor();
  if ((await page.locator("html").getAttribute("data-env")) === "prod") return;
  await page.locator(".env-switch").click();
  await page.getByRole("menuitem", { name: /Production/ }).click();
}

async function choose(page: Page, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a CSV file…" }).click();
  await (await chooser).setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.locator(".import-file", { hasText: name }).waitFor();
}

/** The report, from the file that it is saved as, without its head line. */
async function report(page: Page): Promise<string[][]> {
  const save = page.getByRole("button", { name: "Save the report" });
  await save.waitFor();
  const download = page.waitForEvent("download");
  await save.click();
  return parseCsv(await readFile(await (await download).path(), "utf8")).slice(1);
}

const outcomes = (reported: string[][]) => reported.map(([, , outcome]) => outcome);

async function writesOf(instance: SlowedInstance): Promise<number> {
  const journal = await instance.journal();
  return journal.filter(({ method, path }) => /POST|PATCH|PUT|DELETE/.test(method) && path.startsWith("/api/")).length;
}

async function rows(instance: SlowedInstance, table: string, query: string): Promise<Record<string, string>[]> {
  const address = `${instance.url}/api/now/table/${table}?sysparm_query=${encodeURIComponent(query)}`;
  const reply = await fetch(address, { headers: { authorization: ADMIN } });
  return ((await reply.json()) as { result: Record<string, string>[] }).result;
}

async function read(instance: SlowedInstance, number: string): Promise<(string | undefined)[]> {
  const [row] = await rows(instance, "incident", `number=${number}`);
  return [row?.short_description, row?.urgency];
}

async function idOf(instance: SlowedInstance, number: string): Promise<string> {
  return (await rows(instance, "incident", `number=${number}`))[0]?.sys_id ?? "";
}

/** Changes a record, or deletes it. */
async function change(instance: SlowedInstance, number: string, values: object | null): Promise<void> {
  const address = `${instance.url}/api/now/table/incident/${await idOf(instance, number)}`;
  const headers = { authorization: ADMIN, "content-type": "application/json" };
  const init = values ? { method: "PATCH", headers, body: JSON.stringify(values) } : { method: "DELETE", headers };
  assert.ok((await fetch(address, init)).ok, `${number} was changed`);
}

async function numbersIn(format: string, bytes: Buffer): Promise<string[]> {
  const text = bytes.toString("utf8");
  if (format === "csv")
    return parseCsv(text)
      .slice(1)
      .map(([number]) => number ?? "");
  if (format === "json") return (JSON.parse(text) as { number: string }[]).map(({ number }) => number);
  if (format === "ndjson")
    return text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { number: string }).number);
  const { readXlsx } = await import("hucre/xlsx");
  const [sheet] = (await readXlsx(new Uint8Array(bytes))).sheets;
  return (sheet?.rows ?? []).slice(1).map(([number]) => String(number));
}
