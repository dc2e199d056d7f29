import assert from "node:assert/strict";
import { test } from "node:test";
import { newEnvironment } from "../src/environments/environments";
import type { Workspace } from "../src/environments/workspace";
import { importText } from "../src/interchange/import/index";
import { createImportState } from "../src/interchange/import-state";
import { createInterchangeStore } from "../src/interchange/interchange-store";
import { type Collection, newId, newRequest, newSecretRef } from "../src/workspace/model";
import { workspaceDouble } from "./workspace-double";

async function started() {
  const { vault, environments, connections } = workspaceDouble();
  const kept: Collection[] = [];
  const fails = { add: false };
  const interchangeStore = createInterchangeStore({ environments, vault, connections } as unknown as Workspace, {
    all: async () => kept,
    history: async () => [],
    add: async (added) => {
      if (fails.add) throw new Error("A part could not be loaded.");
      kept.push(...added);
    },
  });
  const route = { way: "worker", workerUrl: "https://w.example", tenant: "", key: newSecretRef() } as const;
  const secret = await vault.put("mine");
  await environments.save(
    newEnvironment({
      name: "PROD",
      kind: "dev",
      route,
      variables: [
        { id: "1", name: "x_api_key", on: true, secret },
        { id: "2", name: "table", on: true, value: "incident" },
      ],
    }),
  );
  const variables = () =>
    environments.current.value?.variables.map(({ name, value, secret: ref }) => [
      name,
      value ?? (ref && vault.get(ref)?.reveal()),
    ]);
  return { interchangeStore, kept, variables, vault, environments, fails };
}

test("imported secret gets a free name in the environment", async () => {
  const { interchangeStore, kept, variables } = await started();
  const state = createImportState(interchangeStore);
  state.text.value = "curl https://x.example/{{table}} -H 'X-Api-Key: theirs'";
  await state.readText();
  await state.keep();
  assert.deepEqual(variables(), [
    ["x_api_key", "mine"],
    ["table", "incident"],
    ["x_api_key_2", "theirs"],
  ]);
  const [request] = kept[0]?.items ?? [];
  assert.ok(request?.kind === "request");
  assert.equal(request.headers[0]?.value, "{{x_api_key_2}}");
  assert.equal(request.address, "https://x.example/{{table}}");
  assert.ok(state.state.value.phase === "kept");
  assert.match(state.state.value.says, /1 variable was added to PROD.*x_api_key is x_api_key_2/);
});

test("imported variable equal to one present is kept once", async () => {
  const { interchangeStore, kept, variables, vault, environments } = await started();
  const before = variables();
  const ids = () => environments.current.value?.variables.map(({ id }) => id);
  await interchangeStore.keep(await importText("curl https://x.example/a -H 'X-Api-Key: mine'"), false);
  const imported = await importText("curl https://x.example/a");
  const twin = { id: newId(), name: "table", on: true, value: "incident" };
  await interchangeStore.keep({ ...imported, variables: [twin] }, false);
  assert.deepEqual([variables(), ids()], [before, ["1", "2"]]);
  const [request] = kept[0]?.items ?? [];
  assert.ok(request?.kind === "request");
  assert.equal(request.headers[0]?.value, "{{x_api_key}}");
  const [own] = environments.current.value?.variables ?? [];
  assert.ok(own?.secret !== undefined && vault.has(own.secret));
});

test("renaming of an imported variable reaches every reference", async () => {
  const { interchangeStore, kept } = await started();
  const own = { id: newId(), name: "table", on: true, value: "mine" };
  const request = newRequest({
    address: "/{{ table }}",
    parameters: [{ id: "p", name: "{{table}}", value: "{{tables}}", on: true }],
    body: { kind: "json", text: '{"a":"{{table}}"}' },
    auth: { kind: "basic", username: "{{table}}", password: newSecretRef() },
    extractions: [{ id: "e", on: true, variable: "table", from: "status" }],
  });
  const imported = await importText("curl https://x.example/a");
  const [collection] = imported.collections;
  assert.ok(collection);
  const folder = { kind: "folder", id: "f", name: "F", description: "", auth: { kind: "inherit" } } as const;
  await interchangeStore.keep(
    {
      ...imported,
      collections: [
        {
          ...collection,
          variables: [{ id: newId(), name: "table_2", on: true, value: "{{table}}" }],
          items: [request, { ...folder, variables: [own], items: [request] }],
        },
      ],
      variables: [{ id: newId(), name: "table", on: true, value: "problem" }],
    },
    false,
  );
  const [first, second] = kept[0]?.items ?? [];
  assert.ok(first?.kind === "request" && second?.kind === "folder");
  assert.deepEqual(first, {
    ...request,
    address: "/{{table_3}}",
    parameters: [{ id: "p", name: "{{table_3}}", value: "{{tables}}", on: true }],
    body: { kind: "json", text: '{"a":"{{table_3}}"}' },
    auth: { ...request.auth, username: "{{table_3}}" },
    extractions: [{ id: "e", on: true, variable: "table_3", from: "status" }],
  });
  assert.deepEqual(second.items, [request]);
  assert.equal(kept[0]?.variables[0]?.value, "{{table_3}}");
});

test("import that was not kept leaves no secret and no variable", async () => {
  const { interchangeStore, kept, variables, vault, fails } = await started();
  const before = variables();
  const state = createImportState(interchangeStore);
  state.text.value = "curl https://x.example/a -H 'X-Api-Key: theirs'";
  await state.readText();
  assert.ok(state.state.value.phase === "report");
  const refs = [...state.state.value.imported.secrets.keys()];
  fails.add = true;
  await state.keep();
  assert.ok(state.state.value.phase === "report");
  assert.equal(state.state.value.problem, "A part could not be loaded.");
  assert.deepEqual([refs.map(vault.has), kept, variables()], [[false], [], before]);
  fails.add = false;
  await state.keep();
  assert.deepEqual([refs.map(vault.has), kept.length], [[true], 1]);
});
