/** The control page of the practice instance in Chromium: what a person finds on it, and axe. */
import assert from "node:assert/strict";
import { test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { startPracticeInstance } from "../harness/practice-instance.ts";
import { sharedBrowser } from "./harness/shared.ts";

/** Opens the page of a new instance; problems of its scripts fail the test. */
async function opened(
  run: (page: Page, instance: Awaited<ReturnType<typeof startPracticeInstance>>) => Promise<void>,
  context: { viewport?: { width: number; height: number }; colorScheme?: "light" | "dark" } = {},
): Promise<void> {
  const instance = await startPracticeInstance("--rows", "300", "--quiet");
  const credentials = { username: "practice.admin", password: "practice-admin-password" };
  const browser = await sharedBrowser();
  const visit = await browser.newContext({ ...context, httpCredentials: credentials });
  try {
    const page = await visit.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(`${instance.url}/__practice`);
    await page.locator("body[data-ready]").waitFor();
    await run(page, instance);
    assert.deepEqual(problems, []);
  } finally {
    await visit.close();
    await instance.stop();
  }
}

test("scenario is described before it begins, and begins", async () => {
  await opened(async (page, instance) => {
    await page.getByLabel("Find a scenario").fill("token-expired");
    // Names that contain the text stay as well.
    const begin = page.getByRole("button", { name: "Begin token-expired", exact: true });
    const shown = page.locator("#scenarios li:visible").filter({ has: begin });
    assert.equal(await shown.count(), 1);
    assert.ok((await page.locator("#scenarios li:visible").count()) < 5);
    assert.match(await shown.innerText(), /token-expired\n.*401.*\nSeen with: .+\nSets token lifetime: \d+/s);
    await begin.click();
    await page.getByRole("status").getByText("token-expired has begun").waitFor();
    const { switches } = (await instance.control("state")) as { switches: { token_lifetime: number } };
    assert.ok(switches.token_lifetime < 1800);
    assert.match(await page.locator("#switches .changed").first().innerText(), /token lifetime/);
  });
});

test("every switch and fault has its documentation", async () => {
  await opened(async (page, instance) => {
    const { switches } = (await instance.control("state")) as { switches: object };
    const about = page.locator("#switches > div > p.quiet:last-of-type");
    assert.equal(await about.count(), Object.keys(switches).length - 1, "all but the list of faults");
    for (const text of await about.allInnerTexts()) assert.match(text, /^\S.+\.$/s);
    const kinds = await page.getByLabel("Fault", { exact: true }).locator("option").allInnerTexts();
    assert.ok(kinds.length > 15);
    for (const kind of kinds) {
      await page.getByLabel("Fault", { exact: true }).selectOption({ label: kind });
      assert.match(await page.locator("#kind-about").innerText(), /^\S.+\.$/s, kind);
    }
  });
});

test("every fault can be added as the form proposes it", async () => {
  await opened(async (page, instance) => {
    const kinds = await page.getByLabel("Fault", { exact: true }).locator("option").all();
    for (const [place, kind] of kinds.entries()) {
      await page.getByLabel("Fault", { exact: true }).selectOption(await kind.getAttribute("value"));
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.locator("#faults li button").nth(place).waitFor();
    }
    const { switches } = (await instance.control("state")) as { switches: { faults: unknown[] } };
    assert.equal(switches.faults.length, kinds.length);
    await page.getByRole("button", { name: /^Remove the fault delay/ }).click();
    await page.getByRole("button", { name: /^Remove the fault delay/ }).waitFor({ state: "detached" });
  });
});

test("switch is set, accounts are shown, and a table leads to its rows", async () => {
  await opened(async (page, instance) => {
    await page.getByLabel("language", { exact: true }).selectOption("german");
    await page.getByRole("status").getByText("Set: language.").waitFor();
    const { switches } = (await instance.control("state")) as { switches: { language: string } };
    assert.equal(switches.language, "german");
    const users = page.getByRole("region", { name: "Users" });
    assert.match(await users.innerText(), /practice\.admin\s+practice-admin-password\s+admin/);
    assert.match(await page.getByRole("region", { name: "Clients" }).innerText(), /practice-secret/);
    await page.getByLabel("Find a table").fill("incident");
    const link = page.getByRole("link", { name: "incident", exact: true });
    const row = page.locator("#tables tr").filter({ has: link });
    assert.match(await row.innerText(), /^incident\s+Incident\s+task\s+300$/);
    const [reply] = await Promise.all([
      page.waitForResponse((reply) => reply.url().includes("/api/now/table/incident") && reply.status() === 200),
      link.click(),
    ]);
    assert.match(await reply.text(), /INC00000/);
  });
});

test("API keys are listed when there are any", async () => {
  await opened(async (page, instance) => {
    const keys = page.getByRole("region", { name: "API keys" });
    assert.equal(await keys.count(), 0);
    const credentials = Buffer.from("practice.admin:practice-admin-password").toString("base64");
    const made = await fetch(`${instance.url}/api/now/table/rest_api_key`, {
      method: "POST",
      headers: { Authorization: `Basic ${credentials}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Monitoring", token: "practice-key", active: "true" }),
    });
    assert.equal(made.status, 201);
    await page.reload();
    await page.locator("body[data-ready]").waitFor();
    assert.match(await keys.innerText(), /Monitoring\s+practice-key/);
  });
});

// A page takes axe 9 s. Two of the four show both schemes and both widths; SYSPARM_VIEWS=all (make slow) adds the others.
const shown = [
  ["light", 1280],
  ["dark", 400],
  ...(process.env.SYSPARM_VIEWS === "all"
    ? ([
        ["light", 400],
        ["dark", 1280],
      ] as const)
    : []),
] as const;
for (const [colorScheme, width] of shown) {
  test(`page at ${width} px, ${colorScheme} scheme: fits, and axe passes`, async () => {
    await opened(
      async (page, instance) => {
        assert.ok(await page.getByText("No request yet").isVisible());
        await fetch(`${instance.url}/api/now/table/incident?sysparm_query=active=true`);
        await instance.set({ hidden: 0.5, faults: [{ kind: "drop", path: "/api/" }] });
        await page.reload();
        await page.locator("body[data-ready]").waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `the page is ${wide} px wide`);
        const folder = process.env.SCREENSHOTS;
        if (folder) await page.screenshot({ path: `${folder}/control-${width}-${colorScheme}.png`, fullPage: true });
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        assert.ok(passes.length > 10, "axe ran its rules");
        const reported = violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html.slice(0, 120)})`);
        assert.deepEqual(reported, []);
      },
      { viewport: { width, height: 900 }, colorScheme },
    );
  });
}
