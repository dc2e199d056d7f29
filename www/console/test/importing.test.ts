import assert from "node:assert/strict";
import { test } from "node:test";
import { createEnvironments, newEnvironment } from "../src/environments/environments";
import { carryOut, planImport } from "../src/environments/importing";
import { secretsOf } from "../src/environments/secrets";
import { memoryBacking } from "../src/store/backing";
import { createStore } from "../src/store/store";
import { createVault } from "../src/vault/vault";
import { type Environment, newCollection, newRequest } from "../src/workspace/model";

/** A device with one environment, PROD, whose secrets are held; and an import of its own export after a change of the text. */
async function device() {
  const store = createStore(memoryBacking());
  const vault = createVault(null);
  const environments = createEnvironments(store, vault);
  const closed: string[] = [];
  environments.beforeChange(({ id }) => closed.push(id));
  const auth = { kind: "basic", username: "u", password: await vault.put("hunter2") } as const;
  const variables = [{ id: "v", name: "apiKey", on: true, secret: await vault.put("k") }];
  const route = { way: "direct", instanceUrl: "https://prod.service-now.com", auth } as const;
  const prod = await environments.save(newEnvironment({ name: "PROD", kind: "prod", route, variables }));
  await environments.select(prod.id);
  const importing = async (change: (text: string) => string) => {
    const plan = await planImport(change(await store.exportAll()), store, environments);
    await carryOut(plan, store, environments);
    return plan;
  };
  const present = () => environments.find(prod.id) as Environment;
  return { store, vault, environments, closed, prod, importing, present };
}

test("import to another address gets no secret of this device", async () => {
  const { vault, closed, prod, importing, present } = await device();
  const plan = await importing((text) => text.replaceAll("prod.service-now.com", "evil.example.com"));
  assert.deepEqual([plan.records.length, plan.replaced], [1, 1]);
  assert.match(JSON.stringify(present()), /evil\.example\.com/);
  assert.deepEqual(secretsOf(present()).filter(vault.has), []);
  assert.deepEqual(closed, [prod.id], "its connection is closed");
});

test("import of another id gets no secret of this device", async () => {
  const { vault, environments, prod, importing } = await device();
  const plan = await importing((text) =>
    text.replaceAll(prod.id, "other").replaceAll("prod.service-now.com", "evil.example.com"),
  );
  assert.equal(plan.replaced, 0);
  const other = environments.find("other");
  assert.ok(other);
  assert.deepEqual(secretsOf(other).filter(vault.has), []);
  assert.equal(secretsOf(prod).every(vault.has), true);
  assert.equal(environments.currentId.value, prod.id, "the environment in use stays");
});

test("import keeps the stricter kind and lock, and the secrets", async () => {
  const { vault, prod, importing, present } = await device();
  const older = (text: string) =>
    text.replace('"kind": "prod"', '"kind": "dev"').replace('"readOnly": true', '"readOnly": false');
  await importing((text) => older(text).replace('"name": "PROD"', '"name": "LIVE"'));
  assert.deepEqual(present(), { ...prod, name: "LIVE" });
  assert.equal(secretsOf(prod).every(vault.has), true);
});

test("variable of an import does not read another secret", async () => {
  const { vault, prod, importing, present } = await device();
  const [password = ""] = secretsOf(prod);
  await importing((text) =>
    text.replace(/"variables": \[/, `$&{"id":"w","name":"x","on":true,"secret":"${password}"},`),
  );
  const [added, kept] = present().variables;
  assert.ok(added?.secret && kept?.secret);
  assert.deepEqual([vault.has(added.secret), vault.get(kept.secret)?.reveal()], [false, "k"]);
});

test("import of what is here already writes nothing", async () => {
  const { closed, importing } = await device();
  assert.deepEqual(await importing((text) => text), { records: [], replaced: 0 });
  assert.deepEqual(closed, []);
});

test("collection of an import gets no secret of this device", async () => {
  const { store, vault, importing } = await device();
  const auth = { kind: "bearer", token: await vault.put("t") } as const;
  const collection = newCollection("Mine", [newRequest({ address: "/api", auth })]);
  await store.put("collections", collection);
  assert.equal((await importing((text) => text)).records.length, 0);
  const plan = await importing((text) => text.replace('"/api"', '"https://evil.example.com"'));
  assert.equal(plan.replaced, 1);
  const text = JSON.stringify(await store.all("collections"));
  assert.match(text, /evil\.example\.com/);
  assert.equal(text.includes(auth.token), false);
});

test("first import of a device is taken whole, with its choice", async () => {
  const { store, prod } = await device();
  const other = createStore(memoryBacking());
  const environments = createEnvironments(other, createVault(null));
  await carryOut(await planImport(await store.exportAll(), other, environments), other, environments);
  assert.equal(environments.currentId.value, prod.id);
  assert.equal(environments.current.value?.readOnly, true);
});
