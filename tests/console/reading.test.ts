/** A table is read to its last row in a browser, and the page's rows equal those found without it. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { CLIENT_SECRET, startInstance } from "./harness/instance.ts";
import { numbersByFetch, numbersInEventLog } from "./harness/rows.ts";
import { shownText } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
const eventLog = process.env.SYSPARM_EVENT_LOG;

after(() => assert.equal(world.visits(), 11, "every case ran to its end"));

test("10,000 incidents are read to the last with visible progress", async (t) => {
  const instance = await startInstance("--rows", "10000");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen, watch }) => {
    await screen.accessible("before connecting");
    await screen.connect(instance.url);
    const { how, words } = await screen.ended();
    assert.equal(how, "complete", words);
    assert.match(words, /^Complete: all 10,000 rows/);

    const seen = (await watch.progress()).flatMap(
      (text) => /^([\d,]+) of 10,000$/.exec(text)?.[1]?.replace(",", "") ?? [],
    );
    assert.ok(seen.length >= 3, `progress was visible: ${seen.join(" ")}`);
    assert.deepEqual(
      seen.map(Number),
      [...seen.map(Number)].sort((a, b) => a - b),
      "progress never goes back",
    );

    const independent = await numbersByFetch(instance.url);
    assert.equal(independent.numbers.size, 10_000);
    assert.deepEqual(await screen.savedNumbers(), independent.numbers);
    await screen.accessible("ten thousand rows");
  });
});

test("practice instance needs no secret, and gives types to save", async (t) => {
  const instance = await startInstance("--rows", "100");
  t.after(instance.stop);
  const options = { origins: [instance.url], fragment: `#practice=${instance.url}` };
  await world.visit(t, options, async ({ screen }) => {
    const { how, words } = await screen.ended();
    assert.equal(how, "complete", words);

    const { page } = screen;
    await page.getByRole("button", { name: "Types of this table" }).click();
    const dialog = page.getByRole("dialog", { name: "Types of incident" });
    await dialog.getByText("export interface Incident {").waitFor();
    await screen.accessible("types of a table", "any");
    await dialog.getByLabel("Written as").selectOption("Valibot");
    const saved = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Download" }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "incident.valibot.ts");
    assert.match(await readFile(await file.path(), "utf8"), /^export const Incident = row\(fieldsOfIncident\);$/m);
  });
});

test("practice instance that does not answer leaves the form", async (t) => {
  const instance = await startInstance("--rows", "0");
  await instance.stop();
  const options = { origins: [instance.url], fragment: `#practice=${instance.url}` };
  await world.visit(t, options, async ({ screen }) => {
    await screen.page.waitForFunction(
      (url) => document.querySelector<HTMLInputElement>("#instance")?.value === url,
      instance.url,
    );
    assert.equal(await screen.page.getByRole("button", { name: "Connect" }).isEnabled(), true);
  });
});

test("only visible rows are in the document, the last is reachable", async (t) => {
  const instance = await startInstance("--rows", "10000");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await screen.ended();
    const grid = screen.page.getByRole("grid");
    assert.equal(await grid.getAttribute("aria-rowcount"), "10001");
    assert.ok((await screen.page.getByRole("row").count()) < 100);
    await grid.focus();
    await screen.page.keyboard.press("Control+End");
    const last = screen.page.locator('[aria-rowindex="10001"]');
    await last.waitFor();
    const active = await grid.getAttribute("aria-activedescendant");
    assert.equal(await last.locator(`#${active}`).count(), 1, "the active cell is in the last row");
    // Scrolled into view, not only in the document.
    assert.ok(await last.evaluate((row) => row.getBoundingClientRect().bottom <= window.innerHeight));
  });
});

test("incidents of the event log equal those of the file", async (t) => {
  if (!eventLog) t.diagnostic("SYSPARM_EVENT_LOG is not set: 890 generated incidents stand in for the event log");
  const instance = await startInstance(...(eventLog ? ["--data", eventLog] : ["--rows", "890"]));
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await screen.ended();
    await screen.read("incident", { pageSize: 100 });
    const { how, words } = await screen.ended();
    assert.equal(how, "complete", words);
    const expected = eventLog ? await numbersInEventLog(eventLog) : (await numbersByFetch(instance.url)).numbers;
    assert.ok(expected.size >= 890);
    assert.deepEqual(await screen.savedNumbers(), expected);
  });
});

test("hidden rows are counted while reading and at the end", async (t) => {
  const instance = await startInstance("--rows", "5000", "--hidden", "0.04");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen, watch }) => {
    await screen.connect(instance.url);
    const { how, words } = await screen.ended();
    const independent = await numbersByFetch(instance.url);
    const hidden = independent.total - independent.numbers.size;
    assert.ok(hidden > 100, `${hidden} rows are hidden`);
    assert.equal(how, "complete", words);
    assert.ok(words.includes(`${hidden} are hidden from this user by access rules`), words);
    const progress = await watch.progress();
    assert.ok(
      progress.some((text) => /^[\d,]+ of 5,000, [\d,]+ hidden by access rules$/.test(text)),
      progress.join(" | "),
    );
    assert.deepEqual(await screen.savedNumbers(), independent.numbers);
  });
});

test("empty result shows the reason, or that it is unknown", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await screen.ended();
    await screen.read("incident", { query: "number=INC-NONE" });
    assert.match((await screen.ended()).words, /^No rows: the instance counts none\. Nothing matches the query, or/);
    await instance.set({ hidden: 1 });
    await screen.read("incident", { query: "" });
    assert.match((await screen.ended()).words, /^No rows: the instance counts 50 rows, and all of them are hidden/);
    await screen.accessible("an empty result");
  });
});

test("cancelled read keeps its rows", async (t) => {
  const instance = await startInstance("--rows", "10000");
  t.after(instance.stop);
  await instance.set({ delay_ms: 150 });
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await instance.slowAfterTwoPages(60_000);
    await screen.someRowsCame();
    await screen.accessible("while reading");
    await screen.page.getByRole("button", { name: "Cancel" }).click();
    const { how, words } = await screen.ended();
    assert.equal(how, "cancelled");
    const kept = await screen.savedNumbers();
    assert.ok(kept.size > 0 && kept.size < 10_000, `${kept.size} rows kept`);
    assert.match(
      words,
      new RegExp(`^Cancelled\\. Rows read so far are kept: ${kept.size.toLocaleString("en-GB")} of 10,000\\.`),
    );
    assert.equal(await screen.page.locator(".failure").count(), 0, "cancelling is no error");
    const asked = (await instance.journal()).length;
    await screen.page.waitForTimeout(500);
    assert.equal((await instance.journal()).length, asked, "no request follows a cancelled read");
  });
});

test("disconnecting drops the secret and keeps the rows", async (t) => {
  const instance = await startInstance("--rows", "10000");
  t.after(instance.stop);
  await instance.set({ delay_ms: 150 });
  const fragment = `#instance=${instance.url}&client=practice-client&secret=hunter2hunter2`;
  await world.visit(t, { origins: [instance.url], secrets: [CLIENT_SECRET], fragment }, async ({ screen }) => {
    const { page } = screen;
    assert.equal(await page.getByLabel("Instance address").inputValue(), instance.url);
    assert.equal(await page.locator(".connection").getByLabel("Client ID").inputValue(), "practice-client");
    assert.equal(await page.locator(".connection").getByLabel("Client secret").inputValue(), "");
    assert.ok(!page.url().includes("hunter2"), "what might be a secret left the address");
    await page.locator(".connection").getByLabel("Client secret").fill(CLIENT_SECRET);
    await page.getByRole("button", { name: "Connect" }).click();
    await instance.slowAfterTwoPages(60_000);
    await screen.someRowsCame();
    assert.equal(await page.locator("input[type=password]").count(), 0, "no secret field once connected");
    await page.getByRole("button", { name: "Disconnect" }).click();
    assert.equal((await screen.ended()).how, "cancelled");
    assert.ok((await screen.savedNumbers()).size > 0);
    assert.equal(await page.locator(".connection").getByLabel("Client secret").inputValue(), "");
    assert.ok(await page.getByRole("button", { name: "Read", exact: true }).isDisabled());
    await screen.accessible("disconnected, rows kept");
  });
});

test("read paused at an hourly limit shows until when", async (t) => {
  const instance = await startInstance("--rows", "900");
  t.after(instance.stop);
  const rule = { name: "hourly", active: "true", rest_api: "Table API", request_limit: "6", apply_to: "all" };
  const made = await fetch(`${instance.url}/api/now/table/sys_rate_limit_rules`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa("practice.admin:practice-admin-password")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ ...rule, table: "incident" }),
  });
  assert.equal(made.status, 201);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await screen.ended();
    await screen.read("incident", { pageSize: 100 });
    const notice = screen.page.locator(".progress .notice");
    await notice.waitFor();
    assert.match(
      await shownText(notice),
      /^An hourly rate limit of the instance .* Reading continues at \d\d:\d\d:\d\d, in \d+ (s|minutes); press Cancel to stop\.$/,
    );
    await screen.page.getByRole("button", { name: "Cancel" }).click();
    const { how, words } = await screen.ended();
    assert.equal(how, "cancelled");
    assert.match(words, /Rows read so far are kept: \d00 of 900/);
    assert.equal(await notice.count(), 0);
  });
});

test("condition that the instance dropped is reported", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await screen.ended();
    const warnings = screen.page.getByRole("region", { name: "About the query" });
    await screen.read("incident", { query: "active=true^prioritty=1" });
    await screen.ended();
    await warnings.waitFor();
    assert.match(await shownText(warnings), /There is no field prioritty in incident/);
    await screen.read("incident", { query: "active=true^priority=1" });
    await screen.ended();
    assert.equal(await warnings.count(), 0);
  });
});
