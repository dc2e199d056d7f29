/** Reads single records with all fields for the panel. Keeps the latest, until other rows are read. */
import type { Instance, Row } from "sysparm";
import { type Failure, failureOf } from "../failure/failure";

export interface RecordAddress {
  table: string;
  id: string;
}

export type RecordRead = { record: Row } | { failure: Failure };

const MOST_KEPT = 50;

export function createRecordsRead() {
  const kept = new Map<string, Row>();
  let owner: Instance | null = null;

  /** Rejects when the signal is aborted. */
  async function read(instance: Instance, { table, id }: RecordAddress, signal: AbortSignal): Promise<RecordRead> {
    if (owner !== instance) kept.clear();
    owner = instance;
    const key = `${table}/${id}`;
    const known = kept.get(key);
    if (known) return { record: known };
    try {
      const record: Row = await instance.table(table).get(id, { displayValue: "all", signal });
      kept.set(key, record);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      return { record };
    } catch (thrown) {
      signal.throwIfAborted();
      return { failure: failureOf(thrown) };
    }
  }

  return { read };
}
