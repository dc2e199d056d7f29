/** Reads which fields of other tables refer to a table (`sys_dictionary`). */
import type { Instance } from "sysparm";
import { failureOf } from "../failure/failure";
import { count } from "../number";
import { byTable, type Relation } from "./relations";

/** Fields: sys_user is referred to by thousands. */
const MOST = 2_000;

export interface Referrers {
  /** Null where they could not be read. */
  relations: Relation[] | null;
  /** What is missing, in sentences; empty if nothing. */
  note: string;
}

/** Never rejects, but for an aborted signal. */
export async function readReferrers(
  instance: Pick<Instance, "table">,
  table: string,
  signal: AbortSignal,
): Promise<Referrers> {
  const query = `reference=${table}^elementISNOTEMPTY^active=true^ORDERBYname^ORDERBYelement`;
  const fields = ["name", "element", "column_label"] as const;
  try {
    const { rows, hidden, total } = await instance.table("sys_dictionary").list({ query, fields, limit: MOST, signal });
    const links = rows.map(({ name, element, column_label }) => ({
      table: String(name),
      field: String(element),
      label: String(column_label ?? ""),
    }));
    const cut = (total ?? 0) > MOST ? `Only the first ${count(MOST)} of ${count(total ?? 0)} fields.` : "";
    const note = hidden ? `Access rules hide ${count(hidden)} entries of the dictionary. ${cut}` : cut;
    return { relations: byTable(links), note: note.trim() };
  } catch (thrown) {
    signal.throwIfAborted();
    return { relations: null, note: `Who refers to ${table} could not be read. ${failureOf(thrown).message}` };
  }
}
