/** The tester sends a typed request and shows the reply or the failure. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { startInstance } from "./harness/instance.ts";
import { type Screen, shownText } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), 5, "every case ran to its end"));

test("GET shows status, time, size, headers and formatted body", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await testerOn(screen, instance.url);
    await screen.page.getByLabel("Value of parameter 1").fill("2");
    await screen.page.getByRole("button", { name: "Send", exact: true }).click();
    const reply = screen.page.getByLabel("Reply", { exact: true });
    await reply.waitFor();
    const text = await shownText(reply);
    assert.match(text, /^200/);
    assert.match(text, /\d+ ms to the reply/);
    assert.match(text, /[\d.]+ (bytes|KB)/);
    const body = await shownBody(screen.page);
    assert.match(body, /^\{\n {2}"result": \[\n {4}\{\n {6}"/);
    assert.equal((JSON.parse(body) as { result: unknown[] }).result.length, 2);
    await reply.getByRole("tab", { name: /^Table/ }).click();
    await reply.getByRole("columnheader", { name: "number", exact: true }).waitFor();
    await reply.getByRole("tab", { name: /^Headers/ }).click();
    assert.match(await shownText(reply.locator(".headers")), /x-total-count\s+50/);
    await screen.accessible("a reply in the tester");
  });
});

test("POST creates one incident", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await testerOn(screen, instance.url);
    await page.getByLabel("Method").selectOption("POST");
    await page.getByLabel("Send parameter 1").uncheck();
    await page.getByRole("tab", { name: "Body", exact: true }).click();
    await page.getByLabel("Body of the request").fill('{"short_description": "No paper on floor 3", "urgency": "2"}');
    await page.keyboard.press("Control+Enter");
    const body = page.getByLabel("Body of the reply");
    await body.waitFor();
    assert.match(await shownText(page.getByLabel("Reply", { exact: true })), /^201/);
    const created = (JSON.parse(await shownBody(page)) as { result: { number: string; short_description: string } })
      .result;
    assert.equal(created.short_description, "No paper on floor 3");
    const posts = (await instance.journal()).filter(
      ({ method, path }) => method === "POST" && path.startsWith("/api/"),
    );
    assert.equal(posts.length, 1);
    await page.getByRole("link", { name: "Tables", exact: true }).click();
    await screen.read("incident", { query: `number=${created.number}` });
    await screen.ended();
    assert.deepEqual([...(await screen.savedNumbers())], [created.number]);
    await page.getByRole("link", { name: "Tester", exact: true }).click();
    assert.match(await shownBody(page), /No paper on floor 3/, "the reply is still there");
  });
});

test("error is explained, and its reply shown", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await testerOn(screen, instance.url);
    await screen.page.getByLabel("Path", { exact: true }).fill("/api/now/table/no_such_table");
    await screen.page.getByLabel("Path", { exact: true }).press("Enter");
    const { code, text } = await screen.failure();
    assert.equal(code, "table.unknown");
    assert.match(text, /GET \/api\/now\/table\/no_such_table/);
    await screen.accessible("an error in the tester");
    await screen.page.getByRole("tab", { name: "Pretty" }).click();
    assert.match(await shownBody(screen.page), /Invalid table no_such_table/);
    await screen.page.getByLabel("Path", { exact: true }).fill("https://elsewhere.example/api/now/table/incident");
    await screen.page.getByLabel("Path", { exact: true }).press("Enter");
    await screen.page.getByText(/Not sent\. This address is on https:\/\/elsewhere\.example/).waitFor();
  });
});

test("write with a lost answer is unknown, not failed", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await testerOn(screen, instance.url);
    await page.getByLabel("Method").selectOption("POST");
    await page.route(`${instance.url}/api/**`, async (route) => {
      const request = route.request();
      if (request.method() === "POST") {
        // The instance performs the write, but the answer never arrives.
        const headers = { Authorization: request.headers().authorization ?? "", "Content-Type": "application/json" };
        const done = await fetch(request.url(), { method: "POST", headers, body: request.postData() ?? "" });
        assert.equal(done.status, 201);
      }
      await route.abort("connectionreset");
    });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const { code, text } = await screen.failure();
    assert.equal(code, "write.unknown-outcome");
    assert.match(text, /Before you repeat it, read the record/);
    const posts = (await instance.journal()).filter(
      ({ method, path }) => method === "POST" && path.startsWith("/api/"),
    );
    assert.equal(posts.length, 1, "and it was not repeated");
  });
});

test("huge body is formatted if asked, and a slow request can be cancelled", async (t) => {
  const instance = await startInstance("--rows", "10000");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await testerOn(screen, instance.url);
    await page.getByLabel("Value of parameter 1").fill("10000");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    assert.match(await shownText(page.locator(".reply .notice")), /^[\d.]+ MB of JSON, shown as text/);
    const body = page.getByLabel("Body of the reply");
    assert.ok((await body.locator(".line").count()) < 300, "only the lines in sight are drawn");
    await page.getByRole("button", { name: "Format anyway" }).click();
    await body.locator(".line").filter({ hasText: '"result": [' }).waitFor();
    await instance.set({ delay_ms: 20_000 });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.getByText(/^Cancelled: GET \/api\/now\/table\/incident/).waitFor({ timeout: 2_000 });
  });
});

/** The lines of the reply's body. They are drawn a frame after their list, which knows its height only then. */
async function shownBody(page: Page): Promise<string> {
  const body = page.getByLabel("Body of the reply");
  await body.filter({ hasText: /\S/ }).waitFor();
  return shownText(body);
}

async function testerOn(screen: Screen, instanceUrl: string): Promise<void> {
  await screen.connect(instanceUrl);
  await screen.ended();
  await screen.openTester();
}
