/** Reads two tenants of one worker, one after the other: the form chooses the tenant, and no secret of an instance is in the page. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { workerWithRegistry } from "../worker/registry-under-test.ts";
import { CLIENT_SECRET, startInstance } from "./harness/instance.ts";
import { numbersByFetch } from "./harness/rows.ts";
import type { Screen } from "./harness/screen.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("tenant of the form is read, each with its own key", async (t) => {
  const instances = await Promise.all([startInstance("--rows", "700"), startInstance("--rows", "300", "--seed", "11")]);
  for (const instance of instances) t.after(instance.stop);
  const worker = await workerWithRegistry();
  t.after(worker.stop);
  const origins = { allowedOrigins: [world.origin()] };
  const [acme, globex] = instances;
  const keys = {
    acme: await worker.register("acme", acme.url, origins),
    globex: await worker.register("globex", globex.url, origins),
  };
  const fragment = `#worker=${worker.url}&tenants=acme,globex`;
  const secrets = [CLIENT_SECRET, ...Object.values(keys)];
  await world.visit(t, { origins: [worker.url], secrets, fragment }, async ({ screen }) => {
    const tenant = screen.page.getByLabel("Tenant");
    assert.equal(await tenant.inputValue(), "acme", "the first of the list");
    await signIn(screen, keys.acme);
    assert.equal((await screen.ended()).how, "complete");
    assert.deepEqual(await screen.savedNumbers(), (await numbersByFetch(acme.url)).numbers);
    await screen.page.getByText("through the worker, tenant acme").waitFor();
    await screen.accessible("a tenant of the worker");

    await screen.page.getByRole("button", { name: "Disconnect" }).click();
    await tenant.fill("globex");
    await screen.accessible("the form with a tenant");
    await signIn(screen, keys.globex);
    await screen.page.getByText("through the worker, tenant globex").waitFor();
    await screen.page
      .locator(".progress-words[data-phase=reading]")
      .or(screen.page.locator(".progress-words[data-phase=ended]"))
      .waitFor();
    assert.equal((await screen.ended()).how, "complete");
    assert.deepEqual(await screen.savedNumbers(), (await numbersByFetch(globex.url)).numbers);

    await screen.page.getByRole("button", { name: "Disconnect" }).click();
    await tenant.fill("acme");
    await signIn(screen, keys.globex);
    assert.match((await screen.failure()).text, /key/, "one tenant's key is not another's");
  });
});

async function signIn(screen: Screen, key: string): Promise<void> {
  await screen.page.getByLabel("API key").fill(key);
  await screen.page.getByRole("button", { name: "Connect" }).click();
}
