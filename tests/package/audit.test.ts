/** Findings about roles, credentials, sign-in, clients and accounts, and the least roles that recorded calls need. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditCode, AuthMeans, Inventory, OAuthClient, Traffic } from "sysparm/environments";
import { audit, tablesOf } from "../../www/glue/src/environments/audit/index.js";
import { traffic } from "../../www/glue/src/environments/audit/traffic/index.js";
import { granted, inventoryWith, NOW, read, rules, STOCK, unreadable } from "./audited-inventory.js";

const ID = "0123456789abcdef0123456789abcdef";
const DAY = 86_400_000;

/** Lines such as "GET incident". */
function calls(...lines: string[]): Traffic {
  const one = (line: string) => {
    const [method = "", table = "", status = "200"] = line.split(" ");
    const path = `/api/now/table/${table}${/^(PATCH|DELETE)$/.test(method) ? `/${ID}` : ""}`;
    return { method, path: `${path}?sysparm_fields=number`, status: Number(status), at: NOW - DAY, user: "acme.sync" };
  };
  return traffic(lines.map(one));
}

const seen = (means: Partial<Record<AuthMeans, number>>): Traffic => ({
  ...calls("GET incident"),
  means: Object.entries(means).map(([name, count]) => ({ means: name as AuthMeans, calls: count })),
});

function codes(inventory: Inventory, recorded: Traffic | null = calls("GET incident")): AuditCode[] {
  return audit(inventory, recorded).findings.map(({ code }) => code);
}

const HTTP = seen({ bearer: 1 });

test("an integration without faults has no finding", () => {
  const { findings, unread, proposal } = audit(inventoryWith(), HTTP);
  assert.deepEqual(findings, []);
  assert.deepEqual(unread, []);
  assert.equal(proposal?.certain, true);
});

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

