import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import { newEnvironment } from "../src/environments/environments";
import { callsOfHistory, clientIdOf, methodOf, userOf } from "../src/runbook/facts";
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
    [{ kind: "oauth", clientId: "c", grant: "password", username: "bot", password }, "password", "c", "bot"],
  ];
  for (const [auth, method, clientId, user] of cases) {
    const environment = direct(auth);
    assert.deepEqual([methodOf(environment), clientIdOf(environment), userOf(environment)], [method, clientId, user]);
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
