/** Inventories of lists of which access rules hide rows or cells: what is hidden is unknown, never "none". */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import { compare, type Fact, type Inventory, readInventory } from "sysparm/environments";
import { stockInventory } from "./stock-inventory.ts";

type Rows = Record<string, string>[];
type Lists = Record<string, Rows | "refused" | ((query: string) => Rows)>;

const AGENT = { user_name: "agent", active: "true", identity_type: "machine" };
const RULE = { name: "incident", operation: "read", condition: "", advanced: "false", script: "" };
const HELD = { inherited: "false", "granted_by.name": "", "included_in_role.name": "" };

/** Lists in which everything is readable. */
const LISTS: Lists = {
  sys_properties: [{ name: "glide.buildname", value: "Zurich" }],
  oauth_entity: [
    { sys_id: "c1", name: "One", client_id: "one", user: "agent" },
    { sys_id: "c2", name: "Two", client_id: "two" },
  ],
  oauth_entity_profile: [{ oauth_entity: "c1", name: "default", grant_type: "", default: "true" }],
  oauth_entity_scope: [{ oauth_entity: "c1", name: "imports" }],
  sys_api_access_policy: [{ sys_id: "p1", name: "Tables", active: "true" }],
  sys_auth_profile_mapping: [{ api_access_policy: "p1", "inbound_auth_profile.type": "oauth" }],
  sys_user: [AGENT],
  sys_user_has_role: [{ ...HELD, "role.name": "itil" }],
  sys_security_acl: [
    { ...RULE, sys_id: "a1" },
    { ...RULE, sys_id: "a2", operation: "write" },
  ],
  sys_security_acl_role: [
    { sys_security_acl: "a1", "sys_user_role.name": "itil" },
    { sys_security_acl: "a2", "sys_user_role.name": "itil" },
  ],
};

/** The inventory of an instance with these lists; its other lists are empty. */
function inventoryOf(changes: Lists = {}, name = "dev", user: string | null = "agent"): Promise<Inventory> {
  const lists: Lists = { ...LISTS, ...changes };
  const list = async (table: string, query: string) => {
    const given = lists[table] ?? [];
    if (given === "refused") throw Object.assign(new Error("closed"), { kind: "authorization" });
    const rows = typeof given === "function" ? given(query) : given;
    return { rows, total: rows.length, hidden: 0, complete: true };
  };
  const instance = {
    url: "https://dev.example",
    table: (table: string) => ({ list: ({ query }: { query: string }) => list(table, query) }),
    schema: async () => ({ table: "incident", tables: {}, ancestry: [{}], unread: [], complete: true }),
  };
  return readInventory(instance as unknown as Instance, {
    name,
    user: user ?? undefined,
    clientId: "one",
    tables: ["incident"],
  });
}

function value<T>(fact: Fact<T>): T {
  assert.ok(fact.status === "read", JSON.stringify(fact));
  return fact.value;
}

function incompleteOf(fact: Fact<unknown>): string {
  return (fact.status === "read" && fact.incomplete) || "";
}

function becauseOf(fact: Fact<unknown>): string {
  return fact.status === "unreadable" ? fact.because : "";
}

test("inventory_of_readable_lists_is_whole", async () => {
  const inventory = await inventoryOf();
  for (const [part, fact] of Object.entries(inventory))
    if (typeof fact === "object" && "status" in fact) assert.equal(incompleteOf(fact as Fact<unknown>), "", part);
  assert.deepEqual(
    value(inventory.clients).map(({ scopes, profiles }) => [scopes, profiles?.length]),
    [
      [["imports"], 1],
      [[], 0],
    ],
  );
  assert.deepEqual(value(inventory.policies)[0]?.accepts, ["oauth"]);
  assert.deepEqual(value(inventory.roles), [{ name: "itil", ways: [{ by: "direct", from: "" }] }]);
  assert.deepEqual(
    value(inventory.accessRules).map(({ roles }) => roles),
    [["itil"], ["itil"]],
  );
});

test("rule_with_a_hidden_role_has_unknown_roles", async () => {
  const roles = async (...rows: Rows) =>
    value((await inventoryOf({ sys_security_acl_role: rows })).accessRules).map((rule) => rule.roles);
  const second = { sys_security_acl: "a2", "sys_user_role.name": "itil" };
  assert.deepEqual(await roles({ sys_security_acl: "a1" }, second), [undefined, ["itil"]]);
  assert.deepEqual(await roles({ sys_security_acl: "a1", "sys_user_role.name": "" }, second), [undefined, ["itil"]]);
  // Of which rule the first row is, nobody knows.
  assert.deepEqual(await roles({ "sys_user_role.name": "admin" }, second), [undefined, undefined]);
  assert.deepEqual(await roles(), [undefined, undefined]);
});

