/** The view Traffic: plots, the log with its filter and export, and the waterfall of a call. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { CLIENT_SECRET, startInstance } from "./harness/instance.ts";
import { shownText } from "./harness/screen.ts";
import { openView } from "./harness/views.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("traffic shows every request, its waterfall and the plots", async (t) => {
  const instance = await startInstance("--rows", "2500");
  t.after(instance.stop);
  await instance.set({ delay_ms: 20 });
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    let sent = 0;
    page.on("request", (request) => {
      if (request.url().startsWith(instance.url) && request.method() !== "OPTIONS") sent += 1;
    });
    await screen.connect(instance.url);
    await screen.ended();
    await instance.set({ delay_ms: 0, fail_next: { count: 1, status: 503, path: "/api/now/table/incident" } });
    await page.getByRole("button", { name: "Read", exact: true }).click();
    assert.equal((await screen.ended()).how, "failed");
    await openView(page, "traffic");
    const pane = page.locator("#pane-traffic");
    await pane.getByRole("img", { name: /^Latency: median \d+ ms, 95 % within \d+ ms$/ }).waitFor();
    await pane.getByRole("img", { name: /^Concurrency: \d out of \d/ }).waitFor();
    await pane
      .getByRole("img", { name: /^Repeats and breaker: 0 repeated, 1 failed; circuit breaker closed$/ })
      .waitFor();
    const log = pane.getByRole("region", { name: "Log" });
    const requests = log.locator(".log-row").filter({ hasText: /GET|POST/ });
    assert.ok(sent >= 5);
    assert.equal(await requests.count(), sent, "as many as the page sent");

    // The first page waited for the token.
    await requests.filter({ hasText: "GET /api/now/table/incident" }).last().click();
    const waterfall = pane.getByRole("region", { name: "Waterfall" });
    assert.match(
      await shownText(waterfall),
      /\d+ ms in all[\s\S]+until the headers came\s+\d+ ms[\s\S]+Body\s+\d+ ms 200/,
    );
    await screen.accessible("a waterfall", "any");

    await log.getByLabel("Problems only").check();
    await log.getByLabel("Filter the log").fill("incident");
    await log.getByText(/^1 of \d+/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      log.getByRole("button", { name: "Export 1 entry" }).click(),
    ]);
    const [line = ""] = (await readFile(await download.path(), "utf8")).split("\n");
    assert.match(line, /"path":"\/api\/now\/table\/incident"/);
    assert.ok(!line.includes(CLIENT_SECRET) && !/bearer/i.test(line));

    await pane.getByRole("button", { name: "Show as a table" }).click();
    await pane.getByRole("columnheader", { name: "Median ms" }).waitFor();
    await screen.accessible("the plots as a table", "any");
  });
});
