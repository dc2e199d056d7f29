/** Comparisons of inventories with hidden values: they are unknown, neither absent nor equal. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fact } from "sysparm/environments";
import { compare } from "sysparm/environments";
import { first, ruleOf, stockInventory, value } from "./stock-inventory.ts";

test("comparison_takes_nothing_hidden_as_absent", () => {
  const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
  for (const fact of [dev.clients, dev.corsRules, dev.rateRules, dev.roles, dev.policies, dev.accessRules]) {
    value<unknown[]>(fact as Fact<unknown[]>).length = 0;
    Object.assign(fact, { incomplete: "records are hidden" });
  }
  delete value(dev.account).lockedOut;
  delete value(dev.properties)["glide.rest.cors.enabled"];
  delete first(dev.apiKeys).user;
  const { differences, unknown } = compare([prod, dev]);
  assert.deepEqual(differences, []);
  const whats = unknown.map(({ what }) => what).sort();
  assert.deepEqual(whats, [
    ...["API key Monitor: user", "CORS rules", "access policies", "access rules", "account: locked out", "clients"],
    ...["property glide.rest.cors.enabled", "rate limit rules", "roles"],
  ]);
});

test("comparison_takes_no_hidden_kind_of_access_rule_as_equal", () => {
  for (const change of [{ decision: "deny" }, { adminOverrides: false }] as const) {
    const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
    for (const rule of value(prod.accessRules)) {
      delete rule.decision;
      delete rule.adminOverrides;
    }
    assert.deepEqual(compare([prod, dev]).unknown, [], "where all grant, the kind does not matter");
    Object.assign(ruleOf(dev.accessRules, "read task"), change);
    const { differences, unknown } = compare([prod, dev]);
    assert.deepEqual(differences, []);
    const whats = unknown.map(({ what, environment }) => [what, environment]);
    assert.deepEqual(whats, [["kinds of access rules", "prod"]]);
  }
});

test("comparison_takes_no_hidden_plugin_or_build_as_equal", () => {
  const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
  delete value(dev.plugins)["com.glide.rest.policy"];
  delete value(dev.release).build;
  const { differences, unknown } = compare([prod, dev]);
  assert.deepEqual(differences, []);
  assert.deepEqual(
    unknown.map(({ what, environment }) => [what, environment]),
    [
      ["plugin com.glide.rest.policy", "dev"],
      ["patch", "dev"],
    ],
  );
});
