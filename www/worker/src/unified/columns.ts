/**
 * Which columns a request names: those behind the fields of the model that the caller's policy allows. A pure function, so that no column that
 * the policy forbids is requested. The policy decides the request again before it is sent.
 */

import type { Plan } from "sysparm/model";
import { covers, type TableRules } from "../policy/compile.ts";

/** The part of a plan that says what to request. */
export type Requested = Pick<Plan, "fields" | "lines">;

/** Columns of the customer's own that a caller asks for: all of the table, or these. */
export type AskedCustom = "all" | readonly string[];

/** What a request names. */
export interface Columns {
  /** `sysparm_fields`; undefined for every own column of the table. */
  readonly fields: readonly string[] | undefined;
  /** Whether display values may be asked for. */
  readonly displayValues: boolean;
  /** Fields that are left out, by their names in the reply. */
  readonly omitted: readonly string[];
  /** Columns that come unasked, with every entry of the record's journals, and are taken out of the objects. */
  readonly unasked: readonly string[];
}

/** Shows what the journals of a task hold together. */
const BOTH_JOURNALS = "comments_and_work_notes";

/** `rules`: of the table; undefined where the policy restricts no field. `keys`: columns without which the reply cannot be used. */
export function columnsFor(
  plan: Requested,
  rules: TableRules | undefined,
  custom: AskedCustom,
  keys: readonly string[],
): Columns {
  const isAllowed = (column: string) => rules === undefined || covers(rules.readable, column);
  const displayValues = rules === undefined || rules.displayValues;
  if (custom === "all" && (rules === undefined || rules.readable.all)) {
    // Without sysparm_fields every own column comes, and none of another record.
    const omitted = plan.fields.filter((column) => column.includes("."));
    const journals = plan.lines.filter(({ shape }) => shape === "entry").map(({ column }) => column);
    const unasked = journals.length === 0 ? [] : [...journals, BOTH_JOURNALS];
    return { fields: undefined, displayValues, omitted: namesOf(plan, omitted), unasked };
  }
  const more = custom === "all" ? [...(rules?.readable.named ?? [])] : custom;
  const planned = plan.fields.filter(isAllowed);
  const omitted = plan.fields.filter((column) => !isAllowed(column) && !keys.includes(column));
  // A key or a named column that the policy forbids stays: the policy then refuses the request by the column's name.
  return {
    fields: [...new Set([...planned, ...more, ...keys])],
    displayValues,
    omitted: namesOf(plan, omitted),
    unasked: [],
  };
}

/** How objects name a column: by the field, or under `custom`. */
function namesOf({ lines }: Requested, columns: readonly string[]): string[] {
  return columns.flatMap((column) => {
    const fields = lines.filter((line) => line.column === column && line.shape !== "entry");
    if (fields.length === 0) return [`custom.${column}`];
    return fields.map(({ field, extra }) => (extra ? `extra.${field}` : field));
  });
}
