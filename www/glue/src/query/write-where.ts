/**
 * Writes by query. Nothing is written before lint finds no error and the caller has confirmed the count. All sys_ids are read first, so that
 * a write that moves a row out of the query cannot hide another row from the reading.
 *
 * lint -> sys_ids of all rows -> confirm(count) -> one write for each row, four at a time -> written, failed and left rows
 */
import type { KnownErrorCode, SysparmError, Table, Written } from "sysparm";
import type { Schema, SchemaTable, Query as Sent, WhereOptions, WhereOutcome } from "sysparm/query";
import { checkOptions, FUNCTION, OBJECT, type OptionTypes, SIGNAL, wholeNumber } from "../protocol/check-options.js";
import { stored } from "../shared/rows.js";
import { Query, QueryError } from "./query.js";

/** Rows that one call may write, unless the caller allows more. */
const MOST_ROWS = 10_000;
const AT_ONCE = 4;

const OPTIONS: OptionTypes<WhereOptions> = {
  schema: { ...OBJECT, expects: "the schema of the table", code: "query.schema", isRequired: true },
  confirm: { ...FUNCTION, expects: "a function that is given the count", code: "query.unconfirmed", isRequired: true },
  limit: wholeNumber(1, Number.MAX_SAFE_INTEGER, "query.limit"),
  signal: SIGNAL,
};

/** Writes the same fields to every row that a query finds. */
export async function updateWhere(
  table: Table,
  query: Query,
  patch: Written,
  options: WhereOptions,
): Promise<WhereOutcome> {
  if (Object(patch) !== patch || Object.keys(patch).length === 0) {
    throw refused("query.patch", "Invalid argument `patch`. Pass an object of the fields to write.");
  }
  const { signal, schema } = { ...options };
  const unknown = unknownField(schema, patch);
  // The instance silently drops an unknown field and reports success.
  if (unknown !== undefined)
    throw refused("query.patch", `Unknown field \`${unknown}\` of ${schema.table}. Pass fields that the schema has.`);
  return writeWhere(table, query, options, (id) =>
    table.update(id, patch, { fields: ["sys_id"], ...(signal && { signal }) }),
  );
}

/** The first field that neither the table nor a table that it extends has; undefined if the schema lacks one of these tables. */
function unknownField(schema: Schema | undefined, patch: Written): string | undefined {
  const classes = new Set<string>();
  const fields = new Set<string>();
  for (let name = schema?.table; name !== undefined && !classes.has(name); ) {
    const one: SchemaTable | undefined = schema?.tables?.[name];
    if (!one?.fields) return undefined;
    classes.add(name);
    for (const field of Object.keys(one.fields)) fields.add(field);
    name = one.extends;
  }
  return fields.size > 0 ? Object.keys(patch).find((field) => !fields.has(field)) : undefined;
}

/** Deletes every row that a query finds. */
export async function deleteWhere(table: Table, query: Query, options: WhereOptions): Promise<WhereOutcome> {
  const { signal } = { ...options };
  return writeWhere(table, query, options, (id) => table.delete(id, signal && { signal }));
}

async function writeWhere(
  table: Table,
  query: Query,
  options: WhereOptions,
  write: (id: string) => Promise<unknown>,
): Promise<WhereOutcome> {
  if (typeof table?.pages !== "function") {
    throw refused("query.table", "Invalid argument `table`. Pass what instance.table() gives.");
  }
  if (!(query instanceof Query)) {
    throw refused("query.not-examined", "Invalid argument `query`. Pass a Query: Query.parse(text).");
  }
  // A call without options gets the error of the first required option.
  checkOptions({ ...options }, OPTIONS, unsupported);
  const { schema, confirm, limit = MOST_ROWS, signal } = options;
  if (schema.table !== table.name) {
    throw refused("query.schema", `Invalid option \`schema\`. Pass the schema of ${table.name}.`);
  }
  // Conditions that are always or never true do not count, because the platform ignores some of them.
  const whole = query.tree().any.length === 0 || query.lint(schema).some(({ code }) => code === "query.whole-table");
  if (whole) throw refused("query.whole-table", "A query without conditions that restrict it is the whole table");
  query.check(schema);
  // A row that moves during the reading may be read twice, and is written once.
  const found = new Set<string>();
  let hidden: number | null = null;
  for await (const page of table.pages({
    query: query as unknown as Sent,
    fields: ["sys_id"],
    limit: limit + 1,
    ...(signal && { signal }),
  })) {
    for (const row of page.rows) {
      const id = stored(row, "sys_id");
      // A row without a sys_id cannot be written, and the confirmed count would be wrong.
      if (!id) throw refused("query.row-unnamed", "Nothing was written: a row came without its sys_id");
      found.add(id);
    }
    hidden = page.hidden;
  }
  const ids = [...found];
  if (ids.length > limit) {
    throw refused("query.too-many-rows", `The query finds more than ${limit} rows; raise the limit if all are meant`);
  }
  if (ids.length === 0 || (await confirm({ rows: ids.length, hidden, explanation: query.explain() })) !== true) {
    return { written: 0, failed: [], left: ids };
  }
  const outcome: WhereOutcome = { written: 0, failed: [], left: [] };
  let stopped = false;
  const next = ids.values();
  const worker = async () => {
    for (const id of next) {
      if (stopped || signal?.aborted) outcome.left.push(id);
      else {
        try {
          await write(id);
          outcome.written += 1;
        } catch (error) {
          outcome.failed.push({ id, error });
          stopped ||= !concernsOneRow(error);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcome;
}

/** Whether an error concerns one row: a deleted or protected one, but not an instance that does not answer. */
function concernsOneRow(error: unknown): boolean {
  const { kind } = (error ?? {}) as Partial<SysparmError>;
  return kind === "record" || kind === "authorization";
}

/** An unknown option has a code of this entry. */
function unsupported(code: KnownErrorCode, message: string): QueryError {
  return refused(code === "options.unknown" ? "query.option" : code, message);
}

function refused(code: KnownErrorCode, message: string): QueryError {
  return new QueryError(code, message);
}
