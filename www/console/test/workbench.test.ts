/** The tester's state without a browser: what is in front, and open requests and their collections. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { saveInPlace } from "../src/collections/save-in-place";
import { find, rename } from "../src/collections/tree";
import { isChanged } from "../src/tester/tester";
import { createWorkbench } from "../src/tester/workbench";
import { newCollection, newRequest, type SavedRequest } from "../src/workspace/model";
import { hostDouble } from "./host-double";

function opened() {
  const workbench = createWorkbench(hostDouble(), null);
  const request = newRequest({ name: "List", address: "/a" });
  const collection = newCollection("c", [request]);
  workbench.library.set([collection]);
  workbench.open(request, true);
  const inTree = () => find(workbench.library.collections.value, request.id)?.node;
  return { workbench, request, collection, inTree };
}

test("opened request is in front of a run and of settings", () => {
  const { workbench, request, collection } = opened();
  workbench.drawer.value = true;
  workbench.showRun(collection);
  assert.equal(workbench.front.value, "run");
  workbench.open(request, true);
  assert.deepEqual([workbench.front.value, workbench.drawer.value], ["request", false]);
  workbench.showSettings(collection.id);
  assert.equal(workbench.front.value, "settings");
  workbench.open(newRequest());
  assert.equal(workbench.front.value, "request");
  assert.equal(workbench.runs.subject.value, collection, "the run stays, to go back to");
});

test("rename in the tree outlives a save of the open request", () => {
  const { workbench, request, inTree } = opened();
  const { tester, library } = workbench;
  tester.edit(request.id, { address: "/b" });
  library.set(rename(library.collections.value, request.id, "List all"));
  const tab = tester.active();
  assert.ok(tab);
  assert.equal(saveInPlace(workbench, tab), true);
  const node = inTree();
  assert.ok(node?.kind === "request");
  assert.deepEqual([node.name, node.address], ["List all", "/b"]);
});

test("open request that was not edited follows its collection", () => {
  const { workbench, request } = opened();
  const { tester, library } = workbench;
  library.set(rename(library.collections.value, request.id, "List all"));
  assert.equal(tester.active()?.request.name, "List all");
});

test("order of members is no change of a request", () => {
  const { workbench, request } = opened();
  const tab = workbench.tester.active();
  assert.ok(tab);
  const turned = Object.fromEntries(Object.entries(request).reverse()) as unknown as SavedRequest;
  assert.equal(isChanged({ ...tab, request: turned }), false);
  assert.equal(isChanged({ ...tab, request: { ...turned, address: "/b" } }), true);
});

test("closed run or settings uncover the open request", () => {
  const { workbench, collection } = opened();
  workbench.showRun(collection);
  workbench.closeRun();
  assert.deepEqual([workbench.front.value, workbench.runs.subject.value], ["request", null]);
  workbench.showSettings(collection.id);
  workbench.closeSettings();
  assert.deepEqual([workbench.front.value, workbench.settingsOf.value], ["request", ""]);
});

test("settings of a removed collection are closed", () => {
  const { workbench, collection } = opened();
  workbench.showSettings(collection.id);
  workbench.library.set([]);
  assert.equal(workbench.front.value, "request");
});
