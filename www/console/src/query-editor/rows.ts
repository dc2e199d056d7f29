/**
 * An encoded query as rows, and back. Nothing is lost: what a row cannot show is a row of text, and a query whose rows would print anything
 * else than the package does is not shown as rows.
 */
import type { Condition, Query } from "sysparm/query";
import type { OperatorToken } from "../schema/known";

export type Queries = Pick<typeof Query, "parse" | "from">;

/** What joins a row to the one before: `^`, `^OR` (with that row alone), `^NQ` (with everything before). */
export type Join = "and" | "or" | "new";

export type Row = { join: Join } & (
  | {
      kind: "condition";
      field: string;
      operator: OperatorToken;
      /** As it stands behind the operator, such as `1@3` or `javascript:gs.getUserID()`. */
      value: string;
    }
  /** `why` says why it is not shown in parts. */
  | { kind: "text"; text: string; why: string }
);

export interface Order {
  by: "ORDERBY" | "ORDERBYDESC" | "GROUPBY";
  field: string;
}

export interface Rows {
  conditions: readonly Row[];
  orders: readonly Order[];
}

/** `proposal` is the query that an address or percent-encoded text holds. */
export type Read = { rows: Rows } | { problem: string; proposal?: string };

export const NO_ROWS: Rows = { conditions: [], orders: [] };

const RELATED = "a condition on related records";
const NOT_UNDERSTOOD = "not understood as a condition";

export function rowsOf(text: string, queries: Queries): Read {
  try {
    const query = queries.parse(text, { lenient: true });
    const conditions = query.tree().any.flatMap(({ all }, group) =>
      all.flatMap(({ either }, place) =>
        either.map((condition, index) => {
          const join: Join = index > 0 ? "or" : place > 0 ? "and" : group > 0 ? "new" : "and";
          return rowOf(condition, join, queries);
        }),
      ),
    );
    const printed = query.toString();
    const orders = ordersOf(printed.slice(conditionsText(conditions).length));
    const rows = { conditions, orders };
    return textOf(rows) === printed
      ? { rows }
      : { problem: "This query cannot be shown as rows without a change. Edit its text." };
  } catch (thrown) {
    const { message, proposal } = thrown as Error & { proposal?: string };
    return { problem: sentence(message), ...(proposal === undefined ? {} : { proposal }) };
  }
}

function rowOf(condition: Condition, join: Join, queries: Queries): Row {
  if (condition.operator === "") return { kind: "text", join, text: condition.value, why: NOT_UNDERSTOOD };
  const text = queries.from(condition).toString();
  if (condition.operator === "RLQUERY") return { kind: "text", join, text, why: RELATED };
  const value = text.slice(condition.field.length + condition.operator.length);
  return { kind: "condition", join, field: condition.field, operator: condition.operator, value };
}

function ordersOf(tail: string): Order[] {
  const orders: Order[] = [];
  for (const term of tail.split("^")) {
    const found = /^(ORDERBYDESC|ORDERBY|GROUPBY)(.+)$/s.exec(term);
    if (found) orders.push({ by: found[1] as Order["by"], field: found[2] ?? "" });
  }
  return orders;
}

const JOINS: Readonly<Record<Join, string>> = { and: "^", or: "^OR", new: "^NQ" };

export function textOf({ conditions, orders }: Rows): string {
  const complete = written(conditions);
  const terms = [
    conditionsText(complete),
    ...orders.filter(({ field }) => field !== "").map((one) => one.by + one.field),
  ];
  return terms.slice(complete.length > 0 ? 0 : 1).join("^");
}

/** The conditions that are written: without those that have no field yet. */
function written(conditions: readonly Row[]): readonly Row[] {
  return conditions.reduceRight<readonly Row[]>(
    (rows, row, index) => (isComplete(row) ? rows : removed(rows, index)),
    conditions,
  );
}

/** Where something stands in the text. */
export interface Place {
  start: number;
  end: number;
}

/** Where rows stand in the text that `textOf` writes; null for one that is not written. */
export function placesOf({ conditions, orders }: Rows): { conditions: (Place | null)[]; orders: (Place | null)[] } {
  let end = 0;
  const next = (joint: number, length: number): Place => {
    const start = end + (end === 0 ? 0 : joint);
    end = start + length;
    return { start, end };
  };
  const places = written(conditions).map((row) => next(JOINS[row.join].length, termOf(row).length));
  return {
    conditions: conditions.map((row) => (isComplete(row) ? (places.shift() ?? null) : null)),
    orders: orders.map(({ by, field }) => (field === "" ? null : next(1, by.length + field.length))),
  };
}

function conditionsText(rows: readonly Row[]): string {
  return rows.map((row, index) => (index > 0 ? JOINS[row.join] : "") + termOf(row)).join("");
}

function termOf(row: Row): string {
  return row.kind === "text" ? row.text : row.field + row.operator + row.value;
}

/** A row without a field is not written. */
function isComplete(row: Row): boolean {
  return row.kind === "text" || row.field !== "";
}

/** Without one row. The next row takes over what the removed one began. */
export function removed(rows: readonly Row[], index: number): readonly Row[] {
  const gone = rows[index];
  return rows.flatMap((row, at) => {
    if (at === index) return [];
    if (at !== index + 1 || !gone) return [row];
    return [{ ...row, join: weaker(gone.join, row.join) }];
  });
}

const STRENGTH: Readonly<Record<Join, number>> = { or: 0, and: 1, new: 2 };

function weaker(first: Join, second: Join): Join {
  return STRENGTH[first] > STRENGTH[second] ? first : second;
}

/** Why a row is read otherwise than it is written; empty where it is not. */
export function rowProblem(row: Row, queries: Queries): string {
  if (row.kind === "text" || row.field === "") return "";
  try {
    const query = queries.parse(termOf(row));
    const { any, orderBy, groupBy } = query.tree();
    const [only, ...more] = any.flatMap(({ all }) => all.flatMap(({ either }) => either));
    if (more.length > 0 || orderBy || groupBy) return "A value cannot hold ^: it ends the condition. Write ^^ for it.";
    if (only?.field === row.field && only.operator === row.operator) return "";
    return `This is read as ${query.explain()}. Change the value.`;
  } catch (thrown) {
    return sentence((thrown as Error).message);
  }
}

/** What the package says, as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
