/** An inventory of an integration without faults, and changes to it. */
import type { AccessRule, Fact, HeldRole, Inventory, ReadFact } from "sysparm/environments";

export const NOW = Date.parse("2026-11-01T00:00:00Z");

export const read = <T>(value: T): ReadFact<T> => ({ status: "read", value });
export const unreadable: Fact<never> = { status: "unreadable", because: "it may not be read by this user (403)" };

/** Roles granted to the account itself. */
export const granted = (...names: string[]): ReadFact<HeldRole[]> =>
  read(names.map((name) => ({ name, ways: [{ by: "direct" as const, from: "" }] })));

/** Rules as "incident read itil,sn_incident_read". */
export const rules = (...lines: string[]): ReadFact<AccessRule[]> =>
  read(
    lines.map((line) => {
      const [name = "", operation = "", roles = ""] = line.split(" ");
      return { name, operation, roles: roles.split(",").filter((role) => role !== ""), conditional: false };
    }),
  );

export const STOCK = rules(
  "incident read itil,sn_incident_read",
  "incident create itil",
  "incident write itil",
  "incident delete itil",
  "problem read itil,sn_problem_read",
  "sys_properties read admin",
  "sys_dictionary read personalize_dictionary",
);

export function inventoryWith(changes: Partial<Inventory> = {}): Inventory {
  const table = (...above: string[]) => read({ extends: above, fields: {} });
  return {
    format: 1,
    name: "prod",
    url: "https://prod.service-now.com",
    readAt: NOW,
    method: read("client_credentials"),
    release: read({ family: "Zurich" }),
    plugins: read({}),
    properties: read({}),
    clients: read([
      {
        sysId: "1".repeat(32),
        name: "Acme sync",
        clientId: "acme-client",
        own: true,
        active: true,
        type: "client",
        user: "acme.sync",
        inboundGrantType: "client_credential",
        accessTokenLifespan: 1800,
        refreshTokenLifespan: 8_640_000,
        publicClient: false,
        scopes: ["acme_tables"],
        onlyScopedApis: true,
        profiles: [],
        updatedOn: "2026-06-01 10:00:00",
      },
    ]),
    apiKeys: read([]),
    issuedTokens: read([]),
    policies: read([]),
    apiScopes: read([]),
    account: read({
      userName: "acme.sync",
      active: true,
      lockedOut: false,
      webServiceAccessOnly: true,
      internalIntegrationUser: false,
      identityType: "machine",
      lastLogin: "2026-10-30 08:00:00",
    }),
    roles: granted("sn_incident_read"),
    accounts: read([]),
    corsRules: read([]),
    rateRules: read([]),
    tables: { incident: table("task"), problem: table("task"), sys_properties: table(), sys_dictionary: table() },
    accessRules: STOCK,
    ...changes,
  };
}
