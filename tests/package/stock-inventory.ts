/** An inventory of an integration's environment in which every fact was read. */
import assert from "node:assert/strict";
import type { AccessRule, Fact, Inventory, UsedTable } from "sysparm/environments";

const read = <T>(value: T): Fact<T> => ({ status: "read", value });

function rule(name: string, operation: string, ...roles: string[]): AccessRule {
  return { name, operation, roles, conditional: false, decision: "allow", adminOverrides: true };
}

/** Each call gives an inventory of its own. */
export function stockInventory(name: string): Inventory {
  return {
    format: 1,
    name,
    url: `https://${name}.service-now.example`,
    readAt: Date.UTC(2026, 10, 1),
    clientId: `client-of-${name}`,
    method: read("client_credentials"),
    release: read({ family: "Zurich", build: "glide-zurich-07-01-2025__patch4-09-01-2025" }),
    plugins: read({ "com.glide.rest.policy": { active: true }, "com.snc.platform.security.oauth": { active: true } }),
    properties: read({
      "glide.oauth.inbound.client.credential.grant_type.enabled": "true",
      "glide.invalid_query.returns_no_rows": null,
      "glide.authenticate.basic_auth.allowed_roles": "snc_basic_auth_api_access,web_service_admin",
      "glide.rest.cors.enabled": "true",
      "glide.rest.max_content_length": null,
    }),
    clients: read([
      {
        ...{ sysId: `1-${name}`, name: `Portal ${name}`, clientId: `client-of-${name}`, own: true, active: true },
        ...{ type: "client", user: "portal", inboundGrantType: "client_credential", publicClient: false },
        ...{ defaultGrantType: "client_credentials", clientType: "integration_as_a_service" },
        ...{ accessTokenLifespan: 1800, refreshTokenLifespan: 8_640_000, authCodeLifespan: 60, redirectUrls: [] },
        ...{ enforceTokenRestrictions: false, onlyScopedApis: false, tokenFormat: "opaque", subjectClaim: "user_name" },
        ...{ userField: "email", clockSkew: 300, verifiesJti: true, scopes: ["portal_read"] },
        profiles: [{ name: `Portal ${name} default_profile`, grantType: "", default: true }],
      },
    ]),
    apiKeys: read([{ name: "Monitor", user: "portal", scope: "", active: true, expires: "2027-01-01 00:00:00" }]),
    issuedTokens: read([]),
    policies: read([
      {
        ...{ name: "Tables", active: true, restApi: "Table API", method: "", version: "", resource: "", table: "" },
        accepts: ["basic_auth", "oauth"],
      },
    ]),
    apiScopes: read([{ scope: "portal_read", restApi: "Table API", method: "GET", version: "", active: true }]),
    account: read({
      ...{ userName: "portal", active: true, lockedOut: false, passwordNeedsReset: false, webServiceAccessOnly: true },
      ...{ internalIntegrationUser: false, identityType: "machine", timeZone: "GMT", dateFormat: "", language: "en" },
      lastLogin: "",
    }),
    roles: read([
      { name: "itil", ways: [{ by: "group", from: "Integrations" }] },
      { name: "sn_incident_read", ways: [{ by: "contained", from: "itil" }] },
      { name: "cmdb_read", ways: [{ by: "direct", from: "" }] },
    ]),
    accounts: read([]),
    corsRules: read([
      {
        ...{ name: "Portal", active: true, restApi: "Table API", domain: "https://portal.example", maxAge: 600 },
        ...{ methods: ["GET", "POST"], allowHeaders: ["Authorization", "Content-Type"], allowCredentials: false },
        exposeHeaders: ["Link", "X-Total-Count"],
      },
      {
        ...{ name: "Portal", active: true, restApi: "Aggregate API", domain: "https://portal.example", maxAge: 600 },
        ...{ methods: ["GET"], allowHeaders: ["Authorization"], allowCredentials: false, exposeHeaders: [] },
      },
    ]),
    rateRules: read([
      {
        ...{ name: "Portal", active: true, restApi: "Table API", method: "", version: "", table: "", limit: 3600 },
        ...{ applyTo: "user", user: "portal", role: "" },
      },
    ]),
    tables: { incident: read(incident()) },
    accessRules: read([
      rule("incident", "read", "itil", "sn_incident_read"),
      rule("incident.u_grade", "write", "itil"),
      rule("task", "read", "itil"),
      rule("task", "write", "itil"),
    ]),
  };
}

function incident(): UsedTable {
  const field = { reference: "", mandatory: false, readOnly: false, defaultValue: "", choices: {} };
  return {
    extends: ["task"],
    webServiceAccess: true,
    fields: {
      number: { ...field, type: "string", maxLength: 40 },
      caller_id: { ...field, type: "reference", reference: "sys_user", maxLength: 32 },
      state: { ...field, type: "integer", maxLength: 40, choices: { "1": "New", "2": "In Progress", "6": "Resolved" } },
      u_grade: { ...field, type: "string", maxLength: 40 },
    },
    indexes: ["caller_id", "number (unique)"],
  };
}

export function value<T>(fact: Fact<T> | undefined): T {
  assert.ok(fact?.status === "read");
  return fact.value;
}

export function first<T>(fact: Fact<T[]>): T {
  const [record] = value(fact);
  assert.ok(record);
  return record;
}

export const ruleOf = (rules: Inventory["accessRules"], key: string) => {
  const found = value(rules).find(({ name, operation }) => `${operation} ${name}` === key);
  assert.ok(found);
  return found;
};
