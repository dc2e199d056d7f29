/** Decisions about requests that read or write one table: the Table API and the Aggregate API. */

import type { Address } from "./address.ts";
import { type CompiledPolicy, covers, type FieldRules, rulesFor, type TableRules } from "./compile.ts";
import { isObject, readJson } from "./json-body.ts";
import { type Asks, OF_AGGREGATE, OF_TABLE, OF_TABLE_WRITE, readParameters } from "./parameters.ts";
import { forbidden, quoted, type Refusal, someOf, unreadable } from "./refusal.ts";
import { type AskedRequest, refuseContentType, refuseForm } from "./request.ts";

/** What the gateway adds to the query string, and how long the reply may be. */
export interface Permission {
  readonly added: string;
  readonly maxBytes: number | undefined;
}

/** The outcome for one request: what is added to it, or its refusal. */
export type Outcome = Permission | Refusal;

/** A sys_id, or a short name that some tables have instead (`global`). */
const RECORD = /^[A-Za-z0-9_-]{1,64}$/;

/** Decides a request of the Table API. */
export function decideTable(policy: CompiledPolicy, address: Address, method: string, asked: AskedRequest): Outcome {
  const { rest } = address;
  const table = rest[0] ?? "";
  const record = rest[1];
  const rules = rulesFor(policy, table);
  if (rules === undefined) return unknownTable(policy, table);
  if (!rules.methods.has(method)) {
    return forbidden(
      "policy.method",
      `Method ${quoted(method)} is not allowed for table ${quoted(table)}. Allowed: ${someOf(rules.methods)}.`,
    );
  }
  if (rest.length > 2 || (record !== undefined && !RECORD.test(record))) return noSuchPath(address);
  const wantsRecord = method === "PATCH" || method === "PUT" || method === "DELETE";
  if ((wantsRecord && record === undefined) || (method === "POST" && record !== undefined)) return noSuchPath(address);
  const asks = readParameters(address.query, method === "GET" ? OF_TABLE : OF_TABLE_WRITE);
  const refusal = asks.problem ?? refuseReading(rules, table, asks) ?? refuseWriting(rules, method, asked);
  if (refusal) return refusal;
  const isList = method === "GET" && record === undefined;
  return permission(rules, asks, isList, method !== "DELETE");
}

/** Decides a request of the Aggregate API. */
export function decideAggregate(policy: CompiledPolicy, address: Address, method: string): Outcome {
  const [table = "", ...more] = address.rest;
  const rules = rulesFor(policy, table);
  if (rules === undefined) return unknownTable(policy, table);
  if (!rules.aggregate) {
    return forbidden(
      "policy.aggregate",
      `The Aggregate API is not allowed for table ${quoted(table)}. Read its rows, or have \`aggregate\` set.`,
    );
  }
  if (method !== "GET")
    return forbidden("policy.method", `Method ${quoted(method)} is not allowed for the Aggregate API. Allowed: GET.`);
  if (more.length > 0) return noSuchPath(address);
  const asks = readParameters(address.query, OF_AGGREGATE);
  // Groups of the query come back as values, like those of sysparm_group_by.
  for (const { field, operator } of asks.terms)
    if (operator === "GROUPBY") asks.values = [...(asks.values ?? []), field];
  return asks.problem ?? refuseReading(rules, table, asks) ?? permission(rules, asks, false, false);
}

function unknownTable(policy: CompiledPolicy, table: string): Refusal {
  const known = someOf([...policy.tables.keys(), ...policy.prefixes.map(({ prefix }) => `${prefix}*`)]);
  return forbidden("policy.table", `Table ${quoted(table)} is not allowed. Allowed tables: ${known}.`);
}

/** The refusal of a path that the API does not have. */
export function noSuchPath(address: Address): Refusal {
  return unreadable(
    "policy.path",
    `Path ${quoted(address.path)} is none that the policy can examine with this method.`,
    "Use a documented path of the API.",
  );
}

