/** What is done with a reply and around it: compared with another environment's, explained when the browser withheld it; imports and code. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startInstance } from "./harness/instance.ts";
import { shownText } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), 2, "every case ran to its end"));

const ADMIN = {
  authorization: `Basic ${btoa("practice.admin:practice-admin-password")}`,
  "content-type": "application/json",
};

test("reply is compared, and a withheld one offers the worker", async (t) => {
  const [one, two] = await Promise.all([startInstance("--rows", "20"), startInstance("--rows", "20")]);
  for (const instance of [one, two]) t.after(instance.stop);
  const list = `${one.url}/api/now/table/incident?sysparm_limit=1&sysparm_fields=sys_id,number`;
  const { result } = (await (await fetch(list, { headers: ADMIN })).json()) as {
    result: { sys_id: string; number: string }[];
  };
  const changed = await fetch(`${two.url}/api/now/table/incident/${result[0]?.sys_id}`, {
    method: "PATCH",
    headers: ADMIN,
    body: JSON.stringify({ short_description: "Changed in one of two" }),
  });
  assert.equal(changed.status, 200);
  const options = { origins: [one.url, two.url], fragment: `#practice=${one.url}` };
  await world.visit(t, options, async ({ screen }) => {
    const { page } = screen;
    await screen.ended();
    await page.evaluate((hash) => location.assign(hash), `#practice=${two.url}`);
    await page
      .locator(".env-host")
      .filter({ hasText: new URL(two.url).host })
      .waitFor();
    await page.evaluate(() => location.assign("#/tester"));
    await page.getByLabel("Value of parameter 1").fill("3");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByLabel("Reply", { exact: true }).waitFor();

    await page
      .getByLabel("Search, or filter by JSONPath")
      .fill("$.result[?search(@.short_description, '^Changed')].number");
    await page.locator(".body-bar").getByText("1 value").waitFor();
    assert.match(await shownText(page.getByLabel("Body of the reply")), new RegExp(result[0]?.number ?? "none"));

    await page.getByRole("button", { name: "Compare with…" }).click();
    await page.getByRole("menuitem", { name: new RegExp(new URL(one.url).host) }).click();
    const differences = page.getByRole("region", { name: "Differences" });
    await differences.waitFor();
    const text = await shownText(differences);
    assert.match(text, /changed\s+\$\.result\[\?@\.sys_id=="\w{32}"\]\.short_description\s+"Changed in one of two"/);
    assert.doesNotMatch(
      text,
      /sys_mod_count|\.link/,
      "ignored fields and the instances' own addresses are no differences",
    );
    await screen.accessible("a comparison", "any");

    await two.set({ cors: false });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("The browser blocked the reply.").waitFor();
    assert.equal(await shownText(page.locator(".failure dd code").first()), "cors.refused");
    await page.getByText("Or add this CORS rule on the instance").click();
    assert.match(await shownText(page.locator(".blocked dl")), new RegExp(`Domain\\s+${world.origin()}`));
    await screen.accessible("a withheld reply", "any");
    await page.getByRole("button", { name: "Use the worker…" }).click();
    assert.equal(await page.getByRole("radio", { name: "Through the worker" }).isChecked(), true);
    await page.getByLabel("Worker address").waitFor();
  });
});

test("large import is read in a Worker, and its code is shown", async (t) => {
  await world.visit(t, { origins: [] }, async ({ screen }) => {
    const { page } = screen;
    const workers: string[] = [];
    page.on("worker", (worker) => workers.push(worker.url()));
    await page.evaluate(() => location.assign("#/interchange"));
    const request = { method: "GET", url: { raw: "/api/now/table/incident?sysparm_limit=1" } };
    const item = [{ name: "Newest incidents", request, event: [{ listen: "test", script: { exec: ["run()"] } }] }];
    const info = { name: "Large", description: "x".repeat(200_000), schema: "v2.1.0" };
    const buffer = Buffer.from(JSON.stringify({ info, item }));
    await page.getByLabel("Choose a file…").setInputFiles({ name: "large.json", mimeType: "application/json", buffer });
    const report = page.locator(".interchange-report");
    await report.waitFor();
    assert.match(await shownText(report), /Large[\s\S]*Left out[\s\S]*1 × test script: scripts are not run/);
    assert.deepEqual(
      workers.map((url) => new URL(url).origin),
      [world.origin()],
    );
    await screen.accessible("a report of an import", "any");
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByRole("tab", { name: "Export" }).click();
    await page.getByRole("button", { name: "Show code" }).click();
    assert.match(
      await page.getByLabel("Code of the request").inputValue(),
      /api\/now\/table\/incident\?sysparm_limit=1/,
    );
    assert.match(page.url(), /#\/interchange\/export$/);
    await screen.accessible("an export with code", "any");
  });
});
