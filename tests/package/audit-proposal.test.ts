/** The least roles that recorded calls need, and when that is not certain. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Inventory, Traffic } from "sysparm/environments";
import { audit } from "../../www/glue/src/environments/audit/index.js";
import { traffic } from "../../www/glue/src/environments/audit/traffic/index.js";
import { granted, inventoryWith, read, rules, STOCK, unreadable } from "./audited-inventory.js";
import { calls, ID } from "./recorded-calls.js";

/** What is proposed for an account by the rules of one release. */
function proposed(
  accessRules: Inventory["accessRules"],
  recorded: Traffic,
  family?: string,
  held = ["itil", "user_admin"],
) {
  const release = read(family === undefined ? {} : { family });
  return audit(inventoryWith({ accessRules, release, roles: granted(...held) }), recorded).proposal;
}

test("the least roles that the calls need are proposed", () => {
  const cases: [held: string[], recorded: string[], kept: string[], added: string[]][] = [
    [["admin"], ["GET incident"], [], ["sn_incident_read"]],
    [["admin"], ["PATCH incident"], [], ["itil"]],
    [["admin", "itil"], ["POST incident"], ["itil"], []],
    [["itil"], ["GET incident", "GET problem"], [], ["sn_incident_read", "sn_problem_read"]],
    [["itil", "personalize_dictionary"], ["PATCH incident"], ["itil"], []],
    [
      ["itil", "personalize_dictionary"],
      ["GET incident", "GET sys_dictionary"],
      ["personalize_dictionary"],
      ["sn_incident_read"],
    ],
    [["admin"], ["GET sys_properties"], ["admin"], []],
    [["sn_incident_read", "snc_internal"], ["GET incident"], ["sn_incident_read", "snc_internal"], []],
    [["user_admin"], ["GET unruled"], [], []],
  ];
  for (const [held, recorded, kept, added] of cases) {
    const tables = { ...inventoryWith().tables, unruled: read({ extends: [], fields: {} }) };
    const { proposal } = audit(inventoryWith({ roles: granted(...held), tables }), calls(...recorded));
    const name = `${held} for ${recorded}`;
    assert.deepEqual(
      proposal?.roles.filter(({ verdict }) => verdict === "keep").map(({ role }) => role),
      kept,
      name,
    );
    assert.deepEqual(
      proposal?.add.map(({ role }) => role),
      added,
      name,
    );
    assert.equal(proposal?.certain, true, `${name}: ${proposal?.doubts}`);
  }
});

test("the first table with a rule decides, then any table", () => {
  const accessRules = rules("task read task_reader", "* read any_reader", "task.number read number_reader");
  const tables = { incident: read({ extends: ["task"], fields: {} }), x_log: read({ extends: [], fields: {} }) };
  const roles = granted("task_reader", "any_reader", "number_reader", "itil");
  const { proposal } = audit(inventoryWith({ accessRules, tables, roles }), calls("GET incident", "GET x_log"));
  assert.deepEqual(
    proposal?.tables.map(({ table, rule, by }) => [table, rule, by]),
    [
      ["incident", "task", "task_reader"],
      ["incident", "task.number", "number_reader"],
      ["x_log", "*", "any_reader"],
    ],
  );
  assert.deepEqual(
    proposal?.roles.filter(({ verdict }) => verdict === "remove").map(({ role }) => role),
    ["itil"],
  );
});

test("roles in roles count, and only granted ones are judged", () => {
  const direct = { by: "direct" as const, from: "" };
  const roles = read([
    { name: "acme_all", ways: [direct] },
    { name: "acme_read", ways: [{ by: "contained" as const, from: "acme_all" }] },
    { name: "acme_deep", ways: [{ by: "contained" as const, from: "acme_read" }] },
  ]);
  const { proposal } = audit(
    inventoryWith({ roles, accessRules: rules("incident read acme_deep") }),
    calls("GET incident"),
  );
  assert.deepEqual(
    proposal?.roles.map(({ role, verdict }) => [role, verdict]),
    [["acme_all", "remove"]],
  );
  assert.deepEqual(
    proposal?.add.map(({ role }) => role),
    ["acme_deep"],
  );
});

test("rules that cannot be judged make the proposal unsure", () => {
  const scripted = read([{ name: "incident", operation: "read", roles: [], conditional: true }]);
  const hidden = read([{ name: "incident", operation: "read" }]);
  const narrow = read([
    { name: "incident", operation: "read", roles: ["sn_incident_read"], conditional: true },
    { name: "incident", operation: "read", roles: ["itil"], conditional: false },
  ]);
  const cases: [name: string, changes: Partial<Inventory>, recorded?: Traffic][] = [
    ["unreadable rules", { accessRules: unreadable }],
    ["incomplete rules", { accessRules: { ...STOCK, incomplete: "more than 5000" } }],
    ["a rule with a script alone", { accessRules: scripted }],
    ["a rule with hidden roles", { accessRules: hidden }],
    ["a table that was not read", { tables: {} }],
    ["a scripted API", {}, traffic([{ method: "GET", path: "/api/x_acme/orders" }])],
    ["a batch without bodies", {}, traffic([{ method: "POST", path: "/api/now/batch" }])],
    ["a rule that the account does not pass", { accessRules: rules("incident read other_role") }],
  ];
  for (const [name, changes, recorded = calls("GET incident")] of cases) {
    const { proposal } = audit(inventoryWith({ roles: granted("itil"), ...changes }), recorded);
    assert.equal(proposal?.certain, false, name);
    assert.ok((proposal?.doubts.length ?? 0) > 0, name);
  }
  const { proposal } = audit(inventoryWith({ roles: granted("itil"), accessRules: narrow }), calls("GET incident"));
  assert.deepEqual(
    proposal?.roles.map(({ verdict }) => verdict),
    ["keep"],
    "a condition that the account may not meet",
  );
});

