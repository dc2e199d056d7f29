/** Finds a record again in another environment: by its sys_id, which clones keep, or by what people call it. */
import { type Instance, type Row, SysparmError } from "sysparm";
import { NAMING, rawOf } from "./facts";

export interface Counterpart {
  row: Row;
  /** The field whose value it has in both. */
  by: string;
  /** How many records of the other environment have that value: a name may be that of several. */
  among: number;
}

/** Null where it is not there, or may not be read. */
export async function findCounterpart(
  instance: Pick<Instance, "table">,
  table: string,
  row: Row,
  signal: AbortSignal,
): Promise<Counterpart | null> {
  const found = await byId(instance, table, rawOf(row, "sys_id"), signal);
  if (found) return { row: found, by: "sys_id", among: 1 };
  // A short description names no single record.
  const field = NAMING.slice(0, 3).find((name) => rawOf(row, name) !== "");
  if (field === undefined) return null;
  const value = rawOf(row, field);
  const named = await instance.table(table).findBy(field, value, { displayValue: "all", signal });
  if (!named) return null;
  return { row: named, by: field, among: await instance.table(table).count(`${field}=${value}`, { signal }) };
}

async function byId(instance: Pick<Instance, "table">, table: string, id: string, signal: AbortSignal) {
  try {
    return await instance.table(table).get(id, { displayValue: "all", signal });
  } catch (thrown) {
    if (thrown instanceof SysparmError && thrown.kind === "record") return null;
    throw thrown;
  }
}
