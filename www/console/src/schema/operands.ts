/** What may stand behind an operator: choices, tables, and the calls that guarded script allows. */
import type { Field } from "sysparm/schema";
import type { Completion, Suggestion } from "../kit/suggestion";
import { completeTable } from "./complete-address";
import { completed } from "./completion";
import { choicesOf, completeField } from "./fields";
import type { Known, Operator } from "./known";

/** The calls for times and the user of which guarded script knows. They follow the time zone of the user that asks. */
const TIMES: readonly Suggestion[] = [
  { value: "javascript:gs.beginningOfToday()", shown: "gs.beginningOfToday()", note: "today 00:00" },
  { value: "javascript:gs.endOfToday()", shown: "gs.endOfToday()", note: "today 23:59:59" },
  { value: "javascript:gs.hoursAgo(1)", shown: "gs.hoursAgo(1)", note: "an hour ago" },
  { value: "javascript:gs.daysAgo(7)", shown: "gs.daysAgo(7)", note: "7 days ago, this time" },
  { value: "javascript:gs.daysAgoStart(7)", shown: "gs.daysAgoStart(7)", note: "7 days ago, 00:00" },
  {
    value: "javascript:gs.beginningOfThisWeek()",
    shown: "gs.beginningOfThisWeek()",
    note: "the first day of this week",
  },
  {
    value: "javascript:gs.beginningOfThisMonth()",
    shown: "gs.beginningOfThisMonth()",
    note: "the first day of this month",
  },
  {
    value: "javascript:gs.beginningOfThisYear()",
    shown: "gs.beginningOfThisYear()",
    note: "the first day of this year",
  },
];
const ME: readonly Suggestion[] = [
  { value: "javascript:gs.getUserID()", shown: "gs.getUserID()", note: "the user that asks" },
];

/** The part of a value that the cursor is in: from its beginning up to the end of the value. */
interface Operand {
  text: string;
  caret: number;
  /** Where the value begins and ends in the text. */
  from: number;
  end: number;
}

export function completeOperand(
  { text, caret, from, end }: Operand,
  { shape, token }: Pick<Operator, "shape" | "token">,
  field: Field,
  { table, known }: { table: string; known: Known },
): Completion | null {
  const typed = text.slice(from, caret);
  if (shape === "field") return completeField(typed, { from, to: end, table, known, follows: false });
  if (shape !== "one" && shape !== "list") return null;
  const start = shape === "list" ? from + typed.lastIndexOf(",") + 1 : from;
  const comma = shape === "list" ? text.slice(caret, end).indexOf(",") : -1;
  const to = comma < 0 ? end : caret + comma;
  const part = text.slice(start, caret);
  if (token === "INSTANCEOF" || field.type === "sys_class_name") return completeTable(part, start, to, known);
  const choices = choicesOf(field);
  if (choices.length > 0) return completed(start, to, part, choices, `choices of ${field.label ?? "this field"}`);
  const calls = shape === "list" || !EXACT.has(token) ? [] : callsFor(field);
  return calls.length === 0 ? null : completed(start, to, part, calls, "calls that the instance evaluates");
}

const EXACT: ReadonlySet<string> = new Set(["=", "!=", "<", "<=", ">", ">="]);

function callsFor({ type = "", reference }: Field): readonly Suggestion[] {
  if (reference === "sys_user") return ME;
  return type === "glide_date_time" || type === "glide_date" || type === "due_date" ? TIMES : [];
}
