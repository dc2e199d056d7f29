/** `sysparm compare`: reads what environments have, or takes saved inventories, and prints how they differ. */

import { join } from "node:path";
import type { Comparison, Inventory, InventoryOptions, Rank } from "sysparm/environments";
import {
  type Command,
  fieldsByTable,
  type GivenOptions,
  givenChoice,
  givenList,
  givenNames,
  givenText,
  UsageError,
  type World,
} from "../command.js";
import { readEnvironment, savedInventory } from "../environment.js";
import { jsonText } from "../json-text.js";
import { writeOutput } from "../output-file.js";

/** Something differs, or is unknown where that was asked for. */
const DIFFERENT = 1;
const RANKS: readonly Rank[] = ["sign-in", "requests", "data", "limits", "cosmetic"];
const FORMATS = ["text", "markdown", "json"] as const;
const ONLY_OWNER = 0o600;

export const compareCommand: Command = {
  summary: "Say how environments differ, ranked by what it breaks. Exits with 1 where they do.",
  example: "npx sysparm compare --profile dev --profile prod --table incident.number,incident.state,cmdb_ci",
  options: {
    profile: { value: "profile", description: "an environment to read; for each environment once", isRepeated: true },
    administrator: {
      value: "name=profile",
      description: "the profile that reads the records of the environment <name>, where the integration may not",
      isRepeated: true,
    },
    inventory: {
      value: "file",
      description: "an environment that was saved; for each environment once",
      isRepeated: true,
    },
    table: { value: "names", description: "tables that the integration uses, or fields of them (incident.state)" },
    user: { value: "name", description: "user name of the account of the integration, where the profile is another's" },
    property: { value: "names", description: "more properties to compare, separated by commas" },
    plugin: { value: "ids", description: "more plugins to compare, separated by commas" },
    save: { value: "folder", description: "keep what was read of each profile in <folder>/<name>.json" },
    "at-least": { value: "rank", description: "exit with 1 only from this rank on", values: RANKS },
    unknown: { value: "fail", description: "exit with 1 also where something is unknown", values: ["fail"] },
    format: { value: "name", description: "text by default", values: FORMATS },
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const profiles = givenList(given, "profile");
  const files = givenList(given, "inventory");
  const folder = givenText(given, "save");
  const format = givenChoice(given, "format", FORMATS) ?? "text";
  const least = givenChoice(given, "at-least", RANKS) ?? "cosmetic";
  const isUnknownFailing = given.unknown === "fail";
  const administrators = administratorsOf(given, profiles);
  const options = optionsOf(given);
  const isComparing = profiles.length + files.length > 1;
  if (!isComparing && (folder === undefined || profiles.length === 0)) {
    const advice =
      "Pass --profile <name> or --inventory <file> for each environment, at least two; one with --save <folder>.";
    throw new UsageError(`Missing environments. ${advice}`);
  }
  const library = await import("sysparm/environments");
  const inventories: Inventory[] = [];
  for (const file of files) inventories.push(savedInventory(file, await world.read(file)));
  for (const name of profiles) inventories.push(await readEnvironment(name, administrators.get(name), options, world));
  if (folder !== undefined) await save(folder, inventories.slice(files.length), world);
  if (!isComparing) return 0;
  const comparison = library.compare(inventories);
  if (format === "json") world.print(`${jsonText(comparison, 2)}\n`);
  else world.print(format === "text" ? library.comparisonText(comparison) : library.comparisonMarkdown(comparison));
  if (isUnknownFailing && comparison.unknown.length > 0) return DIFFERENT;
  return hasDifference(comparison, least) ? DIFFERENT : 0;
}

function hasDifference({ differences }: Comparison, least: Rank): boolean {
  return differences.some(({ rank }) => RANKS.indexOf(rank) <= RANKS.indexOf(least));
}

function optionsOf(given: GivenOptions): Pick<InventoryOptions, "tables" | "user" | "properties" | "plugins"> {
  const user = givenText(given, "user");
  return {
    tables: Object.fromEntries(fieldsByTable("table", givenNames(given, "table"))),
    properties: givenNames(given, "property"),
    plugins: givenNames(given, "plugin"),
    ...(user !== undefined && { user }),
  };
}

function administratorsOf(given: GivenOptions, profiles: readonly string[]): Map<string, string> {
  const pairs = givenList(given, "administrator").map((pair): [string, string] => {
    const [name = "", administrator = "", ...more] = pair.split("=");
    if (profiles.includes(name) && administrator !== "" && more.length === 0) return [name, administrator];
    const advice = "Pass one of --profile, = and the profile that reads its records: --administrator dev=dev-admin.";
    throw new UsageError(`Invalid option \`--administrator\`: ${pair}. ${advice}`);
  });
  return new Map(pairs);
}

/** An inventory holds no secret, but says where an instance is open. */
async function save(folder: string, inventories: readonly Inventory[], world: World): Promise<void> {
  for (const inventory of inventories) {
    const file = join(folder, `${inventory.name}.json`);
    await writeOutput("save", file, `${JSON.stringify(inventory, null, 2)}\n`, ONLY_OWNER);
    world.complain(`${inventory.name} is in ${file}`);
  }
}
