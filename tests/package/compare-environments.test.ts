/** Comparisons of inventories: each planted difference is found alone and among all others, and what is equal or unknown is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Fact, Inventory, Rank } from "sysparm/environments";
import { compare, comparisonMarkdown, comparisonText } from "sysparm/environments";
import { first, ruleOf, stockInventory, value } from "./stock-inventory.ts";

type Plant = [rank: Rank, what: string, change: (inventory: Inventory) => void];

const field = (inventory: Inventory, name: string) => {
  const found = value(inventory.tables.incident).fields[name];
  assert.ok(found);
  return found;
};

const PROPERTY = "glide.oauth.inbound.client.credential.grant_type.enabled";

/** No two of them hide each other. */
const PLANTS: Plant[] = [
  [
    "sign-in",
    "way of signing in",
    (one) => {
      one.method = { status: "read", value: "basic" };
    },
  ],
  [
    "sign-in",
    "client Portal prod: OAuth Application User",
    ({ clients }) => {
      first(clients).user = "";
    },
  ],
  [
    "sign-in",
    "client Portal prod: grant",
    ({ clients }) => {
      first(clients).inboundGrantType = "password";
    },
  ],
  ["sign-in", "client Portal prod: profiles", ({ clients }) => void first(clients).profiles?.pop()],
  [
    "requests",
    "client Portal prod: auth scopes",
    ({ clients }) => {
      first(clients).scopes = [];
    },
  ],
  [
    "limits",
    "client Portal prod: access token lifespan",
    ({ clients }) => {
      first(clients).accessTokenLifespan = 60;
    },
  ],
  [
    "cosmetic",
    "API key Monitor",
    ({ apiKeys }) => {
      first(apiKeys).expires = "2026-10-01 00:00:00";
    },
  ],
  [
    "sign-in",
    "account: locked out",
    ({ account }) => {
      value(account).lockedOut = true;
    },
  ],
  [
    "sign-in",
    "account: web service access only",
    ({ account }) => {
      value(account).webServiceAccessOnly = false;
    },
  ],
  [
    "data",
    "account: time zone",
    ({ account }) => {
      value(account).timeZone = "US/Pacific";
    },
  ],
  [
    "sign-in",
    "access policy Tables: accepted ways of signing in",
    ({ policies }) => void first(policies).accepts?.pop(),
  ],
  [
    "sign-in",
    "access policy Imports",
    ({ policies }) => void value(policies).push({ ...first(policies), name: "Imports", restApi: "Import Set API" }),
  ],
  // What it contains goes with it and is no difference of its own.
  ["requests", "role itil", ({ roles }) => void value(roles).splice(0, 2)],
  [
    "cosmetic",
    "role cmdb_read: how it is granted",
    ({ roles }) => void value(roles).splice(-1, 1, { name: "cmdb_read", ways: [{ by: "group", from: "Readers" }] }),
  ],
  [
    "sign-in",
    "role snc_read_only",
    ({ roles }) =>
      void value(roles).unshift(
        { name: "snc_read_only", ways: [] },
        { name: "snc_read_only", ways: [{ by: "direct", from: "" }] },
      ),
  ],
  [
    "sign-in",
    `property ${PROPERTY}`,
    ({ properties }) => {
      value(properties)[PROPERTY] = null;
    },
  ],
  [
    "data",
    "property glide.invalid_query.returns_no_rows",
    ({ properties }) => {
      value(properties)["glide.invalid_query.returns_no_rows"] = "true";
    },
  ],
  [
    "sign-in",
    "plugin com.snc.platform.security.oauth",
    ({ plugins }) => {
      value(plugins)["com.snc.platform.security.oauth"] = { active: false };
    },
  ],
  [
    "requests",
    "release",
    ({ release }) => void Object.assign(value(release), { family: "Brazil", build: "glide-brazil" }),
  ],
  [
    "requests",
    "auth scope: Table API GET asks for portal_read",
    ({ apiScopes }) => {
      first(apiScopes).active = false;
    },
  ],
  [
    "requests",
    "CORS rule Portal (Table API)",
    ({ corsRules }) => {
      first(corsRules).active = false;
    },
  ],
  [
    "data",
    "CORS rule Portal (Table API): Access-Control-Expose-Headers",
    ({ corsRules }) => void first(corsRules).exposeHeaders?.pop(),
  ],
  [
    "requests",
    "CORS rule Portal (Table API): HTTP methods",
    ({ corsRules }) => {
      first(corsRules).methods = ["get"];
    },
  ],
  [
    "requests",
    "access rule: read incident",
    ({ accessRules }) => {
      first(accessRules).roles = ["itil"];
    },
  ],
  // With the same roles: one grants alone, and one is asked for besides.
  [
    "requests",
    "access rule: read task",
    ({ accessRules }) => {
      ruleOf(accessRules, "read task").decision = "deny";
    },
  ],
  [
    "requests",
    "access rule: write task",
    ({ accessRules }) => {
      ruleOf(accessRules, "write task").adminOverrides = false;
    },
  ],
  [
    "requests",
    "table incident: access by web services",
    ({ tables }) => {
      value(tables.incident).webServiceAccess = false;
    },
  ],
  ["limits", "table incident: indexes", ({ tables }) => void value(tables.incident).indexes?.pop()],
  // Its access rule is missing with it.
  [
    "data",
    "field incident.u_grade",
    ({ tables, accessRules }) => {
      value(tables.incident).fields.u_grade = null;
      value(accessRules).splice(1, 1);
    },
  ],
  [
    "data",
    "field incident.number: maximum length",
    (one) => {
      field(one, "number").maxLength = 20;
    },
  ],
  [
    "requests",
    "field incident.caller_id: mandatory",
    (one) => {
      field(one, "caller_id").mandatory = true;
    },
  ],
  ["data", "field incident.state: choices", (one) => void delete field(one, "state").choices?.["6"]],
  [
    "cosmetic",
    "field incident.state: labels of choices",
    (one) => {
      field(one, "state").choices = { ...field(one, "state").choices, "1": "Neu" };
    },
  ],
  [
    "limits",
    "rate limit rule Portal: requests an hour",
    ({ rateRules }) => {
      first(rateRules).limit = 100;
    },
  ],
];

