/** The doctor shows its findings on the page as they come, and its report can be copied and saved. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { CLIENT_ID, CLIENT_SECRET, startInstance } from "./harness/instance.ts";
import { shownText } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const ADMINISTRATOR_PASSWORD = "practice-admin-password";
const SECRETS = [CLIENT_SECRET, ADMINISTRATOR_PASSWORD];

const world = openWorld();

after(() => assert.equal(world.visits(), 3, "every case ran to its end"));

async function examine(page: Page, url: string, administrator: boolean): Promise<void> {
  await page.getByLabel("Instance to examine").fill(url);
  const form = page.locator(".doctor");
  await form.getByLabel("Client ID").fill(CLIENT_ID);
  await form.getByLabel("Client secret").fill(CLIENT_SECRET);
  if (administrator) {
    await page.getByLabel("User name").fill("practice.admin");
    await page.getByLabel("Password", { exact: true }).fill(ADMINISTRATOR_PASSWORD);
  }
  await page.getByRole("button", { name: "Examine", exact: true }).click();
}

async function reportOn(page: Page): Promise<string> {
  const report = page.getByLabel("Report", { exact: true });
  await report.waitFor({ timeout: 60_000 });
  return shownText(report);
}

test("report names the record that refuses the token", async (t) => {
  const instance = await startInstance("--rows", "200");
  t.after(instance.stop);
  await begin(instance.url, "client-credentials-off");
  const context = { permissions: ["clipboard-read", "clipboard-write"] };
  await world.visit(t, { origins: [instance.url], secrets: SECRETS, context }, async ({ screen }) => {
    const { page } = screen;
    await page.getByText("Cannot connect?").click();
    await screen.accessible("the doctor's form");
    await examine(page, instance.url, true);
    const report = await reportOn(page);
    assert.match(report, /^The client credentials grant is not switched on/);
    assert.match(report, /\d\d % likely, proven by a probe/);
    assert.match(report, /Name: glide\.oauth\.inbound\.client\.credential\.grant_type\.enabled/);
    assert.equal(await page.locator('.findings li[data-code="token"]').getAttribute("data-state"), "failed");
    await page.getByText("Set-up guide").click();
    assert.match(await reportOn(page), /sys_properties\.list > New/);
    await screen.accessible("a report");
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await page.getByText("Copied", { exact: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save report" }).click(),
    ]);
    assert.equal(await readFile(await download.path(), "utf8"), copied);
    assert.match(copied, /^# ServiceNow connection report/);
    if (process.env.SYSPARM_SCREENSHOTS) {
      await page.screenshot({ path: `${process.env.SYSPARM_SCREENSHOTS}/doctor-report.png`, fullPage: true });
      await page.setViewportSize({ width: 360, height: 800 });
      await page.screenshot({ path: `${process.env.SYSPARM_SCREENSHOTS}/doctor-narrow.png`, fullPage: true });
    }
  });
});

test("report tells a missing CORS rule from a missing property", async (t) => {
  const instance = await startInstance("--rows", "200");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url], secrets: SECRETS }, async ({ screen, origin }) => {
    const { page } = screen;
    await page.getByText("Cannot connect?").click();
    await instance.set({ cors: false });
    await examine(page, instance.url, false);
    const rule = await reportOn(page);
    assert.ok(rule.startsWith(`In a browser: no CORS rule lets ${origin} call the Table API`), rule);
    assert.ok(rule.includes(`Domain: ${origin}`));
    await instance.set({ cors: true, oauth_cors_origin: "" });
    await page.getByRole("button", { name: "Examine", exact: true }).click();
    await page
      .getByRole("heading", { name: `In a browser: the token endpoint lets no page of ${origin} read its replies` })
      .waitFor();
  });
});

test("examination can be stopped, and has a tab when connected", async (t) => {
  const instance = await startInstance("--rows", "200");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url], secrets: SECRETS }, async ({ screen }) => {
    const { page } = screen;
    await screen.connect(instance.url);
    await screen.ended();
    await page.getByRole("link", { name: "Doctor", exact: true }).click();
    await instance.set({ delay_ms: 400 });
    await examine(page, instance.url, false);
    await page.locator(".findings li").first().waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByText("Not examined. Stopped.").waitFor();
    await instance.set({ delay_ms: 0 });
    await page.getByRole("button", { name: "Examine", exact: true }).click();
    assert.match(await reportOn(page), /^No problem was found/);
    assert.ok(
      (await page.locator('.findings li[data-state="unknown"]').count()) > 3,
      "checks that need a role are unknown",
    );
    const token = page.locator('.findings > ol > li[data-code="token"]');
    await token.getByText("1 request").click();
    await token.getByText("POST /oauth_token.do: 200").waitFor();
    await screen.accessible("a report behind its tab");

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as data" }).click(),
    ]);
    const saved = await readFile(await download.path(), "utf8");
    const compare = async (text: string) => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Compare with a saved report…" }).click(),
      ]);
      await chooser.setFiles({ name: "before.json", mimeType: "application/json", buffer: Buffer.from(text) });
    };
    await compare(saved);
    await page.getByText("Nothing has changed since before.json.").waitFor();
    const other = JSON.parse(saved) as { findings: { code: string; state: string }[] };
    for (const finding of other.findings) if (finding.code === "token") finding.state = "failed";
    await compare(JSON.stringify(other));
    await page.getByText("1 change since before.json.").waitFor();

    // The client is refused from now on: the one check says so, the others stay.
    await begin(instance.url, "client-credentials-off");
    const passed = page.locator('.findings > ol > li[data-state="passed"]');
    const before = await passed.count();
    await token.getByRole("button", { name: /^Run again/ }).click();
    await page.locator('.findings > ol > li[data-code="token"][data-state="failed"]').waitFor();
    assert.equal(await passed.count(), before - 1);
    await token.getByText("Run again after the report").waitFor();
    await screen.accessible("a check that was run again");
  });
});

async function begin(url: string, name: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${url}/__practice/scenario`, { method: "POST", headers, body: JSON.stringify({ name }) });
  assert.equal(reply.status, 200);
}
