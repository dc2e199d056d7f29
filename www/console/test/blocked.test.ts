import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnosis } from "sysparm";
import { newEnvironment } from "../src/environments/environments";
import { blockedBy, corsRule, tokenProperty, workersLike } from "../src/tester/blocked";
import { type EnvironmentKind, newPair, newRequest, newSecretRef } from "../src/workspace/model";

const failure = (code: string, ...causes: string[]) => ({
  message: "",
  repeat: "",
  diagnosis: { code, causes: causes.map((cause) => ({ code: cause })) } as unknown as Diagnosis,
});

test("withheld reply is recognised by code and first cause", () => {
  assert.deepEqual(blockedBy(failure("cors.refused", "cors.api")), { certain: true, what: "api" });
  assert.deepEqual(blockedBy(failure("cors.refused", "cors.token-endpoint")), { certain: true, what: "token" });
  assert.deepEqual(blockedBy(failure("network.unreachable", "cors.api", "network.down")), {
    certain: false,
    what: "api",
  });
});

test("other failures are not blamed on the browser", () => {
  assert.equal(blockedBy(failure("network.unreachable", "network.down", "cors.api")), null);
  assert.equal(blockedBy(failure("acl.refused")), null);
  assert.equal(blockedBy({ message: "", repeat: "" }), null);
});

test("rule names the API, the page, the method and the headers", () => {
  const request = newRequest({
    method: "PATCH",
    address: "/api/now/v2/table/incident/1?sysparm_fields=number",
    headers: [newPair("X-Correlation", "1"), newPair("X-Off", "1", false), newPair("accept", "text/csv")],
  });
  assert.deepEqual(corsRule(request, "https://console.example").slice(0, 4), [
    ["REST API", "Table API"],
    ["Domain", "https://console.example"],
    ["HTTP methods", "PATCH"],
    ["Access-Control-Allow-Headers", "Authorization, Content-Type, accept, X-Correlation"],
  ]);
});

test("rule for a scripted API names its path", () => {
  const [first] = corsRule(newRequest({ address: "https://dev.test/api/x_acme/orders/list" }), "https://c.test");
  assert.deepEqual(first, ["REST API", "the one of /api/x_acme/orders/list"]);
});

test("token endpoint needs a property and no rule", () => {
  const rows = tokenProperty("https://console.example");
  assert.deepEqual(
    [rows[0], rows[2]],
    [
      ["Name", "glide.oauth.cors.allowed.origin"],
      ["Value", "https://console.example"],
    ],
  );
});

test("only workers of the same kind are offered in place of a call", () => {
  const bearer = { kind: "bearer", token: newSecretRef() } as const;
  const environment = (name: string, kind: EnvironmentKind, way: "direct" | "worker") =>
    newEnvironment({
      name,
      kind,
      route:
        way === "worker"
          ? { way, workerUrl: `https://${name}.example`, tenant: "", key: newSecretRef() }
          : { way, instanceUrl: `https://${name}.example`, auth: bearer },
    });
  const all = [
    environment("dev", "dev", "direct"),
    environment("devworker", "dev", "worker"),
    environment("prodworker", "prod", "worker"),
    environment("prod", "prod", "direct"),
    environment("practice", "practice", "direct"),
  ];
  const offered = (name: string) => {
    const blocked = all.find((one) => one.name === name);
    assert.ok(blocked);
    return workersLike(blocked, all).map((one) => one.name);
  };
  assert.deepEqual(offered("dev"), ["devworker"]);
  assert.deepEqual(offered("prod"), ["prodworker"]);
  assert.deepEqual(offered("practice"), []);
});
