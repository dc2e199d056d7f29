import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { memoryBacking } from "../src/store/backing";
import { RULES, readRecord, record } from "../src/store/records";
import { createStore } from "../src/store/store";
import { newSealingKey, openText, type Seals, sealText } from "../src/vault/seals";
import { createVault } from "../src/vault/vault";
import { type Environment, newCollection, newRequest, newSecretRef, type SecretRef } from "../src/workspace/model";

const environment: Environment = {
  id: "one",
  name: "DEV",
  kind: "dev",
  route: {
    way: "direct",
    instanceUrl: "https://dev1.service-now.com",
    auth: { kind: "oauth", grant: "client_credentials", clientId: "c", clientSecret: newSecretRef() },
  },
  release: "zurich",
  variables: [],
  readOnly: false,
};

test("records of every shape are read as they were stored", () => {
  const folder = { ...newCollection("Incidents", [newRequest({ name: "List" })]), kind: "folder" as const };
  const collection = newCollection("Mine", [folder]);
  assert.deepEqual(readRecord("collections", record("collections", collection)), { data: collection });
  assert.deepEqual(readRecord("environments", record("environments", environment)), { data: environment });
});

test("member of a newer console is kept", () => {
  const data = { ...environment, colour: "teal" };
  assert.deepEqual(readRecord("environments", record("environments", data)), { data });
});

test("record is migrated step by step to the current version", () => {
  const steps = [
    (data: unknown) => ({ ...(data as object), size: 1 }),
    (data: unknown) => ({ ...(data as { size: number }), size: (data as { size: number }).size + 1 }),
  ];
  const rules = { tabs: { schema: RULES.tabs.schema, steps } };
  const read = (version: number) => readRecord("tabs", { id: "a", version, data: { id: "a", size: 5 } }, rules);
  assert.deepEqual(read(1), { data: { id: "a", size: 2 } });
  assert.deepEqual(read(2), { data: { id: "a", size: 6 } });
  assert.deepEqual(read(3), { data: { id: "a", size: 5 } });
  assert.deepEqual(read(4), { newer: { kind: "tabs", id: "a", version: 4 } });
});

test("record of a newer console is left alone, and reported", async () => {
  const backing = memoryBacking();
  const written = { id: "one", version: 9, data: { colour: "teal" } };
  await backing.change("environments", "one", () => written);
  const store = createStore(backing);
  assert.deepEqual(await store.all("environments"), []);
  await store.all("environments");
  await store.put("environments", environment);
  await store.remove("environments", "one");
  assert.deepEqual(await backing.all("environments"), [written]);
  assert.deepEqual(store.newer.value, [{ kind: "environments", id: "one", version: 9 }]);
  assert.deepEqual([store.damaged.value, await store.aside()], [[], []]);
});

test("damaged record is set aside with a reason, and others stay", async () => {
  const backing = memoryBacking();
  const store = createStore(backing);
  await store.put("environments", environment);
  const moon = { id: "two", version: 1, data: { ...environment, id: "two", kind: "moon" } };
  await backing.change("environments", "two", () => moon);
  await backing.change("environments", "three", () => ({ id: "three", version: 1, data: environment }));
  assert.deepEqual(await store.all("environments"), [environment]);
  const [kind, id] = store.damaged.value;
  assert.match(kind?.why ?? "", /^Its member kind does not fit\. /);
  assert.match(id?.why ?? "", /^Its id is "three", and that of its data is "one"\.$/);
  assert.deepEqual(
    (await store.aside()).map((one) => one.id),
    ["two", "three"],
  );
  assert.equal((await backing.all("environments")).length, 1);
});

test("export is imported elsewhere whole", async () => {
  const store = createStore(memoryBacking());
  await store.put("environments", environment);
  await store.put("preferences", { id: "tester", width: 300 });
  const text = await store.exportAll();
  const other = createStore(memoryBacking());
  for (const { kind, data } of other.readExport(text)) await other.put(kind, data as never);
  assert.deepEqual(await other.all("environments"), [environment]);
  assert.deepEqual(await other.all("preferences"), [{ id: "tester", width: 300 }]);
  assert.throws(() => other.readExport("{}"), /not an export of the console\. Choose/);
  assert.throws(() => other.readExport("<"), /not JSON\. Choose/);
});

test("record that cannot be kept is reported", async () => {
  const full = async () => Promise.reject(new Error("the quota is used up"));
  const store = createStore({ ...memoryBacking(), change: full });
  await store.put("environments", environment);
  assert.match(store.notice.value, /environments could not be kept: the quota is used up/);
});

test("advice for a change that is not kept fits its cause", async () => {
  const notice = async (thrown: Error) => {
    const store = createStore({ ...memoryBacking(), change: () => Promise.reject(thrown) });
    await store.put("environments", environment);
    return store.notice.value;
  };
  assert.match(await notice(new DOMException("Full", "QuotaExceededError")), /Full\. Export .* free storage/);
  const closed = await notice(new DOMException("The database connection is closing.", "InvalidStateError"));
  assert.match(closed, /newer console was opened.* reload this tab/);
  assert.doesNotMatch(closed, /Export|storage/, "an export reads the same database");
  assert.doesNotMatch(await notice(new Error("no")), /storage/);
});

