/** Completes an encoded query at the cursor: joins, fields, operators that fit the field's type, values. */
import type { Completion, Suggestion } from "../kit/suggestion";
import { completed, nothing } from "./completion";
import { completeField, findField } from "./fields";
import type { Known, Operator } from "./known";
import { completeOperand } from "./operands";

/** What precedes a field. The rows of `^OR` and `^NQ` are also what follows `^`. */
const JOIN = /^(?:OR(?!DERBY)|NQ)/;
const ORDER = /^(?:ORDERBYDESC|ORDERBY|GROUPBY)/;

/** The term that the cursor is in, in three parts. */
interface Term {
  /** Where the field begins. */
  start: number;
  field: string;
  /** What stands behind the field up to the cursor, such as `=`, `LI` or `IN1,2`. */
  rest: string;
  /** A name to sort or group by: no operator follows. */
  sorts: boolean;
}

function termAt(text: string, caret: number): Term {
  const before = text.slice(0, caret);
  let start = before.lastIndexOf("^") + 1;
  const begun = before.slice(start);
  const order = ORDER.exec(begun)?.[0];
  start += (order ?? (start > 0 ? JOIN.exec(begun)?.[0] : undefined) ?? "").length;
  const term = before.slice(start);
  const field = /^[a-z0-9_.]*/.exec(term)?.[0] ?? "";
  return { start, field, rest: term.slice(field.length), sorts: order !== undefined };
}

export function completeQuery(text: string, caret: number, table: string, known: Known): Completion | null {
  // Conditions in it are of another table.
  const ended = text.lastIndexOf("ENDRLQUERY", caret);
  if (text.lastIndexOf("RLQUERY", caret) > (ended < 0 ? -1 : ended + "END".length)) return null;
  const { start, field, rest, sorts } = termAt(text, caret);
  const place = { from: start, table, known };
  if (table === "") return nothing(caret, "No table is known for this query: the path names none.");
  if (rest === "" || sorts) {
    if (sorts && rest !== "") return null;
    const to = caret + (/^[a-z0-9_.]*/.exec(text.slice(caret))?.[0].length ?? 0);
    // A name that is whole already is followed by an operator.
    const whole = !sorts && field !== "" && caret === to ? findField(table, field, known) : null;
    if (whole && "field" in whole) {
      const fields = completeField(field, { ...place, to, follows: true });
      if (!fields) return null;
      const longer = fields.options.filter(({ value }) => !field.endsWith(value)).slice(0, 5);
      const operators = operatorOptions(known.operators(whole.field));
      const next = operators.map((option) => ({ ...option, value: field.slice(fields.from - start) + option.value }));
      const walked = whole.field.reference ? [walk(field.slice(fields.from - start), whole.field.reference)] : [];
      return {
        ...fields,
        options: [...next, ...walked, ...longer],
        footer: known.unloaded?.() || `Operators for ${typeWords(whole.field)}`,
      };
    }
    const completion = completeField(field, { ...place, to, follows: !sorts });
    return completion && field === "" && caret === start && !sorts ? withOrders(completion, start, text) : completion;
  }
  const found = findField(table, field, known);
  const type = "field" in found ? found.field : undefined;
  const operators = known.operators(type);
  const operator = longest(operators, rest);
  // `>` begins `>=`, and IN begins INSTANCEOF: what may become longer is still offered.
  const longer = operators.filter(({ token }) => token.startsWith(rest) && token !== rest);
  const end = start + field.length;
  if (!operator) {
    const unloaded = known.unloaded?.();
    if (unloaded) return nothing(caret, unloaded);
    if (longer.length === 0) return null;
    return completed(end, caret, rest, operatorOptions(longer), `operators for ${typeWords(type)}`);
  }
  if ("why" in found) return rest === operator.token ? nothing(caret, found.why) : null;
  const next = text.indexOf("^", caret);
  const operand = { text, caret, from: end + operator.token.length, end: next < 0 ? text.length : next };
  return completeOperand(operand, operator, found.field, place);
}

function operatorOptions(operators: readonly Operator[]): Suggestion[] {
  return operators.map(({ token, words, shape }) => ({
    value: token,
    note: words,
    ...(shape === "nothing" ? {} : { continues: true }),
  }));
}

function longest(operators: readonly Operator[], rest: string): Operator | undefined {
  let found: Operator | undefined;
  for (const one of operators)
    if (rest.startsWith(one.token) && one.token.length > (found?.token.length ?? 0)) found = one;
  return found;
}

function typeWords(field: { type?: string; label?: string } | undefined): string {
  return field?.type ? `a field of type ${field.type}` : "any field";
}

function walk(name: string, reference: string): Suggestion {
  return { value: `${name}.`, note: `a field of ${reference}`, continues: true };
}

/** At the beginning of a term: after a first condition also `^OR` and `^NQ`, and the orders. */
function withOrders(completion: Completion, start: number, text: string): Completion {
  if (completion.options.length === 0) return completion;
  const joins = start > 0 && text[start - 1] === "^" ? JOINS : [];
  return { ...completion, options: [...completion.options, ...joins, ...ORDERS] };
}

const JOINS: readonly Suggestion[] = [
  { value: "OR", note: "or, with the condition before it", continues: true },
  { value: "NQ", note: "or, with everything before it", continues: true },
];
const ORDERS: readonly Suggestion[] = [
  { value: "ORDERBY", note: "sort ascending by", continues: true },
  { value: "ORDERBYDESC", note: "sort descending by", continues: true },
];
