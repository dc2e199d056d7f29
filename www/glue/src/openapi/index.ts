/** `sysparm/openapi`: descriptions of tables of an instance. Nothing is requested. */
import type { OpenApiDocument, OpenApiOptions, TableChoice, TableOperation } from "sysparm/openapi";
import { checkOptions, FLAG, NAMES, OBJECT, type OptionTypes, TEXT, wholeNumber } from "../protocol/check-options.js";
import { TABLE_SCHEMAS } from "../shared/table-schemas.js";
import { ADDRESS } from "./address.js";
import { securityOf, withinLimits } from "./document.js";
import { misused } from "./error.js";
import { pathsOf } from "./operations.js";
import { recordName, recordSchema, sharedSchemas, writtenName, writtenSchema } from "./schemas.js";
import { type DescribedTable, describedTables } from "./tables.js";

export { OpenApiError } from "./error.js";
export { importExported } from "./exported.js";

const oneOf = (...values: string[]) => ({
  expects: values.map((value) => `"${value}"`).join(" or "),
  accepts: (value: unknown) => values.includes(value as string),
});

const OPTIONS: OptionTypes<OpenApiOptions> = {
  url: { ...ADDRESS, isRequired: true },
  schemas: TABLE_SCHEMAS,
  tables: OBJECT,
  version: oneOf("3.0", "3.1"),
  title: TEXT,
  server: oneOf("instance", "worker"),
  maxOperations: wholeNumber(1, 10_000),
  maxBytes: wholeNumber(1, 1e9),
};

const OPERATIONS = ["list", "get", "create", "update", "delete"];

const CHOICE: OptionTypes<TableChoice> = {
  operations: {
    expects: `a list of ${OPERATIONS.join(", ")}`,
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => OPERATIONS.includes(one)),
  },
  fields: NAMES,
  conditions: NAMES,
  writable: NAMES,
  maxRows: wholeNumber(1, 100_000),
  displayValues: FLAG,
};

/** Describes tables. */
export function openApi(options: OpenApiOptions): OpenApiDocument {
  checkOptions(options, OPTIONS, misused);
  for (const [table, choice] of Object.entries(options.tables ?? {})) {
    checkOptions(choice, CHOICE, misused, `tables.${table}.`);
  }
  const { url, version = "3.1", title = "ServiceNow", server = "instance" } = options;
  const tables = describedTables(options);
  const { security, securitySchemes } = securityOf(
    server === "worker" ? "The caller's key or token of the worker." : "An access token of the instance.",
  );
  const schemas: [string, object][] = [];
  for (const table of tables) {
    const { operations } = table;
    const has = (...names: TableOperation[]) => names.some((name) => operations.has(name));
    if (has("list", "get", "create", "update")) schemas.push([recordName(table), recordSchema(table, version)]);
    if (has("create", "update")) schemas.push([writtenName(table), writtenSchema(table)]);
  }
  const document: OpenApiDocument = {
    openapi: version === "3.0" ? "3.0.3" : "3.1.0",
    info: { title, version: "1", description: introduction(tables) },
    servers: [{ url: url.replace(/\/+$/, "") }],
    security,
    paths: Object.assign({}, ...tables.map((table) => pathsOf(table, server))),
    components: {
      securitySchemes,
      schemas: {
        ...Object.fromEntries(schemas),
        ...sharedSchemas(
          version,
          tables.some((one) => one.displayValues),
        ),
      },
    },
  };
  return withinLimits(document, options, adviceFor(tables));
}

function introduction(tables: readonly DescribedTable[]): string {
  const names = tables.map(({ name, label }) => (name === label ? name : `${label} (${name})`)).join(", ");
  const gaps = tables.filter(({ complete }) => !complete).map(({ name }) => name);
  return [
    `Records of ServiceNow: ${names}.`,
    "Find records with a list operation; a sys_id identifies one. Values are text; choices are stored by value and times in UTC.",
    "Access rules hide records and fields without an error.",
    ...(gaps.length > 0
      ? [`Fields may be missing here, for the dictionary could not be read whole: ${gaps.join(", ")}.`]
      : []),
  ].join(" ");
}

function adviceFor(tables: readonly DescribedTable[]): string {
  const [largest] = [...tables].sort((one, other) => other.read.length - one.read.length);
  return `Choose fewer tables, operations or fields: ${largest?.name} has ${largest?.read.length} fields.`;
}
