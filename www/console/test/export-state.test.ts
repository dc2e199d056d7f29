import assert from "node:assert/strict";
import { test } from "node:test";
import { createExportState } from "../src/interchange/export-state";
import type { InterchangeStore } from "../src/interchange/interchange-store";
import { type Folder, newCollection, newId, newRequest, newSecretRef } from "../src/workspace/model";

const facts = () => ({
  instanceUrl: "https://dev1.service-now.com",
  auth: { kind: "oauth", grant: "client_credentials", clientId: "c" } as const,
});

test("code signs in and reads variables as the folder says", async () => {
  const request = newRequest({ address: "/api/now/table/{{table}}" });
  const folder: Folder = {
    kind: "folder",
    id: newId(),
    name: "Problems",
    description: "",
    auth: { kind: "basic", username: "abel", password: newSecretRef() },
    variables: [{ id: newId(), name: "table", on: true, value: "problem" }],
    items: [request],
  };
  const collection = {
    ...newCollection("All", [folder]),
    variables: [{ id: newId(), name: "table", on: true, value: "incident" }],
  };
  const interchangeStore = { all: async () => [collection], facts, environment: { value: undefined } };
  const state = createExportState(interchangeStore as unknown as InterchangeStore);
  await state.load();
  await state.write();
  const { text = "", needs = [] } = state.code.value ?? {};
  assert.match(text, /https:\/\/dev1\.service-now\.com\/api\/now\/table\/problem/);
  assert.match(text, /abel/);
  assert.deepEqual(needs, ["SERVICENOW_PASSWORD"]);
});

test("history that cannot be saved says why", async () => {
  const interchangeStore = { history: () => Promise.reject(new Error("The store is closed.")), facts };
  const state = createExportState(interchangeStore as unknown as InterchangeStore);
  await state.saveHistory();
  assert.equal(state.problem.value, "The history could not be saved: The store is closed.");
  assert.equal(state.done.value, null);
});

test("export that cannot be written says why", async () => {
  const broken = () => {
    throw new Error("No facts.");
  };
  const interchangeStore = { all: async () => [newCollection("All")], facts: broken };
  const state = createExportState(interchangeStore as unknown as InterchangeStore);
  await state.load();
  await state.save();
  assert.equal(state.problem.value, "The files could not be written: No facts.");
});
