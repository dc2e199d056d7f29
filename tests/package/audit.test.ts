/** Findings of an audit about roles, credentials, sign-in, clients and accounts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditCode, AuthMeans, Inventory, OAuthClient, Traffic } from "sysparm/environments";
import { audit, tablesOf } from "../../www/glue/src/environments/audit/index.js";
import { traffic } from "../../www/glue/src/environments/audit/traffic/index.js";
import { granted, inventoryWith, NOW, read, unreadable } from "./audited-inventory.js";
import { calls, DAY } from "./recorded-calls.js";

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
    type: "client",
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
  const used = { name: "Used", clientId: "used", type: "client", scopes: ["a"] };
  const other = { sysId: "2".repeat(32), own: false, active: true, ...used };
  const old = { userName: "old", webServiceAccessOnly: true, lastLogin: "" };
  const key = { name: "k", user: "acme.key", active: false, expires: "" };
  const dated = { ...key, active: true, expires: "2027-12-31 00:00:00" };
  const quiet: [name: string, changes: Partial<Inventory>, recorded?: Traffic][] = [
    ["an inactive key", { apiKeys: read([key]) }],
    ["a client with a token", { clients: read([other]), ...tokens("used", "acme.sync") }],
    ["an account with a token", { accounts: read([old]), ...tokens("acme-client", "old") }],
    ["an account with an API key", { accounts: read([{ ...old, userName: "acme.key" }]), apiKeys: read([dated]) }],
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

test("accounts are called unused only by complete facts", () => {
  const accounts = read([{ userName: "old", webServiceAccessOnly: true, lastLogin: "" }]);
  const token = { type: "access_token", clientId: "acme-client" };
  const own = { userName: "acme.sync", webServiceAccessOnly: true, lastLogin: "" };
  const cases: [name: string, changes: Partial<Inventory>, user?: string][] = [
    ["tokens cut", { issuedTokens: { ...read([]), incomplete: "more than 1000" } }],
    ["tokens hidden", { issuedTokens: unreadable }],
    ["a token without its user", { issuedTokens: read([token]) }],
    ["keys hidden", { apiKeys: unreadable }],
    ["a key without its user", { apiKeys: read([{ name: "k", active: true, expires: "2027-12-31 00:00:00" }]) }],
    ["Basic", { account: read(own), method: read("basic"), accounts: read([]) }, "acme.sync"],
    ["HMAC", { account: read(own), method: read("hmac"), accounts: read([]) }, "acme.sync"],
  ];
  for (const [name, changes, user = "old"] of cases) {
    const { findings, unread } = audit(inventoryWith({ accounts, ...changes }), { ...HTTP, users: [] });
    assert.equal(findings.filter(({ code }) => code === "account.no-login").length, 0, name);
    assert.ok(
      unread.some(({ what }) => what === `use of ${user}`),
      name,
    );
  }
  const hidden = read({ userName: "acme.sync", lastLogin: "2026-10-30 08:00:00" });
  assert.deepEqual(codes(inventoryWith({ account: hidden }), HTTP), []);
});

test("only records of known inbound types are judged", () => {
  const record = { sysId: "2".repeat(32), name: "Other", clientId: "o", own: false, active: true };
  const faults = {
    scopes: [],
    onlyScopedApis: false,
    updatedOn: "2020-01-01 00:00:00",
    accessTokenLifespan: 2_592_000,
  };
  for (const type of ["oidc", "oauth_provider", "", undefined]) {
    const clients = read([{ ...record, ...faults, ...(type !== undefined && { type }) }]);
    const { findings, unread } = audit(inventoryWith({ clients }), HTTP);
    assert.deepEqual(findings, [], type);
    assert.deepEqual(
      unread.map(({ what }) => what),
      ["client Other of the application registry"],
      type,
    );
  }
  const found = codes(inventoryWith({ clients: read([{ ...record, ...faults, type: "jwt" }]) }), HTTP);
  assert.deepEqual(found.sort(), [
    "client.long-lived-token",
    "client.unused",
    "credential.old-secret",
    "scope.useraccount",
  ]);
});

test("only admin is refused by the JWT bearer grant", () => {
  const message = (role: string) =>
    audit(inventoryWith({ roles: granted(role) }), null).findings.find(({ code }) => code === "roles.admin")?.message;
  assert.match(message("admin") ?? "", /JWT bearer/);
  assert.doesNotMatch(message("security_admin") ?? "JWT bearer", /JWT bearer/);
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