test("secret's text is in no printed form of it", async () => {
  const vault = createVault(null);
  const secret = vault.get(await vault.put("hunter2"));
  assert.equal(secret?.reveal(), "hunter2");
  for (const shown of [`${secret}`, JSON.stringify({ secret }), inspect(secret, { showHidden: true, depth: 9 })])
    assert.doesNotMatch(shown, /hunter2/);
});

test("seal opens under its own key and reference alone", async () => {
  const key = await newSealingKey();
  const [ref, other] = [newSecretRef(), newSecretRef()];
  const sealed = await sealText(key, ref, "hunter2");
  assert.equal(await openText(key, ref, sealed), "hunter2");
  assert.doesNotMatch(Buffer.from(sealed.sealed).toString("latin1"), /hunter2/);
  await assert.rejects(openText(key, other, sealed));
  await assert.rejects(openText(await newSealingKey(), ref, sealed));
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("only a secret to be remembered is sealed, until forgotten", async () => {
  const sealed = new Map<SecretRef, string>();
  const seals: Seals = {
    seal: async (ref, text) => void sealed.set(ref, text),
    all: async () => ({ opened: new Map(sealed), failed: 1 }),
    remove: async (ref) => void sealed.delete(ref),
    clear: async () => sealed.clear(),
  };
  const vault = createVault(seals);
  const kept = await vault.put("a", true);
  const held = await vault.put("b");
  assert.deepEqual([...sealed.keys()], [kept]);

  const next = createVault(seals);
  await next.open();
  assert.equal(next.get(kept)?.reveal(), "a");
  assert.equal(next.has(held), false);
  assert.match(next.notice.value, /^1 remembered secret could not be opened/);
  await next.put("c", false, kept);
  assert.equal(sealed.size, 0, "no longer to be remembered");

  await next.put("c", true, kept);
  await next.forget(kept);
  assert.deepEqual([sealed.size, next.has(kept), next.remembered.value.size], [0, false, 0]);
  await next.put("d", true);
  await next.forgetAll();
  assert.equal(sealed.size, 0);
});

test("secrets that another tab sealed or forgot are taken over", async () => {
  const sealed = new Map<SecretRef, string>();
  const seals: Seals = {
    seal: async (ref, text) => void sealed.set(ref, text),
    all: async () => ({ opened: new Map(sealed), failed: 0 }),
    remove: async (ref) => void sealed.delete(ref),
    clear: async () => sealed.clear(),
  };
  const [vault, other] = [createVault(seals), createVault(seals)];
  const [kept, only] = [await vault.put("a", true), await other.put("b")];
  await other.refresh();
  assert.equal(other.get(kept)?.reveal(), "a");
  await vault.forget(kept);
  await other.refresh();
  assert.deepEqual([other.has(kept), other.has(only)], [false, true]);
  await other.refresh(true);
  assert.equal(other.has(only), false);
});

test("secrets forgotten elsewhere go although the seals fail", async () => {
  const seals: Seals = {
    seal: async () => undefined,
    all: () => Promise.reject(new Error("The disk failed.")),
    remove: async () => undefined,
    clear: async () => undefined,
  };
  const vault = createVault(seals);
  const [sealed, only] = [await vault.put("a", true), await vault.put("b")];
  await vault.refresh(true);
  assert.deepEqual([vault.has(sealed), vault.has(only)], [false, false]);
  assert.match(vault.notice.value, /another tab changed could not be read\. Reload this tab\. The disk failed/);
});

test("secret put while another tab forgets all is kept", async () => {
  let read = (_: { opened: Map<SecretRef, string>; failed: number }) => {};
  const seals: Seals = {
    seal: async () => undefined,
    all: () =>
      new Promise((resolve) => {
        read = resolve;
      }),
    remove: async () => undefined,
    clear: async () => undefined,
  };
  const vault = createVault(seals);
  const before = await vault.put("a", true);
  const refreshed = vault.refresh(true);
  const later = await vault.put("b", true);
  read({ opened: new Map(), failed: 0 });
  await refreshed;
  assert.deepEqual([vault.has(before), vault.has(later)], [false, true]);
  assert.deepEqual([...vault.remembered.value], [later]);
});

test("secret that cannot be sealed or unsealed is held, and said", async () => {
  const broken = () => Promise.reject(new Error("The disk failed."));
  const seals: Seals = {
    seal: broken,
    all: async () => ({ opened: new Map(), failed: 0 }),
    remove: broken,
    clear: broken,
  };
  const vault = createVault(seals);
  const ref = await vault.put("a", true);
  assert.deepEqual([vault.get(ref)?.reveal(), vault.remembered.value.size], ["a", 0]);
  assert.match(vault.notice.value, /could not be remembered\. It is held .*The disk failed/);
  seals.seal = async () => undefined;
  await vault.put("a", true, ref);
  await vault.forget(ref);
  assert.match(vault.notice.value, /could not be removed from this device.*The disk failed/);
  assert.equal(vault.has(ref), false);
});
