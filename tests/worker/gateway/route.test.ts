import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { tenantNames } from "../../../www/console/src/connection/tenant.ts";
import { isTenantName, RESERVED_NAMES, routeOf } from "../../../www/worker/src/gateway/route.ts";
import { TENANT_ID } from "../../../www/worker/src/tenants/record.ts";

const at = (target: string) => routeOf(`https://worker.example${target}`);
const plain = (target: string) => ({ kind: "instance", tenant: undefined, target });

test("front page and /health are open, with any query", () => {
  for (const target of ["/", "/health", "/?", "/?a=/acme/api/", "/health?x"])
    assert.deepEqual(at(target), { kind: "about", target });
  for (const target of ["", "?", "/#", "/health/", "/health#a", "/Health", "//", "/healthy"])
    assert.equal(at(target).kind, "instance", target);
});

test("administration has its own path", () => {
  for (const target of ["/admin", "/admin/", "/admin?x", "/admin/tenants/acme", "/admin/api/now/table/incident"])
    assert.deepEqual(at(target), { kind: "admin", target });
  for (const target of ["/Admin", "/administrator", "/%61dmin/tenants", "//admin", "/./admin"])
    assert.notEqual(at(target).kind, "admin", target);
});

test("path under /api belongs to the plain bindings", () => {
  for (const target of ["/api", "/api/", "/api/now/table/incident?a=b", "/api/../acme/api/now", "/api?x"])
    assert.deepEqual(at(target), plain(target));
});

test("first segment names the tenant, the rest passes unchanged", () => {
  for (const [tenant, target] of [
    ["acme", "/api/now/table/incident?sysparm_query=a=b^c"],
    ["a", "/"],
    ["0", "/api/now/..%2f"],
    ["acme-emea-2", "//evil.example/api/now/"],
    ["acme", "/../other/api/now/table/incident"],
    ["acme", "/api\\now"],
    ["x".repeat(63), "/api/now/table/incident#a"],
  ] as const)
    assert.deepEqual(at(`/${tenant}${target}`), { kind: "instance", tenant, target });
});

test("what looks like a host or an escape is no tenant", () => {
  for (const target of [
    "/evil.example/api/now/table/incident",
    "/evil.example:443/api/now/table/incident",
    "/user@acme/api/now/table/incident",
    "//acme/api/now/table/incident",
    "/./acme/api/now/table/incident",
    "/../acme/api/now/table/incident",
    "/Acme/api/now/table/incident",
    "/-acme/api/now/table/incident",
    "/ac_me/api/now/table/incident",
    "/%61cme/api/now/table/incident",
    "/acme%2fapi/now/table/incident",
    "/acme;a=b/api/now/table/incident",
    "/acm\u00e9/api/now/table/incident",
    "/acme\\api/now/table/incident",
    `/${"x".repeat(64)}/api/now/table/incident`,
    "/acme",
    "/acme?/api/now/table/incident",
    "/acme#/api/now/table/incident",
  ])
    assert.deepEqual(at(target), plain(target));
});

test("only scheme and host are taken from a URL", () => {
  for (const origin of [
    "http://127.0.0.1:8788",
    "HTTPS://WORKER.example",
    "https://user:pass@host",
    "https://[::1]:80",
  ])
    assert.deepEqual(routeOf(`${origin}/acme/api/now/x?u=https://other/api/`), {
      kind: "instance",
      tenant: "acme",
      target: "/api/now/x?u=https://other/api/",
    });
  assert.deepEqual(routeOf("https://host?x=/acme/api"), plain("?x=/acme/api"));
});

test("gateway, registry and console agree on names of tenants", () => {
  const letters = fc.constantFrom(..."az09-A_./%é ");
  const name = fc.oneof(
    fc.string({ unit: letters, maxLength: 5 }),
    fc.constantFrom(...RESERVED_NAMES, "x".repeat(63), "x".repeat(64), "api\n", "apis"),
  );
  const agree = (text: string) => {
    assert.equal(TENANT_ID.test(text), isTenantName(text), text);
    assert.equal(tenantNames(text).length === 1, isTenantName(text), text);
  };
  fc.assert(fc.property(name, agree), { numRuns: 500, seed: 19 });
});

test("worker's own paths are no names of tenants", () => {
  for (const name of RESERVED_NAMES) assert.equal(isTenantName(name), false, name);
  for (const name of ["apis", "admin2", "a-p-i", "api-", "0"]) assert.equal(isTenantName(name), true, name);
});
