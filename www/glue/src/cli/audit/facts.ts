/** What `sysparm audit` and `sysparm runbook` read: recorded calls from a file, and the facts of an environment. */
import type { Instance } from "sysparm";
import type { AuthMethod, Inventory, Traffic } from "sysparm/environments";
import { type GivenOptions, givenText, UsageError, type World } from "../command.js";
import { connected } from "../connected.js";
import { readProfile } from "../profile/file.js";

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
  /** Of the profile. */
  clientId?: string | undefined;
}

export async function factsOf(given: GivenOptions, world: World): Promise<EnvironmentFacts> {
  const { tablesOf, traffic: readTraffic, readInventory } = await import("sysparm/environments");
  const [profile, file, recording] = ["profile", "inventory", "traffic"].map((name) => givenText(given, name));
  if ((profile === undefined) === (file === undefined))
    throw new UsageError("Missing environment. Pass --profile <name>, or --inventory <file>.");
  const traffic = recording === undefined ? null : readTraffic(await world.read(recording));
  if (file !== undefined) return { inventory: saved(file, await world.read(file)), traffic };
  const name = profile ?? "";
  const { way, fields } = await readProfile(name, world);
  const user = givenText(given, "user");
  const named = (givenText(given, "table") ?? "").split(",").map((table) => table.trim());
  const tables = {
    ...Object.fromEntries(named.filter(Boolean).map((table) => [table, []])),
    ...(traffic && tablesOf(traffic)),
  };
  const read = (administrator?: Instance) =>
    connected({ profile: name }, world, (instance) =>
      readInventory(instance, {
        name,
        administrator,
        method: way.kind as AuthMethod,
        tables,
        ...(user !== undefined && { user }),
        ...(fields.clientId !== undefined && { clientId: fields.clientId }),
        signal: world.signal,
        onProgress: (fact) => world.progress(`${name}: ${fact}`),
      }),
    );
  const administrator = givenText(given, "administrator");
  const inventory = administrator === undefined ? read() : connected({ profile: administrator }, world, read);
  return { inventory: await inventory, traffic, clientId: fields.clientId };
}

function saved(file: string, text: string): Inventory {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`Invalid file \`${file}\`: it is no JSON. Pass a file that \`sysparm compare --save\` wrote.`);
  }
}
