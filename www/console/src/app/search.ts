/** What is found on the instance by a typed text: records by their number or sys_id, and tables by name. Pure. */
import { hasWords, wordsOf } from "../kit/words";

/** A record of a table, or of one that extends it. */
export interface RecordTarget {
  table: string;
  /** Its sys_id in lower case, or its number in upper case. */
  key: string;
}

/** Tables of the numbers that ServiceNow gives. Numbers of other tasks are found in `task`. */
const TABLES: Readonly<Record<string, string>> = {
  INC: "incident",
  PRB: "problem",
  PTASK: "problem_task",
  CHG: "change_request",
  CTASK: "change_task",
  REQ: "sc_request",
  RITM: "sc_req_item",
  SCTASK: "sc_task",
  KB: "kb_knowledge",
};

/** `shown` is the table of the view Tables. A sys_id may follow the name of its table: `incident 46d4…`. */
export function recordTargets(typed: string, shown: string): { label: string; target: RecordTarget }[] {
  const number = /^([a-z]{2,8})\d{4,12}$/i.exec(typed.trim());
  if (number) {
    const text = typed.trim().toUpperCase();
    const table = TABLES[number[1]?.toUpperCase() ?? ""] ?? "task";
    return [{ label: `Open ${text} of ${table}`, target: { table, key: text } }];
  }
  const [, named, sysId] = /^(?:([a-z]\w{1,79})\s+)?([0-9a-f]{32})$/i.exec(typed.trim()) ?? [];
  if (sysId === undefined) return [];
  const tables = named === undefined ? [...new Set([shown, "task"])].filter(Boolean) : [named.toLowerCase()];
  return tables.map((table) => ({
    label: `Open the record ${sysId.toLowerCase()} of ${table}`,
    target: { table, key: sysId.toLowerCase() },
  }));
}

/** The tables whose name or label has every typed word; those whose name begins with the text come first. */
export function matchingTables<Table extends { name: string; label: string }>(
  typed: string,
  tables: readonly Table[],
  most: number,
): Table[] {
  const text = typed.replace(/^\s*#/, "").trim().toLowerCase();
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const found = tables.filter(({ name, label }) => hasWords(`${name} ${label}`, words));
  const rank = ({ name }: Table) => (name === text ? 0 : name.startsWith(text) ? 1 : 2);
  return found.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name)).slice(0, most);
}

/** Whether a text asks for tables: after `#` from the first letter on, otherwise when it could be the name of one. */
export function asksForTables(typed: string): boolean {
  return /^\s*#\s*\w/.test(typed) || /^\s*[a-z][\w ]{2,}$/i.test(typed);
}
