import assert from "node:assert/strict";
import { test } from "node:test";
import { createEnvironments } from "../src/environments/environments";
import { type Draft, draftOf, emptyDraft, environmentOf, refsOf, throughWorker } from "../src/environments/form/draft";
import { createEditor } from "../src/environments/form/editor";
import { ASKED, METHODS } from "../src/environments/form/methods";
import { memoryBacking } from "../src/store/backing";
import { readRecord, record } from "../src/store/records";
import { createStore } from "../src/store/store";
import { createVault } from "../src/vault/vault";
import { newSecretRef } from "../src/workspace/model";

const typed: Draft = {
  ...emptyDraft({ name: "Mine", kind: "test", instanceUrl: "https://a.service-now.com", release: "zurich" }),
  clientId: "c",
  scope: "useraccount",
  username: "u",
  subject: "s",
  keyId: "k",
  audience: "a",
};

test("environment of every method is stored, read and edited again", () => {
  for (const method of METHODS) {
    const refs = Object.fromEntries(ASKED[method].secrets.map((field) => [field, newSecretRef()]));
    const environment = environmentOf({ ...typed, method }, refs);
    assert.deepEqual(readRecord("environments", record("environments", environment)), { data: environment }, method);
    assert.deepEqual(refsOf(environment), refs, method);
    const again = environmentOf(draftOf(environment), refs, environment);
    assert.deepEqual(again, environment, method);
  }
});

test("name and kind follow from the address where not given", () => {
  const near = environmentOf(emptyDraft({ instanceUrl: "http://127.0.0.1:8787" }), {});
  assert.deepEqual([near.name, near.kind, near.readOnly], ["PRACTICE", "practice", false]);
  const prod = environmentOf(emptyDraft({ instanceUrl: "a.service-now.com", kind: "prod" }), {});
  assert.deepEqual([prod.name, prod.readOnly], ["PROD", true]);
  assert.ok(prod.route.way === "direct" && prod.route.instanceUrl === "https://a.service-now.com");
});

function editing() {
  const vault = createVault(null);
  const environments = createEnvironments(createStore(memoryBacking()), vault);
  return { vault, environments, editor: createEditor(environments, vault) };
}

test("secret left empty is kept for the same address alone", async () => {
  const { vault, editor } = editing();
  editor.change({ instanceUrl: "https://a.service-now.com", clientId: "c" });
  const first = await editor.save({ clientSecret: "hunter2" }, false);
  const ref = refsOf(first).clientSecret;
  assert.ok(ref && vault.has(ref));
  assert.equal(editor.isHeld("clientSecret"), true);
  assert.deepEqual(refsOf(await editor.save({}, false)), { clientSecret: ref });

  editor.change({ instanceUrl: "https://b.service-now.com" });
  const moved = refsOf(await editor.save({}, false)).clientSecret;
  assert.ok(moved && !vault.has(moved), "nothing is sent to another address");
  assert.equal(vault.has(ref), false);
});

test("new secret replaces the old one, which is forgotten", async () => {
  const { vault, environments, editor } = editing();
  editor.change({ instanceUrl: "https://a.service-now.com", clientId: "c" });
  const old = refsOf(await editor.save({ clientSecret: "one" }, false)).clientSecret;
  const next = refsOf(await editor.save({ clientSecret: "two" }, false)).clientSecret;
  assert.ok(old && next && !vault.has(old));
  assert.equal(vault.get(next)?.reveal(), "two");
  assert.equal(environments.list.value.length, 1);
});

test("secret's input belongs to one environment, saved or new", async () => {
  const { editor } = editing();
  const next = editor.target.value;
  editor.change({ instanceUrl: "https://a.service-now.com", clientId: "c" });
  const first = await editor.save({ clientSecret: "one" }, false);
  assert.deepEqual([first.id, editor.target.value], [next, next], "a refused secret stays for a correction");
  const others = [1, 2].map(() => {
    editor.begin();
    return editor.target.value;
  });
  assert.equal(new Set([first.id, ...others]).size, 3);
  editor.begin(first);
  assert.equal(editor.target.value, first.id);
});

test("environment begun during a save gets nothing of the other", async () => {
  const { vault, environments, editor } = editing();
  editor.change({ instanceUrl: "https://test.service-now.com", clientId: "test" });
  const other = await editor.save({ clientSecret: "one" }, false);
  editor.begin();
  editor.change({ instanceUrl: "https://prod.service-now.com", clientId: "prod" });
  const saving = editor.save({ clientSecret: "two" }, false);
  editor.begin(other);
  const saved = await saving;
  const ref = refsOf(saved).clientSecret;
  assert.ok(saved.route.way === "direct" && ref);
  assert.deepEqual([saved.route.instanceUrl, vault.get(ref)?.reveal()], ["https://prod.service-now.com", "two"]);
  assert.deepEqual(environments.find(other.id), other);
  assert.equal(editor.id.value, other.id, "the form stays with the environment that was begun");
});

