/** What was changed of a record, when and by whom, as far as its table is audited. */
import type { Instance, Row } from "sysparm";
import { failureOf } from "../failure/failure";
import { count } from "../number";
import type { Change } from "./changes";
import { type FieldFact, rawOf, titleOf } from "./facts";

/** What one write has changed. */
export interface Update {
  key: string;
  /** UTC, as stored. */
  at: string;
  user: string;
  /** `sys_mod_count` after it; empty where nobody says. */
  version: string;
  changes: Change[];
}

export interface History {
  /** Newest first. */
  updates: Update[];
  source: "sys_audit" | "sys_history_line";
  /** Whether the dictionary says that the table is audited; null where that may not be read. */
  audited: boolean | null;
  notes: string[];
}

/** Lines of the log, not updates. */
const MOST = 500;

type Source = Pick<Instance, "table">;

/** Reads `sys_audit`, and the history set where that may not be read. */
export async function readHistory(
  instance: Source,
  { table, id }: { table: string; id: string },
  facts: readonly FieldFact[],
  signal: AbortSignal,
): Promise<History> {
  const audited = await isAudited(instance, table, signal);
  const title = titlesOf(facts);
  const notes: string[] = [];
  try {
    const query = `documentkey=${id}^ORDERBYDESCsys_created_on`;
    const { rows, hidden, total } = await instance.table("sys_audit").list({ query, limit: MOST, signal });
    if (hidden) notes.push(`Access rules hide ${count(hidden)} lines of sys_audit.`);
    if (isCut(rows.length, MOST, total)) notes.push(cutWords(total));
    if (rows.length > 0 || audited !== true)
      return { updates: updatesOf(rows.map(auditLine), title), source: "sys_audit", audited, notes };
  } catch (thrown) {
    signal.throwIfAborted();
    notes.push(`sys_audit could not be read. ${failureOf(thrown).message}`);
  }
  const query = `set.id=${id}^ORDERBYDESCupdate_time`;
  const { rows, hidden, total } = await instance.table("sys_history_line").list({ query, limit: MOST, signal });
  if (hidden) notes.push(`Access rules hide ${count(hidden)} lines of sys_history_line.`);
  if (isCut(rows.length, MOST, total)) notes.push(cutWords(total));
  notes.push(
    "A history set is brought up to date when somebody looks at the record in ServiceNow: newer changes may be missing.",
  );
  return { updates: updatesOf(rows.map(historyLine), title), source: "sys_history_line", audited, notes };
}

/** Whether there are more rows than were read: said by the number that the instance counts, as far as it counts. */
export function isCut(read: number, most: number, total: number | null): boolean {
  return total === null ? read >= most : total > most;
}

function cutWords(total: number | null): string {
  return `Only the newest ${MOST}${total === null ? "" : ` of ${count(total)}`} lines are shown.`;
}

/** The dictionary's entry of the table itself, which has no element. */
async function isAudited(instance: Source, table: string, signal: AbortSignal): Promise<boolean | null> {
  try {
    const query = `name=${table}^elementISEMPTY`;
    const { rows } = await instance.table("sys_dictionary").list({ query, fields: ["audit"], limit: 1, signal });
    const audit = rows[0]?.audit;
    return audit === undefined ? null : audit === "true";
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** One line of either log. */
export interface LogLine {
  name: string;
  from: string;
  to: string;
  at: string;
  user: string;
  version: string;
}

function auditLine(row: Row): LogLine {
  const [name, from, to, at, user, version] = [
    ...["fieldname", "oldvalue", "newvalue", "sys_created_on", "user", "record_checkpoint"],
  ].map((field) => rawOf(row, field)) as [string, string, string, string, string, string];
  return { name, from: from === ENTRY ? "" : from, to, at, user, version };
}

/** The old value of a journal, whose new value is the entry. */
const ENTRY = "JOURNAL FIELD ADDITION";

function historyLine(row: Row): LogLine {
  const [name, from, to, at, user, version] = [
    ...["field", "old_value", "new_value", "update_time", "user_id", "update"],
  ].map((field) => rawOf(row, field)) as [string, string, string, string, string, string];
  return { name, from, to, at, user, version };
}

/** Lines of one write stand together: they have its user, its second and its count of changes. */
export function updatesOf(lines: readonly LogLine[], title: (name: string) => string): Update[] {
  const updates = new Map<string, Update>();
  for (const { name, from, to, at, user, version } of lines) {
    const key = `${at} ${version} ${user}`;
    const update = updates.get(key) ?? { key, at, user, version, changes: [] };
    update.changes.push({ name, title: title(name), from, to });
    updates.set(key, update);
  }
  return [...updates.values()].sort(
    (one, other) => other.at.localeCompare(one.at) || Number(other.version) - Number(one.version),
  );
}

function titlesOf(facts: readonly FieldFact[]): (name: string) => string {
  const titles = new Map(facts.map((fact) => [fact.name, titleOf(fact)]));
  return (name) => titles.get(name) ?? name;
}