function refuseReading(rules: TableRules, table: string, asks: Asks): Refusal | undefined {
  const field = asks.values?.find((name) => !covers(rules.readable, name));
  if (field !== undefined) return refusedField("policy.field", field, "read", table, rules.readable);
  const compared = asks.compared.find((name) => !covers(rules.conditions, name));
  if (compared !== undefined)
    return refusedField("policy.condition", compared, "used in conditions and orders", table, rules.conditions);
  const pair = asks.pairs?.find((name) => !rules.conditions.named.has(name));
  if (pair !== undefined) {
    return unreadable(
      "policy.parameter",
      `Parameter ${quoted(pair)} is no documented one.`,
      "If it is a condition, write it into sysparm_query.",
    );
  }
  if (asks.textSearch && !rules.textSearch) {
    return forbidden(
      "policy.text-search",
      `Text search is not allowed for table ${quoted(table)}: it finds text in any field. Compare single fields.`,
    );
  }
  if (asks.displayValues && !rules.displayValues) {
    return forbidden(
      "policy.display-value",
      `Display values are not allowed for table ${quoted(table)}: those of references are fields of other tables. Leave the parameter out.`,
    );
  }
  if (asks.view !== undefined && !rules.views.has(asks.view)) {
    return forbidden(
      "policy.view",
      `View ${quoted(asks.view)} is not allowed for table ${quoted(table)}: views choose fields. Use sysparm_fields.`,
    );
  }
  return asks.limit === undefined ? undefined : refuseLimit(asks.limit, rules.maxRows);
}

/** Zero may mean "no limit" to the instance: its meaning is not documented. */
export function refuseLimit(limit: number, most: number | undefined): Refusal | undefined {
  if (most === undefined || (limit > 0 && limit <= most)) return undefined;
  return forbidden(
    "policy.rows",
    `sysparm_limit ${limit} is not allowed. Ask for 1 to ${most} rows and go on with sysparm_offset or a condition on the last key.`,
  );
}

function refusedField(
  code: "policy.field" | "policy.condition",
  field: string,
  verb: string,
  table: string,
  allowed: FieldRules,
): Refusal {
  const walks = field.includes(".") ? " It leads to another table, so that the policy must name it." : "";
  const names = someOf(allowed.all ? ["all own fields", ...allowed.named] : allowed.named);
  return forbidden(
    code,
    `Field ${quoted(field)} of table ${quoted(table)} may not be ${verb}.${walks} Allowed: ${names}.`,
  );
}

function refuseWriting(rules: TableRules, method: string, asked: AskedRequest): Refusal | undefined {
  if (method === "GET") return undefined;
  if (method === "DELETE") return refuseForm(asked.headers);
  if (rules.writable.all) return refuseContentType(asked.headers);
  const json = readJson(asked.body, asked.headers?.get("content-type"));
  return "problem" in json ? json.problem : refuseMembers(json.value, rules.writable);
}

/** The refusal of an object with a member that may not be written, or with a value that is no plain one. */
export function refuseMembers(value: unknown, writable: FieldRules): Refusal | undefined {
  if (!isObject(value))
    return unreadable("policy.body", "The body is no JSON object.", "Send one with fields as members.");
  for (const [name, content] of Object.entries(value)) {
    if (!covers(writable, name)) {
      return forbidden("policy.write", `Field ${quoted(name)} may not be written. Allowed: ${someOf(writable.named)}.`);
    }
    if (typeof content === "object" && content !== null) {
      return unreadable(
        "policy.body",
        `The value of ${quoted(name)} is no text, number or boolean.`,
        "Send a plain value.",
      );
    }
  }
  return undefined;
}

function permission(rules: TableRules, asks: Asks, isList: boolean, hasRows: boolean): Permission {
  const fields =
    hasRows && rules.addedFields !== undefined && asks.values === undefined
      ? `sysparm_fields=${rules.addedFields}`
      : "";
  const limit =
    isList && rules.maxRows !== undefined && asks.limit === undefined ? `sysparm_limit=${rules.maxRows}` : "";
  return { added: fields && limit ? `${fields}&${limit}` : fields || limit, maxBytes: rules.maxBytes };
}