test("open form follows an import, and keeps what was typed", async () => {
  const { environments, editor } = editing();
  editor.change({ instanceUrl: "https://a.service-now.com", clientId: "c" });
  const saved = await editor.save({}, false);
  assert.ok(saved.route.way === "direct");
  editor.change({ clientId: "typed" });
  const route = { ...saved.route, instanceUrl: "https://b.service-now.com" };
  await environments.save({ ...saved, name: "Imported", route });
  const { name, instanceUrl, clientId } = editor.draft.value;
  assert.deepEqual([name, instanceUrl, clientId], ["Imported", "https://b.service-now.com", "typed"]);
});

test("fragment fills the form in, and a worker's tenants", () => {
  const { editor } = editing();
  editor.prefill({ instance: "", worker: "https://w.example.com", client: "", tenants: "acme,globex", practice: "" });
  const { way, workerUrl, tenant } = editor.draft.value;
  assert.deepEqual([way, workerUrl, tenant], ["worker", "https://w.example.com", "acme"]);
  assert.deepEqual(editor.tenants.value, ["acme", "globex"]);
});

test("address changed from outside empties the inputs of secrets", async () => {
  const { environments, editor } = editing();
  editor.change({ name: "DEV", instanceUrl: "a.service-now.com", clientId: "c" });
  const saved = await editor.save({ clientSecret: "one" }, false);
  const { route } = saved;
  assert.ok(route.way === "direct");
  const inputs = editor.secretsFor.value;
  await environments.save({ ...saved, name: "Mine" });
  assert.deepEqual([editor.draft.value.name, editor.secretsFor.value], ["Mine", inputs], "the same address");
  await environments.save({ ...saved, route: { ...route, instanceUrl: "https://b.service-now.com" } });
  assert.notEqual(editor.secretsFor.value, inputs);
  assert.match(editor.notice.value, /changed the address of DEV\. Check it, then enter/);
  editor.begin(environments.find(saved.id));
  assert.equal(editor.notice.value, "");
  editor.change({ instanceUrl: "https://c.service-now.com" });
  const own = editor.secretsFor.value;
  await environments.save({ ...saved, route: { ...route, instanceUrl: "https://a.service-now.com" } });
  assert.deepEqual(
    [editor.draft.value.instanceUrl, editor.secretsFor.value === own],
    ["https://c.service-now.com", true],
    "the address that the person typed stays, and so does the secret for it",
  );
});

test("unsaved form can be brought back", async () => {
  const { environments, editor } = editing();
  editor.change({ name: "DEV", instanceUrl: "https://a.service-now.com", clientId: "c" });
  const dev = await editor.save({ clientSecret: "one" }, false);
  editor.begin(dev);
  const unsaved = () => editor.unsaved.value?.draft.instanceUrl ?? null;
  assert.equal(unsaved(), null, "nothing was typed since");
  editor.begin();
  editor.change({ instanceUrl: "https://half" });
  const target = editor.target.value;
  editor.begin(dev);
  editor.bringBack();
  assert.deepEqual(
    [editor.draft.value.instanceUrl, editor.target.value, editor.id.value],
    ["https://half", target, ""],
  );
  assert.equal(unsaved(), null);
  editor.begin(undefined, throughWorker(dev, environments.list.value));
  assert.equal(unsaved(), "https://half");
  editor.discardUnsaved();
  editor.begin(dev);
  assert.equal(unsaved(), null, "what the console filled in was not typed");
});

test("removed environment is not offered with what was typed", async () => {
  const { environments, editor } = editing();
  environments.currentId.subscribe((id) => editor.begin(environments.find(id)));
  editor.change({ name: "DEV", instanceUrl: "https://a.service-now.com", clientId: "c" });
  const dev = await editor.save({}, false);
  editor.begin();
  editor.change({ instanceUrl: "https://half" });
  editor.begin(dev);
  editor.change({ clientId: "typed" });
  editor.endRemoved();
  await environments.remove(dev.id);
  assert.deepEqual([editor.id.value, editor.draft.value.instanceUrl], ["", ""]);
  assert.equal(editor.unsaved.value?.draft.instanceUrl, "https://half", "what was typed for another one stays");
});

test("form of an environment that is gone is of a new one", async () => {
  const { environments, editor } = editing();
  editor.change({ name: "DEV", instanceUrl: "https://a.service-now.com", clientId: "c" });
  const dev = await editor.save({}, false);
  editor.change({ clientId: "typed" });
  editor.begin();
  await environments.remove(dev.id);
  editor.bringBack();
  assert.deepEqual([editor.id.value, editor.draft.value.clientId], ["", "typed"]);
  editor.change({ clientId: "other" });
  editor.begin();
  assert.equal(editor.unsaved.value?.draft.clientId, "other");
});

test("worker of a direct environment is a new environment", async () => {
  const { environments, editor } = editing();
  editor.change({ name: "DEV", kind: "test", release: "zurich", instanceUrl: "https://a.service-now.com" });
  const dev = await editor.save({}, false);
  editor.begin(undefined, throughWorker(dev, environments.list.value));
  editor.change({ workerUrl: "https://w.example" });
  const worker = await editor.save({ key: "k" }, false);
  assert.deepEqual([worker.name, worker.kind, worker.release], ["DEV (worker)", "test", "zurich"]);
  assert.deepEqual(environments.find(dev.id), dev);
  assert.equal(throughWorker(dev, environments.list.value).name, "DEV (worker) (2)");
});