const found = (comparison: ReturnType<typeof compare>) =>
  comparison.differences.map(({ rank, what }) => `${rank}: ${what}`).sort();

test("comparison_of_equal_environments_finds_nothing", () => {
  const comparison = compare(["prod", "test", "dev"].map(stockInventory));
  assert.deepEqual([comparison.differences, comparison.unknown], [[], []]);
  assert.ok(comparison.compared > 60, `only ${comparison.compared} things were compared`);
});

test("comparison_finds_each_planted_difference_alone", () => {
  assert.ok(PLANTS.length >= 30);
  for (const [rank, what, change] of PLANTS) {
    const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
    change(dev);
    const comparison = compare([prod, dev]);
    assert.deepEqual(found(comparison), [`${rank}: ${what}`]);
    assert.deepEqual(comparison.unknown, [], what);
    const [difference] = comparison.differences;
    assert.deepEqual(Object.keys(difference?.values ?? {}), ["prod", "dev"]);
    assert.notEqual(difference?.values.prod, difference?.values.dev, what);
  }
});

test("comparison_finds_all_planted_differences_at_once", () => {
  const inventories = ["prod", "test", "dev"].map(stockInventory);
  for (const [, , change] of PLANTS) change(inventories[2] as Inventory);
  const comparison = compare(inventories);
  assert.deepEqual(found(comparison), PLANTS.map(([rank, what]) => `${rank}: ${what}`).sort());
  const ranks = comparison.differences.map(({ rank }) =>
    ["sign-in", "requests", "data", "limits", "cosmetic"].indexOf(rank),
  );
  assert.deepEqual(ranks, [...ranks].sort(), "worst first");
  for (const { values } of comparison.differences) assert.equal(values.prod, values.test);
});

test("comparison_ignores_order_ids_and_forms_of_one_value", () => {
  const shuffle = <T>(list: T[], seed: number) => {
    for (let at = list.length - 1; at > 0; at -= 1) {
      const other = (seed * 7919 + at * 104_729) % (at + 1);
      [list[at], list[other]] = [list[other] as T, list[at] as T];
    }
  };
  const equal = (seed: number) => {
    const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
    const lists = [dev.clients, dev.policies, dev.corsRules, dev.rateRules, dev.roles, dev.accessRules, dev.apiScopes];
    for (const fact of lists) shuffle(value<unknown[]>(fact as Fact<unknown[]>), seed);
    for (const rule of value(dev.corsRules)) shuffle(rule.allowHeaders ?? [], seed);
    const properties = value(dev.properties);
    properties["glide.authenticate.basic_auth.allowed_roles"] = "web_service_admin, snc_basic_auth_api_access";
    // What is absent has the documented value.
    properties["glide.invalid_query.returns_no_rows"] = "FALSE";
    properties["glide.rest.max_content_length"] = "10";
    assert.deepEqual(compare([prod, dev]).differences, []);
  };
  fc.assert(fc.property(fc.nat(10_000), equal), { numRuns: 30 });
});

