/** `sysparm query`: encoded queries examined, explained, counted and run. */

import type { Instance, Page } from "sysparm";
import {
  type Command,
  type CommandGroup,
  type GivenOptions,
  givenChoice,
  givenNames,
  givenNumber,
  givenText,
  UsageError,
  type World,
} from "../command.js";
import { connected } from "../connected.js";
import { CONNECTION_OPTIONS } from "../connection.js";
import { jsonText } from "../json-text.js";
import { withoutControls } from "../terminal-text.js";
import { FORMATS, rowOutput } from "./output.js";
import { schemaFor } from "./schemas.js";

const TABLE = { name: "table", description: "the table" };
const QUERY = { name: "query", description: "an encoded query; - reads it from standard input" };
/** Rows that are printed unless `--limit` or `--all` says otherwise. */
const FEW = 100;
const MOST = 1_000_000_000;
/** Lint finds an error. */
const HAS_ERRORS = 1;

const lint: Command = {
  summary: "examine a query against the table's dictionary; exits with 1 if it finds an error",
  example: "npx sysparm query lint incident 'active=true^priorty=1' --profile dev",
  positionals: [TABLE, QUERY],
  options: { json: { description: "print the problems as JSON" }, ...CONNECTION_OPTIONS },
  async run(given, world) {
    const table = String(given.table);
    const text = await queryText(given, world);
    const { Query } = await import("sysparm/query");
    const query = Query.parse(text, { lenient: true });
    const schema = await connected(given, world, (instance) => schemaFor(query.tree(), table, instance, world));
    const problems = query.lint(schema);
    if (given.json) world.print(`${jsonText({ query: query.toString(), problems }, 2)}\n`);
    else if (problems.length > 0) world.print(`${withoutControls(query.toString())}\n`);
    for (const { severity, start, end, code, message, fixes } of given.json ? [] : problems) {
      const steps = fixes.map((fix) => `\n  * ${fix.title}: ${query.fixed(fix).toString()}`).join("");
      world.print(withoutControls(`${start}-${end} ${severity} (${code}): ${message}${steps}\n`));
    }
    return problems.some(({ severity }) => severity === "error") ? HAS_ERRORS : 0;
  },
};

const explain: Command = {
  summary: "say in one English sentence what a query finds; needs no instance",
  example: "npx sysparm query explain 'active=true^priority<=2^ORDERBYDESCsys_created_on'",
  positionals: [{ ...QUERY, description: "an encoded query, or the address of a list; - reads standard input" }],
  options: {},
  async run(given, world) {
    const text = await queryText(given, world);
    const { Query } = await import("sysparm/query");
    if (!/^https?:\/\//.test(text)) {
      world.print(withoutControls(`${Query.parse(text).explain()}\n`));
      return 0;
    }
    const { table, query } = Query.fromUrl(text);
    world.print(withoutControls(`${table}: ${query.explain()}\n${query.toString()}\n`));
    return 0;
  },
};

const count: Command = {
  summary: "count the rows that a query finds, before access rules on rows",
  example: "npx sysparm query count incident 'active=true' --profile dev",
  positionals: [TABLE, { ...QUERY, isOptional: true }],
  options: CONNECTION_OPTIONS,
  async run(given, world) {
    const query = await queryText(given, world);
    const { signal } = world;
    const options = { verify: true, signal };
    const found = await connected(given, world, (it) => it.table(String(given.table)).count(query, options));
    world.print(`${found}\n`);
    return 0;
  },
};

const run: Command = {
  summary: "read the rows that a query finds",
  example:
    "npx sysparm query run incident 'active=true^ORDERBYnumber' --fields number,state --all --format csv > open.csv",
  positionals: [TABLE, { ...QUERY, isOptional: true }],
  options: {
    fields: { value: "names", description: "fields, separated by commas; also behind dots: caller_id.name" },
    limit: { value: "rows", description: `the most rows; ${FEW} by default` },
    all: { description: "every row" },
    format: { value: "name", description: "table by default", values: FORMATS },
    "raw-csv": { description: "leave cells of CSV as they are, also where a spreadsheet would run them as formulas" },
    labels: { description: "what people see in the place of raw values" },
    unchecked: { description: "do not compare names of fields with the dictionary first" },
    ...CONNECTION_OPTIONS,
  },
  async run(given, world) {
    const format = givenChoice(given, "format", FORMATS) ?? "table";
    const limit = givenNumber(given, "limit", 1, MOST);
    if (limit !== undefined && given.all) throw new UsageError("Pass one of --limit and --all.");
    const names = givenNames(given, "fields");
    const fields = names.length > 0 ? names : undefined;
    if (given["raw-csv"] && format !== "csv")
      throw new UsageError("Invalid option `--raw-csv`: it is for CSV. Pass --format csv, or leave it out.");
    const query = await queryText(given, world);
    const output = rowOutput(format, fields, world.complain, given["raw-csv"] === true);
    const options = {
      ...{ query, fields, signal: world.signal, displayValue: given.labels === true },
      limit: given.all ? undefined : (limit ?? FEW),
    };
    const schema = given.unchecked ? undefined : ("check" as const);
    const onEvent = ({ type, ...event }: { type: string; detail?: unknown; message?: string }) => {
      if (type === "schema.unread") world.complain(`warning: names of fields are not checked: ${event.detail}`);
      if (type === "query.condition-dropped") world.complain(`warning: a condition was left out: ${event.detail}`);
      if (type === "request.retried") world.progress(`waiting: ${event.message}`);
    };
    const read = async (instance: Instance) => {
      let last: Page | undefined;
      for await (const page of instance.table(String(given.table)).pages(options)) {
        world.print(output.page(page.rows));
        await world.drained();
        world.progress(`${page.seen} of ${page.total ?? "an unknown number of"} rows`);
        last = page;
      }
      world.print(output.end());
      for (const note of notes(last, given)) world.complain(note);
    };
    await connected(given, world, read, { schema, onEvent });
    return 0;
  },
};

export const query: CommandGroup = {
  summary: "encoded queries: lint, explain, count, run",
  commands: { lint, explain, count, run },
};

/** What the rows do not say of themselves. Of a reading that ends early the promise of a whole one does not matter. */
function notes(last: Page | undefined, { all, limit }: GivenOptions): string[] {
  if (!last) return [];
  const { seen, total, hidden, caveat } = last;
  if (!all) return total !== null && total > seen && !limit ? [`${seen} of ${total} rows. Every row: --all`] : [];
  return [
    ...(caveat ? [`warning: ${caveat}`] : []),
    ...(hidden ? [`${hidden} rows are hidden from this user by access rules.`] : []),
  ];
}

/** The query as text; empty where none was given. */
async function queryText(given: GivenOptions, world: World): Promise<string> {
  const text = givenText(given, "query") ?? "";
  return text === "-" ? (await world.read("-")).trim() : text;
}
