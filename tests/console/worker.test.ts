/** Reads the same table through the worker, without any secret of the instance in the page. */
import assert from "node:assert/strict";
import { after, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type RunningServer, startServer } from "../harness/server.ts";
import { CLIENT_ID, CLIENT_SECRET, startInstance } from "./harness/instance.ts";
import { numbersByFetch } from "./harness/rows.ts";
import type { Screen } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 2, "every case ran to its end"));

const CALLER_KEY = "a-key-for-the-console-test";
const serve = fileURLToPath(new URL("../../www/worker/serve.ts", import.meta.url));

test("incidents are read through the worker with the caller's key", async (t) => {
  const { instance, worker } = await start(t);
  await world.visit(t, visitOf(worker), async ({ screen }) => {
    const { page } = screen;
    assert.equal(await page.getByLabel("Worker address").inputValue(), worker.url);
    await signIn(screen, "not-the-key");
    await screen.failure();
    await page.getByRole("button", { name: "Disconnect" }).click();

    await signIn(screen, CALLER_KEY);
    // The earlier reading is shown until the new one begins.
    await page.locator(".progress-words[data-ending=failed]").waitFor({ state: "hidden" });
    const { how, words } = await screen.ended();
    assert.equal(how, "complete", words);
    assert.deepEqual(await screen.savedNumbers(), (await numbersByFetch(instance.url)).numbers);
    await screen.accessible("through the worker");
  });
});

test("instance hibernating during a read is named, rows stay", async (t) => {
  const { instance, worker } = await start(t);
  await instance.set({ delay_ms: 150 });
  await world.visit(t, visitOf(worker), async ({ screen }) => {
    await signIn(screen, CALLER_KEY);
    await instance.slowAfterTwoPages(3_000);
    await screen.someRowsCame();
    await instance.set({ hibernating: true, delay_ms: 0 });
    assert.equal((await screen.failure()).code, "instance.hibernating");
    assert.equal((await screen.ended()).how, "failed");
    const kept = (await screen.savedNumbers()).size;
    assert.ok(kept > 0 && kept < 10_000, `${kept} rows kept`);
  });
});

async function start(t: TestContext) {
  const instance = await startInstance("--rows", "10000");
  t.after(instance.stop);
  const worker = await startServer(
    process.execPath,
    ["--import", "tsx", serve, "--instance", instance.url, "--client-id", CLIENT_ID, "--origin", world.origin()],
    { SYSPARM_CLIENT_SECRET: CLIENT_SECRET, SYSPARM_CALLER_KEY: CALLER_KEY },
  );
  t.after(worker.stop);
  return { instance, worker };
}

function visitOf(worker: RunningServer) {
  return { origins: [worker.url], secrets: [CLIENT_SECRET, CALLER_KEY], fragment: `#worker=${worker.url}` };
}

async function signIn(screen: Screen, key: string): Promise<void> {
  await screen.page.getByLabel("API key").fill(key);
  await screen.page.getByRole("button", { name: "Connect" }).click();
}
