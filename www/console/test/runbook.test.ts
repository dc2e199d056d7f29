import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import type { InventoryOptions, RunbookGiven } from "sysparm/environments";
import { newEnvironment } from "../src/environments/environments";
import { integrationOf } from "../src/environments/integration";
import { callsOfHistory, userOf } from "../src/runbook/facts";
import { createWriting } from "../src/runbook/writing";
import { type Environment, type EnvironmentAuth, newRequest, newSecretRef } from "../src/workspace/model";

function direct(auth: EnvironmentAuth): Environment {
  return newEnvironment({
    name: "Prod",
    kind: "prod",
    route: { way: "direct", instanceUrl: "https://prod.service-now.com", auth },
  });
}

test("the way to sign in of an environment is that of its runbook", () => {
  const password = newSecretRef();
  const cases: [auth: EnvironmentAuth, method: string, clientId: string | undefined, user: string | undefined][] = [
    [{ kind: "basic", username: "bot", password }, "basic", undefined, "bot"],
    [{ kind: "bearer", token: password }, "token", undefined, undefined],
    [{ kind: "api-key", key: password, in: "header" }, "api_key", undefined, undefined],
    [{ kind: "oauth", clientId: "c", grant: "client_credentials" }, "client_credentials", "c", undefined],
    [{ kind: "oauth", clientId: "", grant: "client_credentials" }, "client_credentials", undefined, undefined],
    [{ kind: "oauth", clientId: "c", grant: "password", username: "bot", password }, "password", "c", "bot"],
  ];
  for (const [auth, method, clientId, user] of cases) {
    const environment = direct(auth);
    const own = integrationOf(environment);
    assert.deepEqual([own.method, own.clientId, userOf(environment)], [method, clientId, user]);
  }
});

test("requests of one environment are its recorded calls", () => {
  const parameters = [
    { id: "1", name: "sysparm_fields", value: "number", on: true, note: "" },
    { id: "2", name: "sysparm_limit", value: "5", on: false, note: "" },
  ];
  const request = newRequest({ method: "GET", address: "/api/now/table/incident?a=b", parameters });
  const entry = { id: "e", at: 5, environmentId: "one", environmentName: "One", line: "", request, status: 200 };
  const history = [entry, { ...entry, environmentId: "two" }].map((one) => ({
    ...one,
    totalMs: 1,
    bytes: 1,
    code: "",
  }));
  assert.deepEqual(callsOfHistory(history, "one"), [
    { method: "GET", path: "/api/now/table/incident", search: "a=b&sysparm_fields=number", status: 200, at: 5 },
  ]);
});

/** A writing of an environment, what the inventory was asked for, and what the runbook was given. */
function writingOf(auth: EnvironmentAuth, used: Record<string, string[]> = {}) {
  const asked: InventoryOptions[] = [];
  const given: RunbookGiven[] = [];
  const library = {
    readInventory: async (_: Instance, options: InventoryOptions) => void asked.push(options),
    runbook: async (_: unknown, own: RunbookGiven) => {
      given.push(own);
      return { title: "Book", sections: [], markdown: "", html: "" };
    },
    traffic: () => ({}),
    tablesOf: () => used,
    audit: () => ({}),
  };
  const environment = direct(auth);
  const entry = { id: "e", at: 1, environmentId: environment.id, environmentName: "", line: "", status: 200 };
  const history = [{ ...entry, request: newRequest({}), totalMs: 1, bytes: 1, code: "" }];
  const store = { all: async () => history } as never;
  return { asked, given, writing: createWriting(environment, {} as Instance, store, async () => library as never) };
}

test("runbook of another account leaves the sign-in open", async () => {
  const { asked, given, writing } = writingOf({ kind: "basic", username: "bot", password: newSecretRef() });
  for (const user of ["bot", "", " other "]) {
    writing.asked.user.value = user;
    await writing.write();
  }
  assert.deepEqual(
    asked.map(({ user, method }) => [user, method]),
    [
      ["bot", "basic"],
      [undefined, "basic"],
      ["other", undefined],
    ],
  );
  const client = writingOf({ kind: "oauth", clientId: "c", grant: "client_credentials" });
  await client.writing.write();
  client.writing.asked.user.value = "other";
  await client.writing.write();
  assert.deepEqual(
    client.asked.map(({ clientId, method }) => [clientId, method]),
    [
      ["c", "client_credentials"],
      [undefined, undefined],
    ],
  );
  assert.deepEqual(
    [...given, ...client.given].map(({ clientId }) => clientId),
    [undefined, undefined, undefined, "c", undefined],
  );
});

test("tables of a runbook are those named and those used", async () => {
  const used = { incident: ["state"], task: ["number"], sys_user: [] };
  const { asked, writing } = writingOf({ kind: "bearer", token: newSecretRef() }, used);
  writing.asked.tables.value = "incident.number task, sys_user.name cmdb_ci";
  await writing.write();
  const tables = { incident: ["number", "state"], sys_user: [], task: [], cmdb_ci: [] };
  assert.deepEqual(asked[0]?.tables, tables);
  writing.asked.tables.value = "incident; task";
  await writing.write();
  const problem = "incident; is no table or field. Write incident or incident.state.";
  assert.deepEqual(writing.phase.value, { name: "asked", problem });
  assert.equal(asked.length, 1);
});

test("a runbook that cannot be written says why and can be asked again", async () => {
  const environment = direct({ kind: "oauth", clientId: "c", grant: "client_credentials" });
  const refused = { url: "https://prod.service-now.com", table: () => null, schema: () => null } as unknown as Instance;
  const writing = createWriting(environment, refused, { all: async () => [] });
  await writing.write();
  const phase = writing.phase.value;
  assert.ok(phase.name === "asked" && phase.problem !== "");
  writing.again();
  assert.deepEqual(writing.phase.value, { name: "asked", problem: "" });
});
