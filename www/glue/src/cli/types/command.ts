/** `sysparm types`: writes interfaces of tables from the dictionary, or checks that a file holds them. */
import { readFile } from "node:fs/promises";
import { type Instance, SysparmError } from "sysparm";
import type { TableSchema } from "sysparm/schema";
import { nearest } from "../../shared/nearest.js";
import { type Command, type GivenOptions, givenNames, UsageError, type World } from "../command.js";
import { connected } from "../connected.js";
import { CONNECTION_OPTIONS } from "../connection.js";
import { writeOutput } from "../output-file.js";

/** Names of tables that are compared with an unknown one. */
const MOST_TABLES = 5000;
/** Nothing but `--check` gives it. */
const NOT_CURRENT = 1;

export const types: Command = {
  summary: "write TypeScript, JSON Schema, Zod or Valibot of tables, from the instance's dictionary",
  example: "npx sysparm types --table incident,cmdb_ci --output src/tables.ts",
  options: {
    table: { value: "names", description: "tables, separated by commas" },
    output: { value: "file", description: "the file to write; standard output without it" },
    "json-schema": { description: "write JSON Schema, draft 2020-12, instead of TypeScript" },
    zod: { description: "write Zod 4 schemas instead" },
    valibot: { description: "write Valibot 1 schemas instead" },
    check: { description: "write nothing; exit with 1 if the file is not what would be written" },
    ...CONNECTION_OPTIONS,
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const { output, check } = given;
  const tables = givenNames(given, "table");
  if (tables.length === 0) throw new UsageError("Missing option `--table`. Pass --table incident,cmdb_ci.");
  const wrong = tables.find((name) => !/^\w{1,100}$/.test(name));
  if (wrong) throw new UsageError(`Invalid option \`--table\`: ${wrong}. Pass names of letters, digits and _.`);
  if (check && !output)
    throw new UsageError("Missing option `--output`. Pass the file to check: --output src/tables.ts.");
  const generate = await generatorOf(given);
  const text = generate(await connected(given, world, (instance) => readSchemas(tables, instance, world)));
  const flags = GENERATED.filter((name) => given[name]).map((name) => ` --${name}`);
  const command = `npx sysparm types --table ${tables.join(",")}${flags.join("")} --output ${output}`;
  if (check) return compare(String(output), text, command, world);
  if (output) await writeOutput("output", String(output), text);
  else world.print(text);
  return 0;
}

/** Instead of TypeScript. */
const GENERATED = ["json-schema", "zod", "valibot"] as const;

async function generatorOf(given: GivenOptions): Promise<(schemas: readonly TableSchema[]) => string> {
  const asked = GENERATED.filter((name) => given[name]);
  if (asked.length > 1) {
    const names = asked.map((name) => `\`--${name}\``).join(" and ");
    throw new UsageError(`Options ${names} exclude each other. Pass one of them, for each file.`);
  }
  const { jsonSchema, typescript, valibot, zod } = await import("sysparm/codegen");
  switch (asked[0]) {
    case "json-schema":
      return (schemas) => `${JSON.stringify(jsonSchema(schemas), null, 2)}\n`;
    case "zod":
      return (schemas) => zod(schemas);
    case "valibot":
      return (schemas) => valibot(schemas);
    default:
      return typescript;
  }
}

async function readSchemas(
  tables: readonly string[],
  instance: Instance,
  { signal, complain, progress }: World,
): Promise<TableSchema[]> {
  const found: TableSchema[] = [];
  for (const table of tables) {
    progress(`dictionary of ${table}, ${found.length + 1} of ${tables.length}`);
    const schema = await instance.schema(table, { signal }).catch(async (thrown: unknown) => {
      if (thrown instanceof SysparmError && thrown.code === "table.unknown")
        await nameNearest(instance, table, complain);
      throw thrown;
    });
    const gaps = schema.unread.filter(({ what }) => what === "ancestry" || what === "fields");
    if (gaps.length > 0 || !schema.complete) throw new Error(unreadable(table, gaps));
    for (const { what, message } of schema.unread) if (what !== "indexes") complain(`warning: ${table}: ${message}`);
    found.push(schema);
  }
  return found;
}

/** Says which tables an unknown one may stand for, as far as this user may read their names. */
async function nameNearest(instance: Instance, table: string, complain: World["complain"]): Promise<void> {
  const query = `nameSTARTSWITH${table.slice(0, 2)}^ORnameENDSWITH${table.slice(-3)}`;
  const rows = await instance
    .table("sys_db_object")
    .toArray({ query, fields: ["name"], limit: MOST_TABLES })
    .catch(() => []);
  const near = nearest(
    table,
    rows.flatMap(({ name }) => (typeof name === "string" ? name : [])),
  );
  if (near.length > 0) complain(`Unknown table \`${table}\`. Nearest tables: ${near.join(", ")}.`);
}

/** Fields that are missing would look misspelt. The role is that of the product documentation for the dictionary. */
function unreadable(table: string, gaps: TableSchema["unread"]): string {
  const reasons = gaps.map(({ message }) => message).join("; ");
  return `The fields of ${table} cannot be read whole: ${reasons}. Use a user with the role personalize_dictionary or admin.`;
}

async function compare(file: string, expected: string, command: string, world: World): Promise<number> {
  const actual = await readFile(file, "utf8").catch(() => undefined);
  if (actual?.replaceAll("\r\n", "\n") === expected) return 0;
  const lines = actual?.split(/\r?\n/) ?? [];
  const place = expected.split("\n").findIndex((line, index) => line !== lines[index]);
  const what = actual === undefined ? `${file} cannot be read` : `${file} is not current: line ${place + 1} differs`;
  world.complain(`${what}. Write it: ${command}`);
  return NOT_CURRENT;
}
