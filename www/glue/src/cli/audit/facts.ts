/** What `sysparm audit` and `sysparm runbook` read: recorded calls from a file, and the facts of an environment. */
import type { Inventory, Traffic } from "sysparm/environments";
import { fieldsByTable, type GivenOptions, givenNames, givenText, UsageError, type World } from "../command.js";
import { CONNECTION_OPTIONS, hasConnection } from "../connection.js";
import { readEnvironment, savedInventory } from "../environment.js";

export const FACT_OPTIONS = {
  ...CONNECTION_OPTIONS,
  administrator: { value: "profile", description: "the profile that reads the records, where the integration may not" },
  inventory: { value: "file", description: "an environment that `sysparm compare --save` wrote, without connecting" },
  traffic: { value: "file", description: "its recorded calls: a HAR log, lines of JSON, rows of syslog_transaction" },
  user: { value: "name", description: "user name of the account of the integration, where the profile is another's" },
  table: {
    value: "names",
    description: "tables, or fields of them (incident.state), that it uses in addition to those of the recorded calls",
  },
};

export interface EnvironmentFacts {
  inventory: Inventory;
  traffic: Traffic | null;
}

export async function factsOf(given: GivenOptions, world: World): Promise<EnvironmentFacts> {
  const { tablesOf, traffic: readTraffic } = await import("sysparm/environments");
  const [profile, file, recording] = ["profile", "inventory", "traffic"].map((name) => givenText(given, name));
  if (profile !== undefined && file !== undefined) throw new UsageError("Pass one of --profile and --inventory.");
  const traffic = recording === undefined ? null : readTraffic(await world.read(recording));
  if (file !== undefined) return { inventory: savedInventory(file, await world.read(file)), traffic };
  if (profile === undefined && !hasConnection(world.environment)) {
    const advice = "Pass --profile <name> or --inventory <file>, or set SYSPARM_URL and credentials.";
    throw new UsageError(`Missing environment. ${advice}`);
  }
  const user = givenText(given, "user");
  const named = fieldsByTable("table", givenNames(given, "table"));
  const tables = together(named, Object.entries(traffic ? tablesOf(traffic) : {}));
  const options = { tables: Object.fromEntries(tables), ...(user !== undefined && { user }) };
  return {
    inventory: await readEnvironment(profile, givenText(given, "administrator"), options, world),
    traffic,
  };
}

/** Fields by table. Where one of both uses a table whole, by no field, they use it whole. */
function together(
  named: ReadonlyMap<string, readonly string[]>,
  recorded: readonly [table: string, fields: readonly string[]][],
): Map<string, readonly string[]> {
  const tables = new Map(named);
  for (const [table, fields] of recorded) {
    const others = tables.get(table) ?? fields;
    const isWhole = fields.length === 0 || others.length === 0;
    tables.set(table, isWhole ? [] : [...new Set([...others, ...fields])]);
  }
  return tables;
}
