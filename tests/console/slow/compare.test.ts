/** The view "Compare" in Chromium: three connected environments, one of which differs in planted records. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { administrated, call, change } from "../harness/administrator.ts";
import type { SlowedInstance } from "../harness/instance.ts";
import { overflows } from "../harness/views.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 1, "the case ran to its end"));

/** With a CORS rule of a page, so that every fact can be compared. */
async function prepared(): Promise<SlowedInstance> {
  const instance = await administrated("--rows", "5");
  const rule = { name: "Page", active: "true", rest_api: "Table API", http_methods: "GET,POST" };
  await call(instance.url, "POST", "sys_cors_rule", { ...rule, domain: "https://page.example" });
  return instance;
}

test("compare_shows_planted_differences_side_by_side", async (t) => {
  const instances = await Promise.all([prepared(), prepared(), prepared()]);
  for (const instance of instances) t.after(instance.stop);
  const [dev, staging, prod] = instances.map(({ url }) => url) as [string, string, string];
  const account = "user_name=practice.integration";
  await change(prod, "sys_properties", "name=glide.authenticate.basic_auth.restriction.enforce", { value: "true" });
  await change(prod, "sys_cors_rule", "name=Page", { http_methods: "GET" });
  await change(prod, "oauth_entity", "client_id=practice-client", { access_token_lifespan: "300" });
  await change(prod, "sys_user", account, { time_zone: "US/Pacific" });
  await world.visit(t, { origins: [dev, staging, prod] }, async ({ screen }) => {
    const { page } = screen;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await screen.connect(dev);
    await screen.ended();
    await page.evaluate(() => location.assign("#/compare"));
    const compare = page.getByRole("button", { name: "Compare", exact: true });
    await compare.waitFor();
    assert.match((await compare.getAttribute("title")) ?? "", /Connect two environments/);
    await screen.addEnvironment("Staging", staging);
    await screen.addEnvironment("Production", prod);
    await page.evaluate(() => location.assign("#/compare"));
    await page.getByLabel("Account of the integration").fill("practice.integration");
    await page.getByLabel("Tables used").fill("incident.number, incident.state");
    await compare.click();

    const heading = page.getByRole("heading", { name: "4 differences" });
    await heading.waitFor();
    const shown = () => page.locator(".compare-table .compare-what").allTextContents();
    const restriction = "property glide.authenticate.basic_auth.restriction.enforce";
    assert.deepEqual(await shown(), [
      ...[restriction, "CORS rule Page (Table API): HTTP methods", "account: time zone"],
      "client Practice client: access token lifespan",
    ]);
    const odd = await page
      .locator(".compare-table td.odd")
      .evaluateAll((cells) => cells.map((cell) => [cell.getAttribute("data-environment"), cell.textContent]));
    assert.deepEqual(
      odd,
      ["true", "GET", "US/Pacific", "300"].map((value) => ["Production", value]),
    );
    // Another account than the one signed in is named.
    await page.getByText(/comparisons; 3 facts unknown\./).waitFor();
    await page.getByText("Unknown: 3 facts").click();
    assert.match(
      await page.locator(".compare-unknown li").innerText(),
      /^way of signing in in PRACTICE, Production, Staging:/,
    );
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await page.getByText("Copied").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^# Environments compared: .*\n\n4 diff/);
    for (const width of [1440, 400]) {
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await overflows(page), []);
      await screen.accessible(`the comparison at ${width} px`);
    }
    await page.getByRole("button", { name: "Wrong data 1" }).click();
    assert.deepEqual(await shown(), ["account: time zone"]);

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save inventories" }).click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    assert.equal(JSON.parse(text).format, 1);
    assert.ok(!text.includes("practice-secret"));
  });
});
