/**
 * Finds rows that the query excludes. The instance leaves out a condition on a field that the table does not have, and answers with
 * the rows of the others ("glide.invalid_query.returns_no_rows" in the product documentation). Every condition is true, false or
 * unknown for a row. Only what is certain is decided: words, whole numbers and sys_ids of raw values.
 */
import type { ReadOptions, Row, SysparmEvent } from "sysparm";
import { SYS_ID } from "../shared/keys.js";
import { type PlannedCondition, planOf, type QueryPlan } from "../shared/query-terms.js";
import { namesOf } from "./names-of-plan.js";

export { checkFiltered } from "./filtered.js";

/** The caveat of a page of rows, and of all after it. */
export type Judge = (rows: readonly Row[]) => string | undefined;

type Verdict = boolean | undefined;

/** Judges the pages of one reading. An event is raised for the first row that the query excludes. */
export function judge(table: string, options: ReadOptions, emit: (event: SysparmEvent) => unknown): Judge {
  const { query, fields, displayValue } = options;
  const plan = query && planOf(query);
  // Of labels only the names of fields are certain.
  const hasValues = displayValue !== true;
  let caveat: string | undefined;
  return (rows) => {
    if (caveat !== undefined || !plan || rows.length === 0) return caveat;
    const absent = absentFields(plan, rows, fields);
    for (const row of rows) {
      const of = (condition: PlannedCondition): Verdict => {
        if (absent.has(condition.field)) return false;
        return hasValues ? verdict(condition, rawValue(row[condition.field])) : undefined;
      };
      if (holds(plan, of) !== false) continue;
      const field = namesOf(plan).find((name) => absent.has(name)) ?? excluding(plan, of);
      caveat = absent.has(field) ? noSuchField(field) : otherValue(field);
      emit({ type: "query.condition-dropped", at: Date.now(), detail: `${table}.${field}` });
      return caveat;
    }
    return undefined;
  };
}

function noSuchField(field: string): string {
  return `no row has the field \`${field}\` of the query: the instance leaves out a condition on a field that the table does not have, or this user may not read the field`;
}

function otherValue(field: string): string {
  return `a row has another value of \`${field}\` than the query asks for: the instance has left out a condition of the query`;
}

/** Fields of conditions that no row has although they were asked for. Behind a dot, and in words of the platform, nothing is certain. */
function absentFields(plan: QueryPlan, rows: readonly Row[], fields: ReadOptions["fields"]): Set<string> {
  const names = namesOf(plan).filter((name) => /^[a-z_]\w*$/.test(name) && !name.startsWith("sys_tags"));
  const asked = fields?.length ? names.filter((name) => fields.includes(name)) : names;
  return new Set(asked.filter((name) => !rows.some((row) => Object.hasOwn(row, name))));
}

/** The field of the first condition that is false. */
function excluding({ any }: QueryPlan, of: (condition: PlannedCondition) => Verdict): string {
  const conditions = any.flatMap(({ all }) => all.flatMap(({ either }) => either));
  return conditions.find((condition) => of(condition) === false)?.field ?? "";
}

function holds({ any }: QueryPlan, of: (condition: PlannedCondition) => Verdict): Verdict {
  if (any.length === 0) return true;
  return some(any, ({ all }) => {
    const opposite = some(all, ({ either }) => not(some(either, of)));
    return not(opposite);
  });
}

/** True if one is, false if all are. */
function some<Part>(parts: readonly Part[], of: (part: Part) => Verdict): Verdict {
  let isUnknown = false;
  for (const part of parts) {
    const one = of(part);
    if (one) return true;
    isUnknown ||= one === undefined;
  }
  return isUnknown ? undefined : false;
}

function not(one: Verdict): Verdict {
  return one === undefined ? undefined : !one;
}

function rawValue(cell: Row[string] | undefined): string | undefined {
  return typeof cell === "string" ? cell : cell?.value;
}

function verdict({ operator, value: wanted }: PlannedCondition, value: string | undefined): Verdict {
  if (value === undefined) return undefined;
  switch (operator) {
    case "=":
      return same(value, wanted);
    case "!=":
      return not(same(value, wanted));
    case "IN":
      return Array.isArray(wanted) ? some(wanted, (one) => same(value, one)) : undefined;
    case "NOT IN":
      return Array.isArray(wanted) ? not(some(wanted, (one) => same(value, one))) : undefined;
    case "<":
      return ordered(value, wanted, (one, other) => one < other);
    case "<=":
      return ordered(value, wanted, (one, other) => one <= other);
    case ">":
      return ordered(value, wanted, (one, other) => one > other);
    case ">=":
      return ordered(value, wanted, (one, other) => one >= other);
    case "ISEMPTY":
      // Zero and false may count as empty.
      return value === "" || value === "0" || value === "false" ? undefined : false;
    default:
      return undefined;
  }
}

const WHOLE = /^\d{1,15}$/;

/** Words and whole numbers, whatever the case of letters. A lone digit may stand for a truth value, and a word for a record's name. */
function same(value: string, wanted: unknown): Verdict {
  const other = typeof wanted === "number" || typeof wanted === "boolean" ? String(wanted) : wanted;
  if (typeof other !== "string" || !/^\w+$/.test(value) || !/^\w+$/.test(other)) return undefined;
  if (value.toLowerCase() === other.toLowerCase()) return true;
  if (WHOLE.test(value) && WHOLE.test(other)) return Number(value) === Number(other);
  const isDigit = [value, other].some((text) => text === "0" || text === "1");
  return isDigit || SYS_ID.test(value) !== SYS_ID.test(other) ? undefined : false;
}

/** Whole numbers that are in the same order as texts, because a column of texts can hold them. */
function ordered(
  value: string,
  wanted: unknown,
  holds: <Type extends number | string>(one: Type, other: Type) => boolean,
): Verdict {
  const other = String(wanted);
  if (!WHOLE.test(value) || !WHOLE.test(other)) return undefined;
  const verdict = holds(Number(value), Number(other));
  return verdict === holds(value, other) ? verdict : undefined;
}
