/**
 * A policy prepared for decisions: sets and maps instead of lists. Its schema is checked elsewhere, so that requests do not load it.
 */

import type { Policy } from "./schema.ts";

/** Fields that a policy names. */
export interface FieldRules {
  /** All own fields of the table. A field behind a reference is never one of them. */
  readonly all: boolean;
  readonly named: ReadonlySet<string>;
}

/** What a caller may do with a table. */
export interface TableRules {
  readonly methods: ReadonlySet<string>;
  readonly readable: FieldRules;
  readonly conditions: FieldRules;
  readonly writable: FieldRules;
  /** Whether the policy has a list of written fields, or those of replies stand for it. */
  readonly namesWritable: boolean;
  readonly displayValues: boolean;
  readonly textSearch: boolean;
  readonly views: ReadonlySet<string>;
  readonly aggregate: boolean;
  readonly attachments: ReadonlySet<string>;
  readonly maxRows: number | undefined;
  readonly maxBytes: number | undefined;
  /** What a request without sysparm_fields gets; undefined where every field may be read. */
  readonly addedFields: string | undefined;
}

/** What a caller may do with a staging table. */
export interface ImportRules {
  readonly methods: ReadonlySet<string>;
  readonly writable: FieldRules;
}

/** What a caller may do with a path and what is below it. */
export interface PathRules {
  readonly path: string;
  readonly methods: ReadonlySet<string>;
}

/** A policy that is ready to decide. */
export interface CompiledPolicy {
  readonly unrestricted: ReadonlySet<string> | undefined;
  readonly tables: ReadonlyMap<string, TableRules>;
  /** Beginnings of tables' names, the longest first. */
  readonly prefixes: readonly { readonly prefix: string; readonly rules: TableRules }[];
  readonly attachments: ReadonlySet<string>;
  readonly batch: boolean;
  readonly importSets: ReadonlyMap<string, ImportRules>;
  readonly graphql: boolean;
  /** The longest first. */
  readonly paths: readonly PathRules[];
  readonly maxRows: number | undefined;
  readonly maxBytes: number | undefined;
  readonly requestsPerMinute: number | undefined;
}

type TablePolicy = NonNullable<Policy["tables"]>[string];

const NO_METHODS: ReadonlySet<string> = new Set();
const GET_ALONE: ReadonlySet<string> = new Set(["GET"]);
const POST_ALONE: ReadonlySet<string> = new Set(["POST"]);

/** Prepares a policy that its schema accepts. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const tables = new Map<string, TableRules>();
  const prefixes: { prefix: string; rules: TableRules }[] = [];
  for (const [name, table] of Object.entries(policy.tables ?? {})) {
    const rules = tableRules(table, policy);
    if (name.endsWith("*")) prefixes.push({ prefix: name.slice(0, -1), rules });
    else tables.set(name, rules);
  }
  prefixes.sort((one, other) => other.prefix.length - one.prefix.length);
  const importSets = new Map<string, ImportRules>();
  for (const [name, rules] of Object.entries(policy.importSets ?? {})) {
    const methods = rules.methods === undefined ? POST_ALONE : new Set<string>(rules.methods);
    importSets.set(name, { methods, writable: fieldRules(rules.writable ?? ["*"]) });
  }
  return {
    unrestricted: policy.unrestricted === undefined ? undefined : new Set<string>(policy.unrestricted),
    tables,
    prefixes,
    attachments: setOf(policy.attachments),
    batch: policy.batch ?? false,
    importSets,
    graphql: policy.graphql ?? false,
    paths: Object.entries(policy.paths ?? {})
      .map(([path, methods]) => ({ path, methods: new Set<string>(methods) }))
      .sort((one, other) => other.path.length - one.path.length),
    maxRows: policy.maxRows,
    maxBytes: policy.maxBytes,
    requestsPerMinute: policy.requestsPerMinute,
  };
}

function tableRules(table: TablePolicy, policy: Policy): TableRules {
  const readable = fieldRules(table.fields ?? ["*"]);
  const ownReadable = (table.fields ?? ["*"]).filter((name) => !name.includes("."));
  return {
    methods: table.methods === undefined ? GET_ALONE : new Set<string>(table.methods),
    readable,
    conditions: table.conditions === undefined ? readable : fieldRules(table.conditions),
    writable: fieldRules(table.writable ?? ownReadable),
    namesWritable: table.writable !== undefined,
    displayValues: table.displayValues ?? false,
    textSearch: table.textSearch ?? false,
    views: new Set(table.views ?? []),
    aggregate: table.aggregate ?? false,
    attachments: setOf(table.attachments),
    maxRows: table.maxRows ?? policy.maxRows,
    maxBytes: table.maxBytes ?? policy.maxBytes,
    addedFields: readable.all ? undefined : [...readable.named].join(","),
  };
}

function setOf(methods: readonly string[] | undefined): ReadonlySet<string> {
  return methods === undefined ? NO_METHODS : new Set(methods);
}

function fieldRules(names: readonly string[]): FieldRules {
  return { all: names.includes("*"), named: new Set(names.filter((name) => name !== "*")) };
}

/** Another spelling than a table's own must not get the rules of a beginning where the table has stricter ones. */
const TABLE = /^[a-z0-9_]+$/;

/** The rules for a table: those of its name, else those of the longest beginning of it. */
export function rulesFor(policy: CompiledPolicy, table: string): TableRules | undefined {
  const rules = policy.tables.get(table);
  if (rules !== undefined || !TABLE.test(table)) return rules;
  return policy.prefixes.find(({ prefix }) => table.startsWith(prefix))?.rules;
}

/** Whether a field is one of those that rules name. */
export function covers(rules: FieldRules, field: string): boolean {
  return rules.named.has(field) || (rules.all && !field.includes("."));
}
