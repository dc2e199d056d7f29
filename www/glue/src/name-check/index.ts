/**
 * `connect({ schema: "check" })`: names of fields are compared with the table's schema before anything is sent. The schema is read once
 * for each table and kept for an hour, as that of `instance.schema()`, which is the same one.
 */
import type { AggregateOptions, Instance, SysparmError, SysparmEvent, Table, Written } from "sysparm";
import type { SchemaOptions, TableSchema } from "sysparm/schema";
import type { Refuse } from "../protocol/check-options.js";
import { HOUR, isYoung, MOST_KEPT } from "../shared/kept-schemas.js";
import { nearest } from "../shared/nearest.js";
import { encodedQuery } from "../shared/query-text.js";
import { namesIn } from "./names-in-query.js";

type NamingOptions =
  | { query?: unknown; fields?: unknown; signal?: AbortSignal | undefined; correlation?: unknown }
  | undefined;
type Place = readonly [place: string, names: readonly unknown[]];
type Named = readonly unknown[] | undefined;

/** Names that the dictionary does not list: tags, and what is behind a class (`ref_incident.caller_id`). */
const UNLISTED = /^(?:sys_tags|ref_|variables\.)/;

/** Makes the calls of an instance check the names of fields. */
export function checkNames(instance: Instance, invalid: Refuse, emit: (event: SysparmEvent) => unknown): void {
  const open = instance.table.bind(instance) as (name: string) => Table;
  const aggregate = instance.aggregate.bind(instance);
  // The dictionary itself is read unchecked.
  const source = { url: instance.url, table: open, request: instance.request.bind(instance) } as unknown as Instance;
  const known = new Map<string, TableSchema>();
  const reported = new Set<string>();

  const schema = async (table: string, options?: SchemaOptions): Promise<TableSchema> => {
    const found = await (await import("../schema/index.js")).schema(source, table, options);
    known.delete(table);
    known.set(table, found);
    if (known.size > MOST_KEPT) known.delete(known.keys().next().value as string);
    return found;
  };

  /** Undefined where fields may be missing, so that no name can be refused. */
  const complete = async (table: string, signal: AbortSignal | undefined): Promise<TableSchema | undefined> => {
    let why: string;
    try {
      const found = await schema(table, signal && { signal });
      if (found.complete) return found;
      why = found.unread.map(({ message }) => message).join("; ");
    } catch (thrown) {
      const { code, message } = thrown as SysparmError;
      if (code !== "schema.unreadable") throw thrown;
      why = message;
    }
    if (!reported.has(table)) emit({ type: "schema.unread", at: Date.now(), detail: `${table}: ${why}` });
    reported.add(table);
    return undefined;
  };

  /** The table and name that do not fit, as far as tables behind references are known. */
  const misfit = (found: TableSchema, name: string): [table: TableSchema, field: string] | undefined => {
    if (UNLISTED.test(name)) return undefined;
    const fields = found.tables[found.table]?.fields ?? {};
    const [head = "", ...rest] = name.split(".");
    if (!Object.hasOwn(fields, head)) return [found, head];
    const behind = known.get(fields[head]?.reference ?? "");
    // An old one may lack fields that the table has by now.
    const isCertain = behind?.complete && isYoung(behind.readAt, Date.now(), HOUR);
    return rest.length > 0 && isCertain ? misfit(behind, rest.join(".")) : undefined;
  };

  const check = async (table: string, signal: AbortSignal | undefined, ...places: Place[]): Promise<void> => {
    if (places.every(([, names]) => names.length === 0)) return;
    const found = await complete(table, signal);
    if (!found) return;
    for (const [place, names] of places) {
      for (const name of names) {
        const [of, field] = (typeof name === "string" && misfit(found, name)) || [];
        if (!of || field === undefined) continue;
        const candidates = Object.keys(of.tables[of.table]?.fields ?? {});
        // A name in capitals is cut in the text of a query.
        if (place === "query" && candidates.some((other) => /[A-Z]/.test(other) && other.startsWith(field))) continue;
        const near = nearest(field, candidates).join(", ");
        const step = near ? `Nearest fields: ${near}.` : `instance.schema("${of.table}") lists its fields.`;
        throw invalid("request.unknown-field", `Unknown field \`${field}\` of ${of.table} in ${place}. ${step}`);
      }
    }
  };

  const ofQuery = (query: unknown): Place => {
    if (query === undefined || query === "") return ["query", []];
    encodedQuery(query, invalid);
    return ["query", namesIn(query as string)];
  };
  const ofRow = (row: unknown): Place => ["the record", Object(row) === row ? Object.keys(row as object) : []];
  const ofOption = (name: string, names: unknown): Place => [`option \`${name}\``, Array.isArray(names) ? names : []];
  const ofRead = (options: NamingOptions): Place[] => [ofQuery(options?.query), ofOption("fields", options?.fields)];
  const ofWrite = (row: unknown, options: NamingOptions): Place[] => {
    const key = (options?.correlation as { field?: unknown } | undefined)?.field;
    return [ofRow(row), ofOption("fields", options?.fields), ofOption("correlation", key === undefined ? [] : [key])];
  };

  const checked = (name: string): Table => {
    const table = open(name);
    const { list, get, create, update, count, pages, rows } = table;
    const read = (options: NamingOptions) => check(name, options?.signal, ...ofRead(options));
    async function* after<Item>(options: NamingOptions, items: () => AsyncIterable<Item>) {
      await read(options);
      yield* items();
    }
    return Object.assign(table, {
      list: async (options?: object) => {
        await read(options);
        return list(options);
      },
      get: async (id: string, options?: object) => {
        const { fields, signal } = (options ?? {}) as NonNullable<NamingOptions>;
        await check(name, signal, ofOption("fields", fields));
        return get(id, options);
      },
      create: async (row: Written, options?: object) => {
        await check(name, (options as NamingOptions)?.signal, ...ofWrite(row, options));
        return create(row, options);
      },
      update: async (id: string, row: Written, options?: object) => {
        await check(name, (options as NamingOptions)?.signal, ...ofWrite(row, options));
        return update(id, row, options);
      },
      count: async (query?: string, options?: { signal?: AbortSignal }) => {
        await check(name, options?.signal, ofQuery(query));
        return count(query, options);
      },
      pages: (options?: object) => after(options, () => pages(options)),
      rows: (options?: object) => after(options, () => rows(options)),
    });
  };

  Object.assign(instance, {
    schema,
    table: checked,
    aggregate: async (table: string, options: AggregateOptions = {}) => {
      const { groupBy, having, orderBy, avg, min, max, sum } = options;
      const members = (list: Named) =>
        Array.isArray(list) ? list.map((one) => (one as { field?: unknown })?.field) : [];
      const measured = Object.entries({ groupBy, avg, min, max, sum }).map(([name, names]) => ofOption(name, names));
      await check(
        table,
        options.signal,
        ofQuery(options.query),
        ...measured,
        ofOption("having", members(having)),
        ofOption("orderBy", members(orderBy)),
      );
      return aggregate(table, options);
    },
  });
}