test("rule_with_a_hidden_name_leaves_rules_incomplete", async () => {
  const { name, ...nameless } = RULE;
  const { accessRules } = await inventoryOf({ sys_security_acl: [{ ...RULE, sys_id: "a1" }, nameless] });
  assert.equal(value(accessRules).length, 1);
  assert.match(incompleteOf(accessRules), /sys_security_acl/);
});

test("held_role_with_a_hidden_name_leaves_roles_incomplete", async () => {
  const hidden = await inventoryOf({ sys_user_has_role: [{ ...HELD, "role.name": "itil" }, HELD] });
  assert.deepEqual([value(hidden.roles).length, incompleteOf(hidden.roles) !== ""], [1, true]);
  const none = await inventoryOf({ sys_user_has_role: [HELD] });
  assert.match(becauseOf(none.roles) || incompleteOf(none.roles), /sys_user_has_role/);
  const contained = await inventoryOf({ sys_user_role_contains: [{ "role.name": "itil" }] });
  assert.match(incompleteOf(contained.roles), /sys_user_role_contains/);
});

test("client_with_hidden_children_has_unknown_ones", async () => {
  const clients = async (changes: Lists) =>
    value((await inventoryOf(changes)).clients).map(({ scopes, profiles }) => [scopes, profiles?.length]);
  assert.deepEqual(await clients({ oauth_entity_scope: [{ oauth_entity: "c1" }] }), [
    [undefined, 1],
    [[], 0],
  ]);
  assert.deepEqual(await clients({ oauth_entity_scope: [{ name: "imports" }] }), [
    [undefined, 1],
    [undefined, 0],
  ]);
  assert.deepEqual(await clients({ oauth_entity_profile: [{ grant_type: "password" }] }), [
    [["imports"], undefined],
    [[], undefined],
  ]);
  assert.deepEqual(await clients({ oauth_entity: [{ name: "One" }] }), [[undefined, undefined]]);
});

test("policy_with_a_hidden_mapping_accepts_unknown_ways", async () => {
  for (const mapping of [{ api_access_policy: "p1" }, { "inbound_auth_profile.type": "oauth" }])
    assert.equal(
      value((await inventoryOf({ sys_auth_profile_mapping: [mapping] })).policies)[0]?.accepts,
      undefined,
      JSON.stringify(mapping),
    );
});

test("empty_lists_of_rules_and_roles_are_unreadable", async () => {
  const { accessRules, roles } = await inventoryOf({ sys_security_acl: [], sys_user_has_role: [] });
  assert.match(becauseOf(accessRules), /^sys_security_acl shows none to this user; it takes the role admin$/);
  assert.match(becauseOf(roles), /^sys_user_has_role shows none to this user; it takes the role user_admin or admin$/);
  // The reader sees the roles of others, so the account has none.
  const others = (query: string): Rows =>
    query.startsWith("user.user_name!=agent") ? [{ "user.user_name": "b" }] : [];
  assert.deepEqual(value((await inventoryOf({ sys_user_has_role: others })).roles), []);
  // An instance that drops the condition shows the account's own.
  const own = (query: string): Rows => (query.includes("!=") ? [{ "user.user_name": "agent" }] : []);
  assert.equal((await inventoryOf({ sys_user_has_role: own })).roles.status, "unreadable");
});

test("accounts_say_why_machines_are_missing", async () => {
  const machines = (answer: () => Rows) => (query: string) => (query === "identity_type=machine" ? answer() : [AGENT]);
  const refuse = (): Rows => {
    throw Object.assign(new Error("closed"), { kind: "authorization" });
  };
  assert.match(incompleteOf((await inventoryOf({ sys_user: machines(refuse) })).accounts), /sys_user may not be read/);
  const thousand = () => Array.from({ length: 1000 }, (_, at) => ({ ...AGENT, user_name: `m${at}` }));
  assert.match(incompleteOf((await inventoryOf({ sys_user: machines(thousand) })).accounts), /1000 records or more/);
  const typeless = () => [{ user_name: "person" }];
  assert.match(incompleteOf((await inventoryOf({ sys_user: machines(typeless) })).accounts), /identity_type/);
  // Before Zurich there is no such field.
  const sys_properties = [{ name: "glide.buildname", value: "Yokohama" }];
  assert.equal(incompleteOf((await inventoryOf({ sys_user: machines(refuse), sys_properties })).accounts), "");
});

