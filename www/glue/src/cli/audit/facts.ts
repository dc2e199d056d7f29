/** What `sysparm audit` and `sysparm runbook` read: recorded calls from a file, and the facts of an environment. */
import type { Inventory, Traffic } from "sysparm/environments";
import { type GivenOptions, givenText, UsageError, type World } from "../command.js";
import { readEnvironment, savedInventory } from "../environment.js";

export const FACT_OPTIONS = {
  profile: { value: "profile", description: "the integration's environment" },
  administrator: { value: "profile", description: "the profile that reads the records, where the integration may not" },
  inventory: { value: "file", description: "an environment that `sysparm compare --save` wrote, without connecting" },
  traffic: { value: "file", description: "its recorded calls: a HAR log, lines of JSON, rows of syslog_transaction" },
  user: { value: "name", description: "user name of the account of the integration, where the profile is another's" },
  table: {
    value: "names",
    description: "tables that it uses in addition to those of the recorded calls, separated by commas",
  },
};

export interface EnvironmentFacts {
  inventory: Inventory;
  traffic: Traffic | null;
}

export async function factsOf(given: GivenOptions, world: World): Promise<EnvironmentFacts> {
  const { tablesOf, traffic: readTraffic } = await import("sysparm/environments");
  const [profile, file, recording] = ["profile", "inventory", "traffic"].map((name) => givenText(given, name));
  if ((profile === undefined) === (file === undefined))
    throw new UsageError("Missing environment. Pass --profile <name>, or --inventory <file>.");
  const traffic = recording === undefined ? null : readTraffic(await world.read(recording));
  if (file !== undefined) return { inventory: savedInventory(file, await world.read(file)), traffic };
  const user = givenText(given, "user");
  const named = (givenText(given, "table") ?? "").split(",").map((table) => table.trim());
  const tables = {
    ...Object.fromEntries(named.filter(Boolean).map((table) => [table, []])),
    ...(traffic && tablesOf(traffic)),
  };
  const options = { tables, ...(user !== undefined && { user }) };
  return {
    inventory: await readEnvironment(profile ?? "", givenText(given, "administrator"), options, world),
    traffic,
  };
}
