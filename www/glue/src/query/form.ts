/**
 * Encodes a query tree as one text for the core. This file refuses what only JavaScript can get wrong, such as NaN or an object of another
 * shape. The core checks everything else.
 */
import type { Condition, Operand, Query, QueryNode, Schema } from "sysparm/query";
import { QueryPart, QueryValue, SchemaPart } from "../protocol/codes.js";
import { QueryError } from "./error.js";

type Values = Condition["value"];

/** Separates the texts. No value may contain it, and no address could. */
const NUL = "\0";

/** Encodes a whole tree: its groups, then its orders and groupings. */
export function formOfTree(tree: Parameters<typeof Query.from>[0]): string {
  const known = ["any", "all", "either", "not", "field", "operator", "value", "orderBy", "groupBy"];
  const { orderBy, groupBy, ...node } = shape(tree, known);
  let form = "";
  if (Array.isArray(node.any)) {
    if (node.any.length > 0) form = join(QueryPart.groups, node.any.length, ...formsOf(node.any, 0));
  } else if (Object.keys(node).length > 0) {
    form = formOfNode(node as QueryNode);
  }
  for (const field of groupBy ?? []) form = join(form, QueryPart.groupBy, word(field));
  for (const order of orderBy ?? []) {
    const { field, descending } = shape(order, ["field", "descending"]);
    form = join(form, orderPart(descending), word(field));
  }
  return form;
}

/** The code of an order. */
export function orderPart(descending: boolean | undefined): QueryPart {
  return descending ? QueryPart.orderByDescending : QueryPart.orderBy;
}

/** The core refuses trees that are less deep; circular trees must end. */
const DEEPEST = 100;

/** Encodes a condition or a group of them. */
export function formOfNode(node: QueryNode, depth = 0): string {
  if (depth > DEEPEST)
    throw new QueryError(
      "tree.too-deep",
      "The conditions are nested too deep, or circular. Write them with fewer levels.",
    );
  const { any, either, all, not, field, operator, value } = shape(node, [
    "any",
    "either",
    "all",
    "not",
    "field",
    "operator",
    "value",
  ]);
  if (Array.isArray(all)) return join(QueryPart.all, all.length, ...formsOf(all, depth));
  const alternatives = any ?? either;
  if (Array.isArray(alternatives)) return join(QueryPart.any, alternatives.length, ...formsOf(alternatives, depth));
  if (not !== undefined) return join(QueryPart.not, formOfNode(not, depth + 1));
  if (operator === "RLQUERY") {
    const { is, count, m2m, where = [] } = shape(value, ["is", "count", "m2m", "where"]);
    return join(
      m2m ? QueryPart.manyToMany : QueryPart.related,
      word(field),
      word(is),
      word(count),
      where.length,
      ...formsOf(where, depth),
    );
  }
  return formOfCondition(word(field), word(operator), value);
}

function formsOf(nodes: readonly QueryNode[], depth: number): string[] {
  return nodes.map((node) => formOfNode(node, depth + 1));
}

/** Encodes one condition. */
export function formOfCondition(field: string, operator: string, value: Values): string {
  const start = `${QueryPart.condition}${NUL}${withoutNul(field)}${NUL}${operator}${NUL}`;
  if (value === undefined) return `${start}0`;
  if (!Array.isArray(value)) return `${start}1${NUL}${operand(value as Operand)}`;
  let form = start + value.length;
  for (const one of value) form += NUL + operand(one);
  return form;
}

function operand(value: Operand | { field: string }): string {
  switch (typeof value) {
    case "string":
      return `${QueryValue.text}${withoutNul(value)}`;
    case "boolean":
      return `${QueryValue.text}${value}`;
    case "number": {
      const text = String(value);
      if (!/^-?\d+(\.\d+)?$/.test(text))
        throw new QueryError("value.number", `Invalid number ${text}. Pass a finite number without an exponent.`);
      return `${QueryValue.text}${text}`;
    }
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime()))
      throw new QueryError("value.instant", "Invalid Date. Pass a Date whose time is a number.");
    return `${QueryValue.instant}${value.toISOString()}`;
  }
  const { instant, script, insist, escaped, field } = shape(value, ["instant", "script", "insist", "escaped", "field"]);
  if (instant !== undefined) return `${QueryValue.instant}${word(instant)}`;
  if (script !== undefined) return (insist === true ? QueryValue.insistedScript : QueryValue.script) + word(script);
  if (escaped !== undefined) return `${QueryValue.escaped}${word(escaped)}`;
  return `${QueryValue.field}${word(field)}`;
}

/** Encodes the tables of a schema for the linter. */
export function formOfSchema(schema: Schema): string {
  const parts: unknown[] = [];
  if (typeof schema?.table !== "string" || Object(schema.tables) !== schema.tables) {
    throw new QueryError(
      "query.schema",
      "Invalid option `schema`. Pass what instance.schema() gives, or { table, tables }.",
    );
  }
  for (const [name, table] of Object.entries(schema.tables)) {
    parts.push(SchemaPart.table, name, table.extends ?? "", table.rows ?? 0);
    for (const [field, one] of Object.entries(table.fields)) {
      const { type = "", reference = "", referenceKey, indexed, choices = [] } = one;
      // A reference whose key is not the sys_id accepts any text.
      parts.push(SchemaPart.column, field, referenceKey ? "" : type, reference, indexed ? 1 : "");
      for (const { value, label } of choices) parts.push(SchemaPart.choice, value, label);
    }
  }
  return parts.map(word).join(NUL);
}

function join(...parts: (string | number)[]): string {
  return parts.filter((part) => part !== "").join(NUL);
}

function word(text: unknown): string {
  if (typeof text !== "string" && typeof text !== "number") throw misshapen(`${typeof text} instead of a string`);
  return withoutNul(String(text));
}

function withoutNul(text: string): string {
  if (text.includes(NUL)) throw new QueryError("value.line-break", "A query holds no NUL character. Remove it.");
  return text;
}

// biome-ignore lint/suspicious/noExplicitAny: the compiler has checked typed callers; this checks the others.
function shape(given: unknown, known: readonly string[]): any {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw misshapen("something else instead of an object");
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw misshapen(`unknown member \`${unknown}\`, supported are ${known.join(", ")}`);
  return given;
}

function misshapen(reason: string): QueryError {
  return new QueryError("tree.shape", `Invalid tree: ${reason}. Pass one of the shape that \`QueryTree\` describes.`);
}
