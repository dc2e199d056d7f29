/** Every failure has its own clear message, and keeps the rows that were read. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startInstance } from "./harness/instance.ts";
import { type Screen, shownText } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
const messages = new Map<string, string>();

after(() => {
  assert.equal(world.visits(), 6, "every case ran to its end");
  assert.equal(
    new Set(messages.values()).size,
    5,
    `five failures, five messages: ${[...messages.values()].join(" | ")}`,
  );
});

test("wrong secret is refused with causes, and can be corrected", async (t) => {
  const instance = await startInstance("--rows", "200");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url], secrets: ["not-the-secret"] }, async ({ screen }) => {
    await screen.connect(instance.url, "not-the-secret");
    const { message, code, text } = await screen.failure();
    messages.set("wrong secret", message);
    assert.equal(code, "token.refused");
    assert.match(text, /most likely first/);
    assert.match(text, /How to confirm:/);
    assert.match(text, /Fix:/);
    await screen.accessible("a refused secret");
    await screen.connect(instance.url);
    assert.equal((await screen.ended()).how, "complete");
    assert.equal((await screen.savedNumbers()).size, 200);
    assert.equal(await screen.page.locator(".failure").count(), 0);
  });
});

test("unknown table is named, and earlier rows are kept", async (t) => {
  const instance = await startInstance("--rows", "200");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await screen.ended();
    const before = await screen.savedNumbers();
    await screen.read("incidnet");
    const { message, code, text } = await screen.failure();
    messages.set("unknown table", message);
    assert.equal(code, "table.unknown");
    assert.match(text, /incidnet/);
    assert.equal((await screen.ended()).how, "failed");
    assert.deepEqual(await screen.savedNumbers(), before);
    assert.match(await shownText(screen.page.locator("#pane-tables")), /rows are of the earlier read of incident/);
    await screen.accessible("an unknown table");
  });
});

test("instance that goes down during a read is unreachable", async (t) => {
  const instance = await startInstance("--rows", "10000");
  t.after(instance.stop);
  await instance.set({ delay_ms: 150 });
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    await instance.slowAfterTwoPages(60_000);
    await screen.someRowsCame();
    await instance.stop();
    const { message, code } = await screen.failure();
    messages.set("down", message);
    assert.equal(code, "network.unreachable");
    await keptHalf(screen, 10_000);
    await screen.accessible("an instance that is down");
  });
});

// A hibernating instance also answers the preflight with its HTML page, so during a read a browser only sees "unreachable". Requests without a
// preflight can read the HTML: those to the token endpoint, and those through the worker (worker.test.ts).
for (const [what, switches, expected] of [
  ["asleep", { hibernating: true }, "instance.hibernating"],
  ["a login page", { html: true }, "instance.not-its-api"],
] as const) {
  test(`HTML instead of JSON (${what}) is recognised, rows are kept`, async (t) => {
    const instance = await startInstance("--rows", "300");
    t.after(instance.stop);
    await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
      await screen.connect(instance.url);
      await screen.ended();
      const before = await screen.savedNumbers();
      await screen.page.getByRole("button", { name: "Disconnect" }).click();
      await instance.set(switches);
      await screen.connect(instance.url);
      const { message, code } = await screen.failure();
      messages.set(what, message);
      assert.equal(code, expected);
      assert.equal(before.size, 300);
      assert.deepEqual(await screen.savedNumbers(), before);
    });
  });
}

test("token revoked during a read is renewed, the read continues", async (t) => {
  const instance = await startInstance("--rows", "5000");
  t.after(instance.stop);
  await instance.revokeAfter(2);
  await world.visit(t, { origins: [instance.url] }, async ({ screen }) => {
    await screen.connect(instance.url);
    const { how, words } = await screen.ended();
    assert.equal(how, "complete", words);
    assert.equal((await screen.savedNumbers()).size, 5_000);
    assert.equal(await screen.page.locator(".failure").count(), 0);
    await screen.page
      .getByLabel("Connection")
      .getByText(/token 2/)
      .waitFor();
    const journal = await instance.journal();
    const refused = journal.filter(({ path, status }) => path.startsWith("/api/") && status === 401);
    const tokens = journal.filter(({ method, path }) => method === "POST" && path === "/oauth_token.do");
    assert.equal(refused.length, 1, "one call met the revoked token");
    assert.equal(tokens.length, 2, "and one more token was asked for");
  });
});

/** Some rows were read, not all, and the page still has each row of its progress line. */
async function keptHalf(screen: Screen, all: number): Promise<void> {
  const { how, words } = await screen.ended();
  assert.equal(how, "failed");
  const kept = await screen.savedNumbers();
  assert.ok(kept.size > 0 && kept.size < all, `${kept.size} rows kept`);
  assert.match(words, new RegExp(`Rows read so far are kept: ${kept.size.toLocaleString("en-GB")} of `));
}
