/** A person signs in on the instance's own page (authorization code with PKCE) and comes back to the console. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { type SlowedInstance, startInstance } from "./harness/instance.ts";
import { openWorld } from "./harness/world.ts";

const ADMIN = { name: "practice.admin", password: "practice-admin-password" };
const CLIENT = "console-public-client";
const world = openWorld();

after(() => assert.equal(world.visits(), 2, "every case ran to its end"));

test("sign-in begins at the form and returns connected, with PKCE", async (t) => {
  const { instance, options } = await publicClient();
  t.after(instance.stop);
  await world.visit(t, options, async ({ screen, origin }) => {
    const { page } = screen;
    const exchanges: URLSearchParams[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/oauth_token.do")) exchanges.push(new URLSearchParams(request.postData() ?? ""));
    });
    const asked = await begin(page, options.signedInAt);
    assert.equal(asked.get("code_challenge_method"), "S256");
    assert.equal(asked.get("redirect_uri"), `${origin}/`);
    await logIn(page);
    await page.getByRole("button", { name: "Allow" }).click();
    assert.equal((await screen.ended()).how, "complete");
    await page.getByRole("button", { name: "Disconnect" }).waitFor();
    assert.equal(page.url(), `${origin}/`, "the code is not kept in the address");
    assert.deepEqual(
      exchanges.map((form) => [form.get("grant_type"), form.has("code_verifier"), form.has("client_secret")]),
      [["authorization_code", true, false]],
    );
    // The code is gone: what was connected is known, and the person is asked to sign in again.
    await page.reload();
    await page.locator(".connection").getByRole("button", { name: "Connect" }).waitFor();
    assert.equal(exchanges.length, 1);
  });
});

test("refused consent is diagnosed, and can be tried again", async (t) => {
  const { instance, options } = await publicClient();
  t.after(instance.stop);
  await world.visit(t, options, async ({ screen, origin }) => {
    const { page } = screen;
    await begin(page, options.signedInAt);
    await logIn(page);
    await page.getByRole("button", { name: "Deny" }).click();
    const { code, text } = await screen.failure();
    assert.equal(code, "sign-in.refused");
    assert.match(text, /access_denied/);
    assert.equal(page.url(), `${origin}/`);
    await screen.accessible("a refused sign-in");
    await page.locator(".connection").getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    assert.equal((await screen.ended()).how, "complete");
    assert.equal(await page.locator(".failure").count(), 0);
  });
});

/** An instance with a registry record without a secret, whose redirect URL is the console. */
async function publicClient(): Promise<{
  instance: SlowedInstance;
  options: { origins: string[]; signedInAt: string };
}> {
  const instance = await startInstance("--rows", "50");
  const created = await fetch(`${instance.url}/api/now/table/oauth_entity`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${ADMIN.name}:${ADMIN.password}`)}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "Console",
      type: "client",
      client_id: CLIENT,
      public_client: "true",
      active: "true",
      redirect_url: `${world.origin()}/`,
    }),
  });
  assert.equal(created.status, 201, await created.text());
  // A host name of its own: a cookie of 127.0.0.1 would go to the console's port too.
  const signedInAt = instance.url.replace("127.0.0.1", "localhost");
  return { instance, options: { origins: [signedInAt], signedInAt } };
}

/** Fills the form and leaves for the instance. Gives the parameters of its address. */
async function begin(page: Page, address: string): Promise<URLSearchParams> {
  const form = page.locator(".connection");
  await form.getByLabel("Instance address").fill(address);
  await form.getByLabel("Sign-in").selectOption({ label: "OAuth: authorization code" });
  await form.getByLabel("Client ID").fill(CLIENT);
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await page.waitForURL(`${address}/oauth_auth.do*`);
  return new URL(page.url()).searchParams;
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel("User name").fill(ADMIN.name);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Log in" }).click();
}
