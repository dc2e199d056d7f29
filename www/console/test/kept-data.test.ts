/** Failures of export, import and forgetting: each is said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeptData } from "../src/environments/kept-data";
import { memoryBacking } from "../src/store/backing";
import { createStore } from "../src/store/store";
import type { Seals } from "../src/vault/seals";
import { createVault } from "../src/vault/vault";
import { newCollection } from "../src/workspace/model";
import { workspaceDouble } from "./workspace-double";

function workspace() {
  const backing = memoryBacking();
  const seals: Seals = {
    seal: async () => undefined,
    all: async () => ({ opened: new Map(), failed: 0 }),
    remove: async () => undefined,
    clear: async () => undefined,
  };
  const [store, vault] = [createStore(backing), createVault(seals)];
  const { environments, connections } = workspaceDouble({ store, vault });
  const saved: string[] = [];
  const asked: number[] = [];
  const answer = { agreed: true, meanwhile: () => {} };
  const confirm = async (replaced: number) => {
    asked.push(replaced);
    answer.meanwhile();
    return answer.agreed;
  };
  const data = createKeptData({ store, vault, environments, connections }, (text) => saved.push(text), confirm);
  return { backing, seals, store, vault, data, saved, asked, answer };
}
const broken = () => Promise.reject(new Error("The disk failed."));

test("export that fails is said, and saves nothing", async () => {
  const { backing, store, data, saved } = workspace();
  await store.put("collections", newCollection("Mine"));
  await data.exportAll();
  assert.equal(saved.length, 1);
  backing.all = broken;
  await data.exportAll();
  assert.equal(data.said.value, "Nothing was exported. The disk failed.");
  assert.equal(saved.length, 1);
});

test("import that stops midway says that a part is missing", async () => {
  const { backing, store, data, asked, answer } = workspace();
  const mine = newCollection("Mine");
  await store.put("collections", mine);
  const text = await store.exportAll();
  await store.put("collections", { ...mine, name: "Ours" });
  answer.meanwhile = () => {
    backing.all = broken;
  };
  await data.read(text);
  assert.deepEqual(asked, [1]);
  assert.match(data.said.value, /^Not all of the file was imported\. The disk failed\. Import it again/);
  await data.read("<");
  assert.match(data.said.value, /^Nothing was imported\. The file is not JSON/);
});

test("import that is refused replaces nothing", async () => {
  const { store, data, answer } = workspace();
  const mine = newCollection("Mine");
  await store.put("collections", mine);
  const text = await store.exportAll();
  await store.put("collections", { ...mine, name: "Ours" });
  answer.agreed = false;
  await data.read(text);
  assert.equal(data.said.value, "Nothing was imported.");
  assert.deepEqual(
    (await store.all("collections")).map(({ name }) => name),
    ["Ours"],
  );
});

test("import of a file that cannot be read says so", async () => {
  const { data } = workspace();
  await data.read(broken());
  assert.equal(data.said.value, "Nothing was imported. The disk failed.");
});

test("secrets that could not be forgotten are still counted", async () => {
  const { seals, vault, data } = workspace();
  const ref = await vault.put("a", true);
  const { clear } = seals;
  seals.clear = broken;
  await data.forgetAll();
  assert.match(data.said.value, /could not be forgotten; .* Try again\. The disk failed/);
  assert.deepEqual([vault.remembered.value.size, vault.has(ref)], [1, false]);
  seals.clear = clear;
  await data.forgetAll();
  assert.match(data.said.value, /Every secret is forgotten/);
  assert.equal(vault.remembered.value.size, 0);
});