test("names_that_a_query_cannot_hold_are_left_out", async () => {
  const queries: string[] = [];
  const oauth_entity = ["a^ORactive=true", "b,c", "javascript:gs.log(1)", "d"].map((user, at) => {
    return { sys_id: `c${at}`, client_id: `client-${at}`, "user.user_name": user };
  });
  const sys_user = (query: string) => {
    queries.push(query);
    return [AGENT];
  };
  const { accounts } = await inventoryOf({ oauth_entity, sys_user });
  assert.ok(queries.some((query) => query.endsWith("^ORuser_nameINd")));
  assert.match(incompleteOf(accounts), /3 user names/);
  const asked: string[] = [];
  const sys_user_role_contains = (query: string) => {
    asked.push(query);
    return [];
  };
  const held = ["itil", "x^ORrole.name=admin"].map((role) => ({ ...HELD, "role.name": role }));
  const { roles } = await inventoryOf({ sys_user_has_role: held, sys_user_role_contains });
  assert.deepEqual(asked, ["role.nameINitil"]);
  assert.match(incompleteOf(roles), /1 name/);
  const own = { sys_id: "c1", client_id: "one", "user.user_name": "a^b" };
  const instance = await inventoryOf({ oauth_entity: [own] });
  assert.equal(instance.account.status, "read", "the user that is given counts");
  const { account, roles: unread } = await inventoryOf({ oauth_entity: [own] }, "dev", null);
  assert.match(becauseOf(account), /a\^b was not asked for/);
  assert.match(becauseOf(unread), /a\^b was not asked for/);
});

test("rules_under_different_conditions_differ", async () => {
  const scripted = (script: string): Lists => ({
    sys_security_acl: [{ ...RULE, sys_id: "a1", advanced: "true", script }],
  });
  const differences = async (one: Lists, other: Lists) => {
    const { differences: found, unknown } = compare([await inventoryOf(one), await inventoryOf(other, "prod")]);
    const ofRules = unknown.filter(({ part }) => part === "accessRules");
    return [found.map(({ what }) => what), ofRules.map(({ what, environment }) => `${what} ${environment}`)];
  };
  const what = "access rule: read incident";
  assert.deepEqual(await differences(scripted("answer = a;\r\n"), scripted("answer = a;\n")), [[], []]);
  assert.deepEqual(await differences(scripted("answer = a;"), scripted("answer = b;")), [[what], []]);
  const { script, ...scriptless } = { ...RULE, sys_id: "a1", advanced: "true" };
  const hidden: Lists = { sys_security_acl: [scriptless] };
  const unknown = "conditions of access rules prod";
  assert.deepEqual(await differences(scripted("answer = a;"), hidden), [[], [unknown]]);
  const plain: Lists = { sys_security_acl: [{ ...RULE, sys_id: "a1" }] };
  assert.deepEqual(await differences(plain, hidden), [[], [unknown]]);
  assert.deepEqual(await differences(plain, scripted("answer = a;")), [[what], []]);
});

test("rule_with_a_security_attribute_is_conditional", async () => {
  const ruleOf = async (changes: Record<string, string>) => {
    const { accessRules } = await inventoryOf({ sys_security_acl: [{ ...RULE, sys_id: "a1", ...changes }] });
    return value(accessRules)[0];
  };
  const condition = "active=true";
  const [first, second] = [await ruleOf({ security_attribute: "a" }), await ruleOf({ security_attribute: "b" })];
  assert.deepEqual([first?.conditional, second?.conditional], [true, true]);
  assert.ok(first?.digest && second?.digest && first.digest !== second.digest);
  assert.notEqual(
    (await ruleOf({ condition, security_attribute: "a" }))?.digest,
    (await ruleOf({ condition }))?.digest,
  );
  // A release without the field has no attributes: a digest is the same as where none is set.
  assert.equal((await ruleOf({ condition, security_attribute: "" }))?.digest, (await ruleOf({ condition }))?.digest);
  assert.equal((await ruleOf({}))?.conditional, false);
  const { condition: _, ...hidden } = RULE;
  const { accessRules } = await inventoryOf({
    sys_security_acl: [{ ...hidden, sys_id: "a1", security_attribute: "a" }],
  });
  const [unseen] = value(accessRules);
  assert.deepEqual([unseen?.conditional, unseen?.digest], [true, undefined]);
});

test("comparison_of_roles_read_in_part_has_no_ways", () => {
  const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
  const whats = () => compare([prod, dev]).differences.map(({ what }) => what);
  for (const role of value(dev.roles)) role.ways = [{ by: "direct", from: "" }];
  assert.ok(whats().includes("role itil: how it is granted"));
  Object.assign(dev.roles, { incomplete: "origins are hidden" });
  assert.deepEqual(whats(), []);
});