test("refused calls ask for no role", () => {
  const inventory = inventoryWith();
  const { proposal, findings } = audit(inventory, calls("GET incident", "PATCH incident 403"));
  assert.deepEqual(
    proposal?.roles.map(({ verdict }) => verdict),
    ["keep"],
  );
  assert.deepEqual(
    findings.map(({ code, subject }) => [code, subject]),
    [
      ["roles.refused", "read on incident"],
      ["roles.refused", "write on incident"],
    ],
  );
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

test("each fault has its finding", () => {
  const client = (changes: Partial<OAuthClient>) => {
    const [own] = (inventoryWith().clients as { value: OAuthClient[] }).value;
    assert.ok(own);
    return { clients: read([{ ...own, ...changes }]) };
  };
  const account = (changes: object) => ({
    account: read({ ...(inventoryWith().account as { value: object }).value, ...changes }),
  });
  const other = {
    sysId: "2".repeat(32),
    name: "Old",
    clientId: "old",
    own: false,
    active: true,
    scopes: ["a"],
    user: "x",
  };
  const key = { name: "k", user: "acme.key", active: true, expires: "2026-12-31 00:00:00" };
  const cases: [code: AuditCode, changes: Partial<Inventory>, recorded?: Traffic][] = [
    ["roles.admin", { roles: granted("admin") }],
    ["roles.too-broad", { roles: granted("itil") }],
    ["roles.unneeded", { roles: granted("sn_incident_read", "user_admin") }],
    ["credential.expired", { apiKeys: read([{ ...key, expires: "2026-10-31 00:00:00" }]) }],
    ["credential.expiring", { apiKeys: read([{ ...key, expires: "2026-11-20 00:00:00" }]) }],
    ["credential.no-end", { apiKeys: read([{ ...key, expires: "" }]) }],
    ["credential.old-secret", client({ updatedOn: "2024-11-01 00:00:00" })],
    ["client.long-lived-token", client({ accessTokenLifespan: 2_592_000 })],
    ["auth.basic", {}, seen({ basic: 3 })],
    ["auth.basic", { method: read("basic") }],
    ["auth.mixed", {}, seen({ "api-key": 3, bearer: 1 })],
    ["auth.password-grant", { method: read("password") }],
    ["client.unused", { clients: read([other]) }],
    ["scope.useraccount", client({ scopes: ["useraccount"] })],
    ["scope.useraccount", client({ scopes: [], onlyScopedApis: false })],
    ["account.web-service-access", account({ webServiceAccessOnly: false, lastLogin: "" })],
    ["account.signs-in", account({ webServiceAccessOnly: false })],
    ["account.not-shown", account({ internalIntegrationUser: true })],
    ["account.no-login", { accounts: read([{ userName: "old", webServiceAccessOnly: true, lastLogin: "" }]) }],
    ["account.shared", { apiKeys: read([{ ...key, user: "acme.sync" }]) }],
  ];
  for (const [code, changes, recorded = HTTP] of cases)
    assert.ok(
      codes(inventoryWith(changes), recorded).includes(code),
      `${code}: ${codes(inventoryWith(changes), recorded)}`,
    );
});

test("what is in order has no finding", () => {
  const tokens = (clientId: string, user: string) => ({
    issuedTokens: read([{ type: "access_token", clientId, user, expires: "2026-11-01 00:10:00" }]),
  });
  const other = { sysId: "2".repeat(32), name: "Used", clientId: "used", own: false, active: true, scopes: ["a"] };
  const old = { userName: "old", webServiceAccessOnly: true, lastLogin: "" };
  const key = { name: "k", user: "acme.key", active: false, expires: "" };
  const quiet: [name: string, changes: Partial<Inventory>, recorded?: Traffic][] = [
    ["an inactive key", { apiKeys: read([key]) }],
    ["a client with a token", { clients: read([other]), ...tokens("used", "acme.sync") }],
    ["an account with a token", { accounts: read([old]), ...tokens("acme-client", "old") }],
    ["an inactive account", { accounts: read([{ ...old, active: false }]) }],
    ["a session next to a token", {}, seen({ bearer: 2, session: 1, none: 1 })],
    ["Basic long ago", {}, { ...seen({ basic: 1 }), from: NOW - 50 * DAY, until: NOW - 40 * DAY }],
  ];
  for (const [name, changes, recorded = HTTP] of quiet)
    assert.deepEqual(codes(inventoryWith(changes), recorded), [], name);
});

test("the newest refresh token of a user counts", () => {
  const token = (expires: string) => ({ type: "refresh_token", clientId: "acme-client", user: "acme.sync", expires });
  const issued = (...ends: string[]) => inventoryWith({ issuedTokens: read(ends.map(token)) });
  assert.deepEqual(codes(issued("2026-11-05 00:00:00", "2027-02-01 00:00:00"), HTTP), []);
  const [finding] = audit(issued("2026-10-05 00:00:00", "2026-11-05 00:00:00"), HTTP).findings;
  assert.deepEqual([finding?.code, finding?.severity], ["credential.expiring", "high"]);
  assert.equal(finding?.message, "It ends on 2026-11-05, in 4 days.");
});

test("ends that the caller knows are findings, too", () => {
  const credentials = [
    { name: "certificate of the signing key", expires: NOW + 10 * DAY },
    { name: "password in the vault", madeAt: NOW - 400 * DAY },
    { name: "fresh one", expires: NOW + 300 * DAY, madeAt: NOW },
  ];
  const { findings } = audit(inventoryWith(), HTTP, { credentials });
  assert.deepEqual(
    findings.map(({ code, subject }) => [code, subject]),
    [
      ["credential.expiring", "certificate of the signing key"],
      ["credential.old-secret", "password in the vault"],
    ],
  );
});

test("what could not be read is listed, and no finding", () => {
  const facts = ["clients", "apiKeys", "issuedTokens", "account", "accounts", "roles", "accessRules"] as const;
  const inventory = inventoryWith(Object.fromEntries(facts.map((name) => [name, unreadable])));
  const { findings, unread, proposal } = audit(inventory, HTTP);
  assert.deepEqual(findings, []);
  assert.equal(proposal, null);
  const expected = ["API keys", "account", "accounts of integrations", "clients", "issued tokens", "roles"];
  assert.deepEqual(unread.map(({ what }) => what).sort(), expected);
  assert.ok(unread.every(({ because }) => because.includes("403")));
});

test("findings come by severity and hold all their parts", () => {
  const inventory = inventoryWith({
    roles: granted("admin", "itil", "user_admin"),
    apiKeys: read([{ name: "k", user: "acme.sync", active: true, expires: "" }]),
  });
  const { findings } = audit(inventory, seen({ basic: 2, bearer: 2 }));
  const order = ["high", "medium", "low", "info"];
  const places = findings.map(({ severity }) => order.indexOf(severity));
  assert.deepEqual(places, [...places].sort());
  for (const one of findings)
    for (const text of [one.subject, one.message, one.evidence.join(), one.fix, one.source])
      assert.notEqual(text, "", one.code);
});

test("tables of recorded calls are what an inventory reads", () => {
  const recorded = traffic([
    { method: "GET", path: "/api/now/table/incident?sysparm_fields=number&sysparm_query=active%3Dtrue" },
    { method: "GET", path: "/api/now/table/problem" },
  ]);
  assert.deepEqual(tablesOf(recorded), { incident: ["active", "number"], problem: [] });
});

test("arguments of an audit are checked", () => {
  assert.throws(() => audit({} as Inventory), { code: "options.type" });
  for (const name of ["roles", "clients", "issuedTokens", "tables"])
    assert.throws(() => audit({ ...inventoryWith(), [name]: null }, HTTP), { code: "options.type" }, name);
  assert.throws(() => audit(inventoryWith(), {} as Traffic), { code: "options.type" });
  assert.throws(() => audit(inventoryWith(), null, { soon: 1 } as object), { code: "options.unknown" });
});
