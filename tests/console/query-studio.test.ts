/** The query studio in Chromium: a pasted address, its error in three places, the fix, counts, forms, a saved query, a guarded update. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { startInstance } from "./harness/instance.ts";
import { shownText } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), 2, "every case ran to its end"));

const ADDRESS =
  "https://dev1.service-now.com/now/nav/ui/classic/params/target/incident_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Epriorty%253D3%255EORDERBYDESCopened_at%26sysparm_view%3D";

test("query is pasted, corrected, counted, saved and written by", async (t) => {
  const instance = await startInstance("--rows", "300");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await storeOfVersion1(page);
    await screen.connect(instance.url);
    await screen.ended();
    await page.evaluate(() => location.assign("#/query"));
    const studio = page.locator(".studio");
    const text = studio.getByLabel("Text of the query");

    await studio.getByRole("button", { name: "Paste a query or address…" }).click();
    await page.getByLabel("Query or address").fill(ADDRESS);
    await page.getByRole("button", { name: "Decode", exact: true }).click();
    await studio
      .getByText("Decoded from an address of the navigation of incident. Not taken over: sysparm_view.")
      .waitFor();

    // The misspelt field is marked in the row, the text and the sentence.
    const field = studio.getByLabel("Field of condition 2");
    await studio.locator(".query-row.marked.error", { has: page.getByLabel("Field of condition 2") }).waitFor();
    assert.equal(await field.inputValue(), "priorty");
    assert.equal(await studio.locator(".query-row.marked").count(), 1);
    assert.equal(await shownText(studio.locator(".query-words mark.error")), "priorty is 3");
    assert.equal(await shownText(studio.locator(".cm-finding.error")), "priorty");
    const finding = studio.getByRole("region", { name: "Findings" });
    await finding.getByText("narrows").waitFor();
    assert.equal(
      await shownText(studio.locator(".query-row").first().locator(".query-label").first()),
      "Active · boolean",
    );

    await text.press("Control+Enter");
    const counts = studio.getByRole("region", { name: "Number of rows" });
    await counts.getByText(/as written .* with the likeliest fixes/).waitFor();
    const [written = 0, fixed = 0] = await numbers(counts.locator(".studio-number"));
    assert.ok(written > fixed && fixed > 0, `${written} as written, ${fixed} with the fix`);
    assert.equal(await studio.locator(".studio-rows tbody tr").count(), 20);
    const write = counts.getByRole("button", { name: "Update or delete…" });
    assert.match((await write.getAttribute("title")) ?? "", /Correct the errors before you write/);
    await screen.accessible("the query studio with a finding", "any");

    await finding.getByRole("button", { name: "Write priority" }).click();
    await finding.getByText("Nothing is wrong with it.").waitFor();
    await becomes(text, /^active=true\^priority=3\^ORDERBYDESCopened_at$/);
    await counts.getByText("of an earlier query: count again").waitFor();
    await counts.locator(":scope + *").getByRole("tab", { name: "Hints" }).click();
    await studio.getByText(/index/).first().waitFor();
    await studio.getByRole("button", { name: "Add sys_id to the order" }).click();
    await studio.getByLabel("Field of order 2").waitFor();
    await text.press("Control+Enter");
    await counts.getByText("counted in").waitFor();
    assert.deepEqual(await numbers(counts.locator(".studio-number")), [fixed], "the fix finds what was said");

    // A change on one side is one on the other.
    await studio.getByLabel("Direction of order 1").selectOption("ORDERBY");
    await becomes(text, /\^ORDERBYopened_at\^ORDERBYsys_id$/);
    await text.fill("priority=3^active=true");
    await studio.getByLabel("Field of condition 1").waitFor();
    assert.equal(await studio.getByLabel("Value of condition 1").inputValue(), "3");
    await paste(page, "stateIN1%2C2%5Eactive%3Dtrue");
    await studio.getByText("The percent-encoding was removed.").waitFor();
    await becomes(text, /^stateIN1,2\^active=true$/);

    await studio.getByRole("tab", { name: "Addresses" }).click();
    await studio.getByText(`${instance.url}/incident_list.do?sysparm_query=stateIN1%2C2%5Eactive%3Dtrue`).waitFor();
    await studio.getByRole("tab", { name: "Code" }).click();
    const code = studio.getByRole("region", { name: "Code of the request" });
    await code.getByText("curl -sS").waitFor();
    await studio.getByLabel("Language").selectOption("sysparm");
    await code.getByText('from "sysparm"').waitFor();
    await studio.getByRole("tab", { name: "Text" }).click();

    await text.fill("priority=3^active=true");
    await studio.getByRole("button", { name: "Save…" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Urgent");
    await page.getByRole("button", { name: "Save", exact: true }).last().click();
    await page.waitForURL(/#\/query\/saved\//);

    await write.click();
    const dialog = page.getByRole("dialog", { name: /Update or delete rows of incident/ });
    await dialog.getByLabel("Field 1 to write").fill("short_description");
    await dialog.getByLabel("New value of field 1").fill("Written by the studio");
    await dialog.getByRole("button", { name: "Find the rows" }).click();
    const typed = dialog.getByLabel(/Number of rows, to confirm/);
    await typed.fill("0");
    await screen.accessible("the question before an update", "any");
    const update = dialog.getByRole("button", { name: /^Update \d+ rows? on / });
    const rows = Number(/\d+/.exec((await update.textContent()) ?? "")?.[0]);
    await update.click();
    await dialog.getByText(`“0” is not the number of rows. Enter ${rows}.`).waitFor();
    assert.ok(!(await instance.journal()).some(({ method }) => method === "PATCH"), "nothing is written yet");
    await typed.fill(String(rows));
    await update.click();
    await dialog.getByText(`${rows} rows written.`).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    assert.equal((await instance.journal()).filter(({ method }) => method === "PATCH").length, rows);

    await page.reload();
    await studio.getByText("Urgent").waitFor();
    await becomes(text, /^priority=3\^active=true$/);
    await studio.getByRole("button", { name: /^Saved/ }).click();
    await page.getByRole("button", { name: "Remove Urgent" }).click();
    await page.getByRole("button", { name: "Put it back" }).click();
    await page.getByRole("button", { name: "Rename Urgent" }).waitFor();
    await screen.accessible("saved queries", "any");
  });
});

test("production asks for the number once, and keeps old values", async (t) => {
  const instance = await startInstance("--rows", "60");
  t.after(instance.stop);
  const context = { colorScheme: "dark" } as const;
  await world.visit(t, { origins: [instance.url], context }, async ({ screen }) => {
    const { page } = screen;
    await page.getByText("Name, kind, release and options").click();
    await page.getByLabel("Kind").selectOption("prod");
    await screen.connect(instance.url);
    await screen.ended();
    await page.evaluate(() => location.assign("#/query/problem"));
    const studio = page.locator(".studio");
    await studio.getByLabel("Text of the query").fill("active=true^ORDERBYnumber");
    await studio.getByRole("button", { name: "Count and preview" }).click();
    await studio.locator(".studio-number").first().waitFor();
    await screen.accessible("the query studio on production, dark", "any");
    await studio.getByRole("button", { name: "Update or delete…" }).click();
    const dialog = page.getByRole("dialog", { name: /Update or delete rows of problem/ });
    await dialog.getByLabel("What to do with each row").selectOption("delete");
    await dialog.getByRole("button", { name: "Find the rows" }).click();
    const remove = dialog.getByRole("button", { name: /^Delete \d+ rows? on PROD/ });
    const rows = Number(/\d+/.exec((await remove.textContent()) ?? "")?.[0]);
    assert.equal(await dialog.getByLabel(/Number of rows, to confirm/).count(), 0, "the guard asks for it");
    await remove.click();
    const question = page.getByRole("dialog", { name: "Confirm the writes of a run to PROD" });
    await question.getByText("DELETE /api/now/table/problem/…").waitFor();
    const send = question.getByRole("button", { name: "Run on PROD" });
    await send.click();
    await question.getByText(`Enter ${rows} to confirm.`).waitFor();
    assert.ok(!(await instance.journal()).some(({ method }) => method === "DELETE"), "nothing is deleted yet");
    await question.getByLabel(/Number of writes, to confirm/).fill(String(rows));
    const [download] = await Promise.all([page.waitForEvent("download"), send.click()]);
    assert.match(download.suggestedFilename(), /^problem-before-delete-.*\.ndjson$/);
    await dialog.getByText(`${rows} rows written.`).waitFor();
    assert.equal((await instance.journal()).filter(({ method }) => method === "DELETE").length, rows);
  });
});

/** The other side follows after the next paint. */
async function becomes(line: ReturnType<Page["locator"]>, pattern: RegExp): Promise<void> {
  for (let look = 0; look < 100 && !pattern.test(await shownText(line)); look += 1) await setTimeout(50);
  assert.match(await shownText(line), pattern);
}

async function numbers(found: ReturnType<Page["locator"]>): Promise<number[]> {
  return (await found.allTextContents()).map((text) => Number(text.replaceAll(",", "")));
}

/** Pastes over the whole line, as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  const line = page.locator(".studio").getByLabel("Text of the query");
  await line.press("Control+a");
  await line.evaluate((element, data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", data);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** A browser that was here before there were saved queries: its database lacks their object store. */
async function storeOfVersion1(page: Page): Promise<void> {
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/icon.svg`);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const removal = indexedDB.deleteDatabase("sysparm-console");
        removal.onsuccess = () => {
          const opening = indexedDB.open("sysparm-console", 1);
          opening.onupgradeneeded = () => {
            for (const kind of ["environments", "collections", "history", "tabs", "preferences"])
              opening.result.createObjectStore(kind, { keyPath: "id" });
            opening.result.createObjectStore("set-aside", { autoIncrement: true });
            for (const name of ["secrets", "keys"]) opening.result.createObjectStore(name);
          };
          opening.onsuccess = () => resolve(opening.result.close());
          opening.onerror = () => reject(opening.error);
        };
        removal.onerror = () => reject(removal.error);
      }),
  );
  await page.goto(`${origin}/`);
}
