import assert from "node:assert/strict";
import { test } from "node:test";
import { createEnvironments, newEnvironment } from "../src/environments/environments";
import { memoryBacking } from "../src/store/backing";
import { createStore } from "../src/store/store";
import type { Host } from "../src/tester/host";
import { createWorkbench } from "../src/tester/workbench";
import { forgetUnused, refsIn } from "../src/vault/references";
import { createVault } from "../src/vault/vault";
import { type Collection, newCollection, newRequest, type SecretRef } from "../src/workspace/model";

async function device() {
  const backing = memoryBacking();
  const store = createStore(backing);
  const vault = createVault(null);
  const environments = createEnvironments(store, vault);
  const host = {
    environment: () => undefined,
    instance: () => null,
    forgetUnused: (candidates: Iterable<SecretRef>, also: unknown) => forgetUnused(candidates, { store, vault }, also),
  } as unknown as Host;
  const workbench = createWorkbench(host, store);
  const refs = { auth: await vault.put("a"), variable: await vault.put("v"), request: await vault.put("r") };
  const made = (): Collection => ({
    ...newCollection("Mine", [newRequest({ auth: { kind: "bearer", token: refs.request } })]),
    auth: { kind: "basic", username: "u", password: refs.auth },
    variables: [{ id: "v", name: "x", on: true, secret: refs.variable }],
  });
  const held = () => Object.values(refs).filter(vault.has).length;
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
  return { backing, store, vault, environments, workbench, refs, made, held, settled };
}

test("references are found at every depth", async () => {
  const { refs, made } = await device();
  assert.deepEqual(refsIn([made()]), new Set([refs.auth, refs.variable, refs.request]));
});

test("secrets of a removed collection last as long as its undo", async () => {
  const { workbench, made, held, settled } = await device();
  const [mine, other] = [made(), newCollection("Other")];
  workbench.library.set([mine, other]);
  workbench.remove(mine);
  await settled();
  assert.equal(held(), 3);
  workbench.undoRemoval();
  workbench.remove(mine);
  workbench.remove(other);
  await settled();
  assert.equal(held(), 0);
});

test("secret stays while another record refers to it", async () => {
  const { workbench, environments, vault, refs, made, settled } = await device();
  workbench.library.set([made()]);
  const route = { way: "direct", instanceUrl: "https://a.service-now.com" } as const;
  const auth = { kind: "bearer", token: refs.auth } as const;
  const one = await environments.save(newEnvironment({ name: "DEV", kind: "dev", route: { ...route, auth } }));
  await environments.remove(one.id);
  assert.equal(vault.has(refs.auth), true, "the collection has it");
  workbench.library.set([{ ...made(), variables: [] }]);
  await settled();
  assert.deepEqual([vault.has(refs.variable), vault.has(refs.auth)], [false, true]);
});

test("secret of a record that cannot be read stays", async () => {
  const { backing, store, vault, refs } = await device();
  const newer = { id: "n", version: 99, data: { other: refs.auth } };
  await backing.change("collections", "n", () => newer);
  const damaged = { id: "d", version: 1, data: { other: refs.variable } };
  await backing.change("environments", "d", () => damaged);
  await store.all("environments");
  await forgetUnused(Object.values(refs), { store, vault });
  assert.deepEqual([vault.has(refs.auth), vault.has(refs.variable), vault.has(refs.request)], [true, true, false]);
});

test("secrets stay where what refers to them cannot be read", async () => {
  const { backing, environments, vault, refs } = await device();
  const route = { way: "worker", workerUrl: "https://w.example", tenant: "", key: refs.auth } as const;
  const environment = await environments.save(newEnvironment({ name: "DEV", kind: "dev", route }));
  const { all } = backing;
  backing.all = () => Promise.reject(new Error("The database is closed."));
  await environments.save({ ...environment, route: { ...route, key: refs.request } });
  assert.ok(vault.has(refs.auth), "the save ends all the same");
  backing.all = all;
  await forgetUnused([refs.auth], { store: createStore(backing), vault });
  assert.equal(vault.has(refs.auth), false);
});
