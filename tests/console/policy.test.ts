/** The security policy is delivered and enforced in a real browser, and the watch of the other tests notices a breach. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openWorld } from "./harness/world.ts";

interface TrustedPage {
  trustedTypes: { createPolicy(name: string, rules: object): void };
}

const world = openWorld();

after(() => assert.equal(world.visits(), 2, "only the visits without a breach are clean"));

test("header and page hold the policy, all files are same-origin", async (t) => {
  const response = await fetch(world.origin());
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  assert.match(policy, /frame-ancestors 'none'$/);
  assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
  assert.equal(response.headers.get("Referrer-Policy"), "no-referrer");
  const page = await response.text();
  assert.match(page, /<meta http-equiv="Content-Security-Policy"/);
  assert.doesNotMatch(page, /<style|style="|<script(?![^>]* src=)|\son\w+="/, "nothing inline");

  await world.visit(t, { origins: [] }, async ({ screen }) => {
    const wasm = screen.page.waitForResponse((reply) => reply.url().endsWith(".wasm"));
    await screen.page.reload();
    assert.equal(new URL((await wasm).url()).origin, world.origin());
  });
});

test("page asks for the WebAssembly once, with its script", async (t) => {
  await world.visit(t, { origins: [] }, async ({ screen }) => {
    await screen.page.getByRole("button", { name: "Connect" }).waitFor();
    // A file is among the entries once it has arrived.
    await screen.page.waitForLoadState("networkidle");
    const asked = await screen.page.evaluate(() => {
      const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      return files.filter(({ name }) => name.endsWith(".wasm")).map(({ initiatorType }) => initiatorType);
    });
    assert.deepEqual(asked, ["link"]);
  });
});

for (const [what, breach, directive] of [
  ["a plain http address elsewhere", () => void fetch("http://192.0.2.1/").catch(() => undefined), "connect-src"],
  ["an inline style", () => document.body.setAttribute("style", "color: red"), "style-src-attr"],
  [
    "a Trusted Types policy of another name",
    () => (globalThis as unknown as TrustedPage).trustedTypes.createPolicy("other", {}),
    "trusted-types",
  ],
  ["text run as a script", () => void setTimeout("globalThis.ran = true"), "require-trusted-types-for"],
] as const) {
  test(`${what} is refused, and noticed`, async (t) => {
    const visited = world.visit(t, { origins: [] }, async ({ screen }) => {
      await screen.page.getByRole("button", { name: "Connect" }).waitFor();
      // A script of the page causes the breach, because the policy does not apply to code that a test evaluates.
      await screen.page.evaluate(`globalThis.breach = ${breach}; addEventListener("breach", () => breach());`);
      await screen.page.evaluate(() => dispatchEvent(new Event("breach"))).catch(() => undefined);
      await screen.page.waitForFunction(
        () => (globalThis as unknown as { watched: { violations: string[] } }).watched.violations.length > 0,
      );
    });
    await assert.rejects(visited, (thrown: Error) => {
      assert.match(thrown.message, /policy violations/);
      assert.match(thrown.message, new RegExp(directive));
      return true;
    });
  });
}
