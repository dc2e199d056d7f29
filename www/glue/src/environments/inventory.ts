/** Reads an inventory, one fact after another: the instance serves a few requests of a user at a time, and people work on it. */
import type { Instance } from "sysparm";
import type { AuthMethod, Fact, Inventory, InventoryOptions } from "sysparm/environments";
import { requestError } from "../errors/index.js";
import {
  checkArgument,
  checkOptions,
  FUNCTION,
  hasFunctions,
  NAMES,
  type OptionTypes,
  SIGNAL,
  TEXT,
} from "../protocol/check-options.js";
import { GRANTS } from "./grants.js";
import { readAccount, readAccounts, readOwnName, readRoles } from "./people.js";
import { knownOf, Reader, readFact, unreadableFact } from "./reader.js";
import { readAccessRules, readCorsRules, readRateRules } from "./rules.js";
import { readPlugins, readProperties } from "./settings.js";
import { readApiKeys, readApiScopes, readClients, readIssuedTokens, readPolicies } from "./sign-in.js";
import { readTable } from "./tables.js";

const METHODS: readonly AuthMethod[] = [
  ...GRANTS,
  ...(["token", "api_key", "basic", "hmac", "certificate", "session"] as const),
];
export const MOST_TABLES = 100;
const TABLE_NAME = /^\w{1,100}$/;
const hasTables = (value: unknown) => hasFunctions(value, "table", "schema");

const OPTIONS: OptionTypes<InventoryOptions> = {
  name: { ...TEXT, isRequired: true },
  administrator: { expects: "an instance of connect()", accepts: hasTables },
  clientId: TEXT,
  user: { expects: "a user name without ^", accepts: (value) => typeof value === "string" && !value.includes("^") },
  method: { expects: METHODS.join(", "), accepts: (value) => METHODS.includes(value as AuthMethod) },
  tables: {
    expects: `at most ${MOST_TABLES} names of tables, or lists of fields by name of the table`,
    accepts: (value) => {
      if (typeof value !== "object" || value === null) return false;
      const names = Array.isArray(value) ? value : Object.keys(value);
      const lists = Array.isArray(value) ? [] : Object.values(value);
      const fits = names.every((name) => typeof name === "string" && TABLE_NAME.test(name));
      return fits && names.length <= MOST_TABLES && lists.every((list) => NAMES.accepts(list));
    },
  },
  plugins: NAMES,
  properties: NAMES,
  signal: SIGNAL,
  onProgress: FUNCTION,
};

/** The facts of one environment. */
export async function readInventory(instance: Instance, options: InventoryOptions): Promise<Inventory> {
  const connection = { expects: "an instance of connect()", accepts: hasTables, isRequired: true };
  checkArgument("instance", instance, connection, requestError);
  checkOptions(options, OPTIONS, requestError);
  const { name, administrator = instance, clientId, method, tables = [], plugins = [], properties = [] } = options;
  const { signal } = options;
  const reader = new Reader(signal, options.onProgress);
  const settings = await readProperties(reader, administrator, properties);
  const activity = await readPlugins(reader, administrator, plugins);
  const clients = await readClients(reader, administrator, clientId);
  const apiKeys = await readApiKeys(reader, administrator);
  const issuedTokens = await readIssuedTokens(reader, administrator);
  const policies = await readPolicies(reader, administrator);
  const apiScopes = await readApiScopes(reader, administrator);
  const ofClient = knownOf(clients).find(({ own }) => own)?.user;
  const given = options.user ?? ofClient;
  const userName: Fact<string> = given ? readFact(given) : await readOwnName(reader, instance);
  const account = await readAccount(reader, administrator, userName);
  const roles = await readRoles(reader, administrator, userName);
  const owners = [...knownOf(clients), ...knownOf(apiKeys)].flatMap(({ user }) => user || []);
  const accounts = await readAccounts(reader, administrator, [...new Set(owners)], settings.release);
  const corsRules = await readCorsRules(reader, administrator);
  const rateRules = await readRateRules(reader, administrator);
  const wanted = Array.isArray(tables)
    ? tables.map((table): [string, string[]] => [table, []])
    : Object.entries(tables);
  const used: Inventory["tables"] = {};
  for (const [table, fields] of wanted) used[table] = await readTable(reader, administrator, table, fields, signal);
  const classes = Object.entries(used).flatMap(([table, fact]) => [
    table,
    ...(fact.status === "read" ? fact.value.extends : []),
  ]);
  const accessRules = await readAccessRules(reader, administrator, [...new Set(classes)]);
  reader.end();
  return {
    format: 1,
    name,
    url: instance.url,
    readAt: Date.now(),
    ...(clientId !== undefined && { clientId }),
    method: method ? readFact(method) : unreadableFact("the option `method` was not given"),
    ...settings,
    plugins: activity,
    clients,
    apiKeys,
    issuedTokens,
    policies,
    apiScopes,
    account,
    roles,
    accounts,
    corsRules,
    rateRules,
    tables: used,
    accessRules,
  };
}