test("without named fields the rule of any field is a need", () => {
  for (const name of ["incident.*", "task.*", "*.*"]) {
    const accessRules = rules("incident read itil", `${name} read field_reader`);
    const held = ["itil", "field_reader", "user_admin"];
    const all = proposed(accessRules, traffic([{ method: "GET", path: "/api/now/table/incident" }]), "Zurich", held);
    assert.deepEqual(
      all?.roles.map(({ verdict }) => verdict),
      ["keep", "keep", "remove"],
      name,
    );
  }
  const writer = rules("incident write itil", "incident.* write field_writer");
  const path = `/api/now/table/incident/${ID}?sysparm_fields=number`;
  const sent = proposed(writer, traffic([{ method: "PATCH", path }]), "Zurich", ["itil", "field_writer"]);
  assert.deepEqual(
    sent?.roles.map(({ verdict }) => verdict),
    ["keep", "keep"],
  );
});

test("a rule without role, condition and script is open before Xanadu", () => {
  const empty = rules("incident read");
  for (const [family, certain] of [
    ["Vancouver", true],
    ["Washington DC", true],
    ["Xanadu", false],
    ["Zurich", false],
    ["Australia", false],
    [undefined, false],
  ] as const) {
    const found = proposed(empty, calls("GET incident"), family);
    assert.equal(found?.certain, certain, `${family}: ${found?.doubts}`);
    assert.deepEqual(found?.tables[0]?.roles, certain ? [] : null, family);
    if (!certain) assert.match(found?.doubts.join(" ") ?? "", /no role, condition or script/);
  }
  const both = proposed(rules("incident read", "incident read itil"), calls("GET incident"), "Zurich");
  assert.equal(both?.roles[0]?.verdict, "keep");
  assert.equal(both?.certain, false);
});

test("a rule that denies must be passed besides the others", () => {
  const one = { name: "incident", operation: "read", conditional: false };
  const deny = { ...one, roles: ["cleared"], decision: "deny" as const };
  const allow = { ...one, roles: ["sn_incident_read"], decision: "allow" as const };
  const held = ["sn_incident_read", "cleared", "user_admin"];
  const verdicts = (proposal: ReturnType<typeof proposed>) => proposal?.roles.map(({ verdict }) => verdict);
  const found = proposed(read([allow, deny]), calls("GET incident"), "Zurich", held);
  assert.deepEqual(verdicts(found), ["keep", "keep", "remove"]);
  assert.equal(found?.certain, true, `${found?.doubts}`);
  const above = proposed(read([allow, { ...deny, name: "task" }]), calls("GET incident"), "Zurich", held);
  assert.deepEqual(verdicts(above), ["keep", "keep", "remove"]);

  const silent = read([{ ...one, roles: ["cleared"] }, allow]);
  for (const family of ["Xanadu", undefined])
    assert.match(
      proposed(silent, calls("GET incident"), family, held)?.doubts.join() ?? "",
      /do not say whether they allow or deny/,
    );
  assert.equal(proposed(silent, calls("GET incident"), "Vancouver", held)?.certain, true);
  const alone = proposed(read([deny]), calls("GET incident"), "Zurich", held);
  assert.match(alone?.doubts.join() ?? "", /none that allows/);
});

test("administrators need the roles of rules they do not override", () => {
  const rule = { name: "incident", operation: "read", roles: ["sn_hr"], conditional: false };
  const strict = proposed(read([{ ...rule, adminOverrides: false }]), calls("GET incident"), "Zurich", ["admin"]);
  assert.match(strict?.doubts.join() ?? "", /a role that the account lacks/);
  const usual = proposed(read([{ ...rule, adminOverrides: true }]), calls("GET incident"), "Zurich", ["admin"]);
  assert.equal(usual?.certain, true, `${usual?.doubts}`);
});

test("a broad role names only the narrow ones for its calls", () => {
  const accessRules = rules("incident read itil,sn_incident_read", "problem read wide_admin,problem_reader");
  const inventory = inventoryWith({ accessRules, roles: granted("itil", "wide_admin", "user_admin") });
  const { proposal, findings } = audit(inventory, calls("GET incident", "GET problem"));
  const cases: [role: string, suffice: string[], code: string, fix: RegExp][] = [
    ["itil", ["sn_incident_read"], "roles.too-broad", /^Grant sn_incident_read first, then remove itil\.$/],
    ["wide_admin", ["problem_reader"], "roles.too-broad", /^Grant problem_reader first, then remove wide_admin\.$/],
    ["user_admin", [], "roles.unneeded", /^Remove user_admin\.$/],
  ];
  for (const [role, suffice, code, fix] of cases) {
    assert.deepEqual(proposal?.roles.find((one) => one.role === role)?.suffice, suffice, role);
    const finding = findings.find(({ subject }) => subject === role);
    assert.equal(finding?.code, code, role);
    assert.match(finding?.fix ?? "", fix);
  }
});

test("without readable rules the documentation stands in", () => {
  const inventory = inventoryWith({ roles: granted("itil", "admin"), accessRules: unreadable });
  const { proposal, findings } = audit(inventory, calls("GET incident"));
  assert.deepEqual(
    proposal?.add.map(({ role }) => role),
    ["sn_incident_read"],
  );
  assert.equal(proposal?.tables[0]?.assumed, true);
  assert.match(findings.find(({ subject }) => subject === "itil")?.fix ?? "", /Not certain/);
});
