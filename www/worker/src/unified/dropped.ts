/** What an instance did not keep of a write: it answers success although it has dropped or changed values. A pure function of write and reply. */

import type { Plan } from "sysparm/model";
import { type Row, storedIn } from "./records.ts";

/**
 * Fields of which the reply holds another value than was sent, by the names that a write gives them. `requested`: whether the reply would hold
 * a column. Entries of journals are not in a reply.
 */
export function droppedOf(
  plan: Plan,
  sent: Readonly<Record<string, string>>,
  row: Row,
  requested: (column: string) => boolean,
): string[] {
  const dropped: string[] = [];
  for (const [column, value] of Object.entries(sent)) {
    const line = plan.lines.find((one) => one.column === column);
    if (line?.shape === "entry") continue;
    const name = line === undefined ? `custom.${column}` : line.extra ? `extra.${line.field}` : line.field;
    const isKept = Object.hasOwn(row, column) ? isSame(plan, column, value, storedIn(row, column)) : !requested(column);
    if (!isKept) dropped.push(name);
  }
  return dropped;
}

/** Read by the plan, because an instance may store the same value in another form: `USD;12.5` for `12.5`. */
function isSame(plan: Plan, column: string, sent: string, stored: string): boolean {
  return sent.trim() === stored.trim() || meaning(plan, column, sent) === meaning(plan, column, stored);
}

function meaning(plan: Plan, column: string, text: string): string {
  const line = plan.lines.find((one) => one.column === column);
  const read: Row = { ...plan.read({ [column]: text }) };
  const value = line && (line.extra ? (read.extra as Row)[line.field] : read[line.field]);
  if (value === undefined) return `unread ${text.trim()}`;
  if (Array.isArray(value)) return JSON.stringify([...value].sort());
  // An amount without a currency has that of the session.
  if (line?.shape === "money") return String((value as { amount?: string } | null)?.amount);
  return JSON.stringify(value);
}
