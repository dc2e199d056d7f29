/** `sysparm openapi`: describes tables in OpenAPI, or trims what the REST API Explorer exported. */

import type { Instance } from "sysparm";
import type { ExportedOptions, HttpMethod, OpenApiDocument, OpenApiOptions, TableOperation } from "sysparm/openapi";
import type { TableSchema } from "sysparm/schema";
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
import { connected } from "../connected.js";
import { CONNECTION_OPTIONS } from "../connection.js";
import { jsonText } from "../json-text.js";
import { writeOutput } from "../output-file.js";
import { readableSchema } from "../readable-schema.js";

const OPERATIONS: readonly TableOperation[] = ["list", "get", "create", "update", "delete"];
const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const SPECS = ["3.0", "3.1"] as const;

export const openapiCommand: Command = {
  summary: "describe tables in OpenAPI, for an assistant's action or a generated client",
  example:
    "npx sysparm openapi --table incident.number,incident.state,problem --operation list,get --output openapi.json",
  options: {
    table: { value: "names", description: "tables, or fields of them (incident.state), separated by commas" },
    operation: { value: "names", description: `of ${OPERATIONS.join(", ")}; list,get without it` },
    writable: { value: "names", description: "fields that may be written (incident.state), where fewer than all" },
    spec: { value: "version", description: "3.1 by default", values: SPECS },
    server: { value: "address", description: "another server than the instance: a worker, with the tenant's name" },
    exported: {
      value: "file",
      description: "trim this export of the REST API Explorer (JSON) instead; - for standard input",
    },
    path: {
      value: "text",
      description: 'a path of the export to keep, "GET /api/now/table/{tableName}"; each one once, all without it',
      isRepeated: true,
    },
    output: { value: "file", description: "the file to write; standard output without it" },
    ...CONNECTION_OPTIONS,
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const exported = givenText(given, "exported");
  const document = exported === undefined ? await described(given, world) : await trimmed(exported, given, world);
  const text = `${jsonText(document, 2)}\n`;
  const output = givenText(given, "output");
  if (output === undefined) world.print(text);
  else await writeOutput("output", output, text);
  return 0;
}

async function described(given: GivenOptions, world: World): Promise<OpenApiDocument> {
  if (givenList(given, "path").length > 0)
    throw new UsageError("Missing option `--exported`: `--path` chooses paths of an export. Pass both, or --table.");
  const fields = fieldsByTable("table", givenNames(given, "table"));
  if (fields.size === 0) throw new UsageError("Missing option `--table`. Pass --table incident,problem.");
  const writable = fieldsByTable("writable", givenNames(given, "writable"));
  const [stray] = [...writable].find(([table, names]) => names.length === 0 || !fields.has(table)) ?? [];
  if (stray !== undefined)
    throw new UsageError(
      `Invalid option \`--writable\`: ${stray}. Pass fields (incident.state) of tables that --table names.`,
    );
  const operations = operationsOf(given);
  const version = givenChoice(given, "spec", SPECS) ?? "3.1";
  const { openApi } = await import("sysparm/openapi");
  return connected(given, world, async (instance) => {
    const schemas = await schemasFor(fields, instance, world);
    const choices = [...fields].map(([table, names]): [string, NonNullable<OpenApiOptions["tables"]>[string]] => [
      table,
      {
        operations,
        ...(names.length > 0 && { fields: names }),
        ...(writable.has(table) && { writable: writable.get(table) }),
      },
    ]);
    const url = givenText(given, "server");
    return openApi({
      ...{ schemas, version, tables: Object.fromEntries(choices) },
      ...(url === undefined ? { url: instance.url } : { url, server: "worker" }),
    });
  });
}

async function trimmed(file: string, given: GivenOptions, world: World): Promise<OpenApiDocument> {
  const wrong = ["table", "operation", "writable", "spec"].find((name) => given[name] !== undefined);
  if (wrong) throw new UsageError(`Invalid option \`--${wrong}\`: it is not for --exported. Pass --path.`);
  const paths: Record<string, HttpMethod[]> = {};
  for (const text of givenList(given, "path")) {
    const [method = "", path = "", ...more] = text.split(" ");
    const known = METHODS.find((one) => one === method.toUpperCase());
    if (!known || !path.startsWith("/") || more.length > 0)
      throw new UsageError(`Invalid option \`--path\`: ${text}. Pass "GET /api/now/table/{tableName}".`);
    paths[path] = [...(paths[path] ?? []), known];
  }
  const url = givenText(given, "server");
  const options: ExportedOptions = {
    ...(Object.keys(paths).length > 0 && { paths }),
    ...(url !== undefined && { url }),
  };
  const { importExported } = await import("sysparm/openapi");
  return importExported(await world.read(file), options);
}

function operationsOf(given: GivenOptions): TableOperation[] {
  const names = givenText(given, "operation") === undefined ? ["list", "get"] : givenNames(given, "operation");
  const operations = OPERATIONS.filter((one) => names.includes(one));
  const wrong = names.find((name) => !OPERATIONS.some((one) => one === name));
  if (wrong === undefined && operations.length > 0) return operations;
  const advice = `Pass some of ${OPERATIONS.join(",")}.`;
  throw new UsageError(`Invalid option \`--operation\`: ${wrong ?? given.operation}. ${advice}`);
}

/** Those of the tables, and of the tables that the first step of a dotted field leads to. */
async function schemasFor(
  fields: ReadonlyMap<string, readonly string[]>,
  instance: Instance,
  { signal, complain, progress }: World,
): Promise<TableSchema[]> {
  const schemas = new Map<string, TableSchema>();
  for (const table of fields.keys()) {
    progress(`dictionary of ${table}`);
    const schema = await instance.schema(table, { signal });
    schemas.set(table, schema);
    for (const { what, message } of schema.unread) if (what !== "indexes") complain(`warning: ${table}: ${message}`);
  }
  const dotted = [...fields].flatMap(([table, names]) =>
    names
      .filter((name) => name.includes("."))
      .map((name) => schemas.get(table)?.tables[table]?.fields[name.split(".", 1)[0] ?? ""]?.reference),
  );
  for (const table of new Set(dotted)) {
    if (table === undefined || schemas.has(table)) continue;
    const schema = await readableSchema(instance, table, signal);
    if (schema) schemas.set(table, schema);
    else complain(`warning: the fields of ${table} may not be read: those behind a dot are not described.`);
  }
  return [...schemas.values()];
}