test("comparison_reports_unreadable_facts_as_unknown", () => {
  const facts = ["method", "release", "plugins", "properties", "clients", "apiKeys", "policies", "apiScopes"] as const;
  for (const fact of [...facts, ...(["account", "roles", "corsRules", "rateRules", "accessRules"] as const)]) {
    const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
    dev[fact] = { status: "unreadable", because: "it is closed" };
    const { differences, unknown } = compare([prod, dev]);
    assert.deepEqual(differences, [], fact);
    assert.deepEqual(
      unknown.map(({ part, environment, because }) => [part, environment, because]),
      [[fact, "dev", "it is closed"]],
    );
  }
  const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
  dev.tables.incident = { status: "unreadable", because: "it is closed" };
  const { differences, unknown } = compare([prod, dev]);
  assert.deepEqual(differences, []);
  assert.deepEqual(
    unknown.map(({ what }) => what),
    ["table incident"],
  );
});

test("comparison_finds_a_missing_table_once", () => {
  const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
  dev.tables.incident = { status: "read", value: { absent: true, extends: [], fields: {} } };
  value(dev.accessRules).length = 0;
  assert.deepEqual(found(compare([prod, dev])), ["requests: table incident"]);
});

test("comparison_finds_an_unregistered_client", () => {
  const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
  first(dev.clients).own = false;
  first(dev.clients).name = "Another";
  assert.deepEqual(found(compare([prod, dev])), ["cosmetic: client Another", "sign-in: client Portal prod"]);
});

test("comparison_in_words_names_values_reasons_and_steps", () => {
  const [prod, dev] = [stockInventory("prod"), stockInventory("dev")];
  first(dev.rateRules).limit = 100;
  first(dev.corsRules).domain = "https://a|b.example\u001b[31m";
  dev.roles = { status: "unreadable", because: "sys_user_has_role may not be read" };
  const comparison = compare([prod, dev]);
  const markdown = comparisonMarkdown(comparison);
  assert.match(
    markdown,
    /^# Environments compared: prod, dev\n\n2 differences in \d+ comparisons; 1 fact is unknown\./,
  );
  assert.match(
    markdown,
    /## Limits \(1\)\n\n\| What \| prod \| dev \| Why it matters \| What to do \|\n.*\n\| rate limit rule Portal: requests an hour \| 3600 \| 100 \|/,
  );
  assert.match(markdown, /a\\\|b\.example/);
  assert.match(markdown, /\| roles \| dev \| sys_user_has_role may not be read \|/);
  const text = comparisonText(comparison);
  assert.match(
    text,
    /LIMITS \(1\)\n\n {2}rate limit rule Portal: requests an hour\n {4}prod {2}3600\n {4}dev {3}100\n/,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would act on it
  assert.doesNotMatch(markdown + text, /\u001b/);
});

test("comparison_compares_or_refuses_mangled_inventories", () => {
  const places = membersIn(stockInventory("dev"));
  assert.ok(places.length > 200);
  const mangle = (place: number, replacement: unknown) => {
    const inventory = stockInventory("dev");
    const [holder, member] = membersIn(inventory)[place % places.length] ?? [{}, ""];
    holder[member] = replacement;
    try {
      comparisonMarkdown(compare([stockInventory("prod"), inventory]));
    } catch (thrown) {
      assert.equal((thrown as { code?: string }).code, "options.type", String((thrown as Error).stack));
    }
  };
  const replacements = fc.constantFrom(null, [], {}, 1, "x", [null], { a: null });
  fc.assert(fc.property(fc.nat(100_000), replacements, mangle), { numRuns: 300 });
});

/** Every member of every object and list within a value. */
function membersIn(value: object): [holder: Record<string, unknown>, member: string][] {
  return Object.entries(value).flatMap(([member, inner]) => [
    [value as Record<string, unknown>, member] as [Record<string, unknown>, string],
    ...(typeof inner === "object" && inner !== null ? membersIn(inner) : []),
  ]);
}

test("comparison_refuses_what_is_no_inventory", () => {
  const prod = stockInventory("prod");
  assert.throws(() => compare([prod]), { code: "options.type", message: /fewer than two/ });
  assert.throws(() => compare([prod, stockInventory("prod")]), /two are named prod/);
  assert.throws(() => compare([prod, { ...prod, name: "dev", format: 2 as never }]), /no inventory of this version/);
});
