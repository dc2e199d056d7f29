/** Environments in Chromium: a switch between two instances, secrets on the device, the guard of production, failures to show. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Request } from "playwright-core";
import { startInstance } from "./harness/instance.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 3, "every case ran to its end"));

test("switch reads the other instance with its own token", async (t) => {
  const [one, two] = await Promise.all([startInstance("--rows", "300"), startInstance("--rows", "200", "--seed", "8")]);
  for (const instance of [one, two]) t.after(instance.stop);
  await world.visit(t, { origins: [one.url, two.url] }, async ({ screen }) => {
    const { page } = screen;
    const sent: Request[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/now/") && request.method() === "GET") sent.push(request);
    });
    await screen.connect(one.url);
    assert.match((await screen.ended()).words, /300/);
    await choose("Add an environment");
    await page.getByLabel("Instance address").waitFor();
    await screen.accessible("the environments");
    await page.getByText("Name, kind, release and options").click();
    await page.getByLabel("Name", { exact: true }).fill("Second");
    await page.getByLabel("Remember on this device").check();
    await screen.connect(two.url);
    await page.getByRole("button", { name: "Disconnect" }).waitFor();
    await page.getByRole("link", { name: "Tables", exact: true }).click();
    await page.locator(".progress-words").getByText("200").waitFor();
    await choose("PRACTICE");
    await page.locator(".progress-words").getByText("300").waitFor();

    const tokens = new Map([one, two].map(({ url }) => [url, new Set<string>()]));
    for (const request of sent) {
      const { authorization } = await request.allHeaders();
      if (authorization) tokens.get(new URL(request.url()).origin)?.add(authorization);
    }
    const [ofOne, ofTwo] = [...tokens.values()];
    assert.ok(ofOne && ofTwo && ofOne.size > 0 && ofTwo.size > 0);
    assert.deepEqual(
      [...ofOne].filter((token) => ofTwo.has(token)),
      [],
      "no token went to both",
    );
    for (const instance of [one, two])
      assert.ok(
        (await instance.journal()).every(({ status }) => status < 400),
        "no call was refused",
      );

    await page.reload();
    await choose("Second");
    const form = page.locator(".connection");
    await form.getByText("Held. Leave it empty to keep it.").waitFor();
    await form.getByRole("button", { name: "Connect" }).click();
    await page.locator(".progress-words").getByText("200").waitFor();

    async function choose(name: string): Promise<void> {
      await page.locator(".env-switch").click();
      await page.getByRole("menuitem", { name }).first().click();
    }
  });
});

test("failure is shown, and the guide's checks find what is set up", async (t) => {
  const instance = await startInstance("--rows", "300");
  t.after(instance.stop);

  const fragment = `#practice=${instance.url}`;
  await world.visit(t, { origins: [instance.url], fragment }, async ({ screen }) => {
    const { page } = screen;
    await screen.ended();
    await page.locator(".env-switch").click();
    await page.getByRole("menuitem", { name: "Show a failure…" }).click();
    const dialog = page.getByRole("dialog", { name: "Show a failure" });
    const { scenarios } = (await instance.control("scenarios")) as { scenarios: { name: string }[] };
    await dialog.getByText(`${scenarios.length} of ${scenarios.length} failures`).waitFor();
    await screen.accessible("the failures");
    await dialog.getByLabel("Find a failure").fill("rest-api-role-missing");
    await dialog.getByRole("listitem").getByRole("button").first().click();
    await page.getByText("Shows the failure rest-api-role-missing").waitFor();
    await page.getByRole("button", { name: "Read", exact: true }).click();
    assert.match((await screen.failure()).text, /snc_platform_rest_api_access|API level ACL/);
    await page.locator(".env-switch").click();
    await page.getByRole("menuitem", { name: /^End the failure/ }).click();
    await page.getByText(/^Shows the failure/).waitFor({ state: "detached" });

    await page.getByRole("link", { name: "Connect guide", exact: true }).click();
    await page.locator(".guide-steps li").first().waitFor();
    await page.getByRole("button", { name: /^Check 127/ }).click();
    await page.getByRole("button", { name: /^Check 127/ }).waitFor();
    const states = page.locator(".guide-steps li[data-state=passed]");
    await states.nth(5).waitFor();
    await screen.accessible("the guide, checked");
  });
});

test("production sends a write only after its dialog", async (t) => {
  const instance = await startInstance("--rows", "20");
  t.after(instance.stop);
  const writes = async () =>
    (await instance.journal()).filter(({ method, path }) => method === "DELETE" && path !== "/");
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    const { page } = screen;
    await page.getByText("Name, kind, release and options").click();
    await page.getByLabel("Kind").selectOption("prod");
    await screen.connect(instance.url);
    await screen.ended();
    assert.equal(await page.locator("html").getAttribute("data-env"), "prod");
    await screen.openTester();
    await page.getByLabel("Method").selectOption("DELETE");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Confirm a write to PROD" });
    await dialog.getByText(/PROD is read-only/).waitFor();
    await screen.accessible("a write on production");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal((await writes()).length, 0);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await dialog.getByRole("button", { name: "Unlock and send to PROD" }).click();
    await page.getByLabel("Reply", { exact: true }).waitFor();
    assert.equal((await writes()).length, 1);
  });
});
