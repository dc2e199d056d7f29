/** What a caller filters by: fields of the model, as conditions of an encoded query. */

import type { Plan, PlanLine } from "sysparm/model";
import { covers, type TableRules } from "../policy/compile.ts";
import { storedTime } from "./position.ts";
import type { UnifiedRefusal } from "./refusals.ts";

/** Fields of these shapes are compared whole. The others hold long text, or are compared by more than equality. */
const SHAPES: ReadonlySet<string> = new Set(["text", "code", "choice", "reference", "boolean", "integer", "date"]);

/** Long texts, which no database compares whole. */
const LONG: ReadonlySet<string> = new Set(["description", "closeNotes", "workaround", "cause", "fix", "text"]);

/** The fields that a list can be filtered by. */
export function filterable({ lines }: Pick<Plan, "lines">): PlanLine[] {
  return lines.filter((line) => SHAPES.has(line.shape) && !line.extra && !LONG.has(line.field));
}

/** Moments that a list can begin at, and the fields behind them. */
export const SINCE = { updatedSince: "updatedAt", createdSince: "createdAt" } as const;

/** Those that a table has. `allows`: whether the policy lets a column be compared. */
export function momentsOf(plan: Pick<Plan, "column">, allows: (column: string) => boolean): (keyof typeof SINCE)[] {
  return (Object.keys(SINCE) as (keyof typeof SINCE)[]).filter((name) => {
    const column = plan.column(SINCE[name]);
    return column !== undefined && allows(column);
  });
}

const MOST_VALUES = 50;

/**
 * The conditions, or what is wrong. `given`: parameters that are no others of the endpoint. `rules`: of the table, where the policy restricts
 * fields; a refusal names those that it allows.
 */
export function conditionsOf(
  plan: Plan,
  given: ReadonlyMap<string, string>,
  rules?: TableRules,
): string[] | UnifiedRefusal {
  const lines = filterable(plan);
  const conditions: string[] = [];
  for (const [name, text] of given) {
    const since = Object.hasOwn(SINCE, name) ? plan.column(SINCE[name as keyof typeof SINCE]) : undefined;
    const line = lines.find(({ field }) => field === name);
    const condition = since ? timeCondition(since, text) : line && valueCondition(plan, line, text);
    if (condition === undefined) {
      const allows = (column: string) => rules === undefined || covers(rules.conditions, column);
      const fields = lines.filter(({ column }) => allows(column)).map(({ field }) => field);
      return unknownParameter(name, [...momentsOf(plan, allows), ...fields]);
    }
    if (typeof condition !== "string") return { ...condition, fix: [`${name}: ${condition.fix.join(" ")}`] };
    conditions.push(condition);
  }
  return conditions.sort();
}

function timeCondition(column: string, text: string): string | UnifiedRefusal {
  const stored = storedTime(text);
  return stored === undefined ? invalid("Pass a moment such as 2026-02-28T08:30:00Z.") : `${column}>=${stored}`;
}

function valueCondition(plan: Plan, line: PlanLine, text: string): string | UnifiedRefusal {
  if (text === "") return `${line.column}ISEMPTY`;
  const values = text.split(BETWEEN).map((value) => value.replaceAll("\\,", ",").trim());
  if (values.length > MOST_VALUES) return invalid(`Pass at most ${MOST_VALUES} values.`);
  const raw: string[] = [];
  for (const value of values) {
    const found = rawValues(plan, line, value);
    if ("code" in found) return found;
    raw.push(...found);
  }
  const full = raw.filter((value) => value !== "");
  const [one] = full;
  if (full.length > 1 && full.some((value) => value.includes(",")))
    return invalid("Pass a value that holds a comma alone: an instance takes a comma for the end of a value.");
  const isOne = full.length === 1 ? `${line.column}=${one}` : `${line.column}IN${full.join(",")}`;
  if (full.length === raw.length) return isOne;
  // A map may give the empty value a meaning. Among others it would be none.
  return one === undefined ? `${line.column}ISEMPTY` : `${line.column}ISEMPTY^OR${isOne}`;
}

/** Unless a backslash says that the comma belongs to the value. */
const BETWEEN = /(?<!\\),/;

/** A caret begins another condition, and the instance evaluates what begins with `javascript:`. */
const UNSAFE = /\^|\p{Cc}|javascript\s*:/iu;

function rawValues(plan: Plan, line: PlanLine, value: string): readonly string[] | UnifiedRefusal {
  if (value === "" || value.length > 255 || UNSAFE.test(value))
    return invalid("Pass values of 1 to 255 characters without ^, and commas between them.");
  if (line.values !== undefined) {
    if (value.startsWith(RAW)) return [value.slice(RAW.length)];
    const raw = plan.rawOf(line.field, value);
    const known = [...new Set(line.values.map(([, name]) => name))].join(", ");
    return raw.length > 0 ? raw : invalid(`Pass one of ${known}, or ${RAW}<a value as the instance stores it>.`);
  }
  if (line.shape === "boolean" && value !== "true" && value !== "false") return invalid("Pass true or false.");
  if (line.shape === "integer" && !/^-?\d{1,18}$/.test(value)) return invalid("Pass a whole number.");
  if (line.shape === "date" && !/^\d{4}-\d\d-\d\d$/.test(value)) return invalid("Pass a day such as 2026-02-28.");
  return [value];
}

/** Before a value that the model does not know. */
const RAW = "raw:";

function invalid(fix: string): UnifiedRefusal {
  return { status: 400, code: "unified.filter", message: "Invalid filter", why: "a filter cannot be used", fix: [fix] };
}

function unknownParameter(name: string, filters: readonly string[]): UnifiedRefusal {
  const shown = /^[\w.-]{1,60}$/.test(name) ? name : "of that name";
  return {
    status: 400,
    code: "unified.parameter",
    message: "Unknown parameter",
    why: `the parameter ${shown} is none of this endpoint`,
    fix: [`Filters of this table: ${filters.join(", ") || "none"}. Others: table, limit, cursor, order, custom.`],
  };
}
