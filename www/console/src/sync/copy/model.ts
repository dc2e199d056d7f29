/** What is known of a local copy, and what the Worker that keeps it is asked. Plain data: it crosses to the Worker and back. */
import type { Row } from "sysparm";
import type { SyncCheckpoint, SyncProgress } from "sysparm/sync";

/** `running` in a copy that no tab writes to: its tab was closed during the run. */
export type RunEnd = "running" | "complete" | "incomplete" | "cancelled" | "failed";

/** What a run did. Kept with the copy, in the transaction of its last batch. */
export interface RunRecord {
  /** Milliseconds since 1970, by this device's clock. */
  startedAt: number;
  /** Of the last batch, or of the end. */
  at: number;
  end: RunEnd;
  /** Rows and deletions that were stored. */
  written: number;
  deleted: number;
  /** Rows a second over the whole run. */
  rate: number | null;
  progress: Pick<SyncProgress, "total" | "passed" | "hidden" | "deletions" | "caveat"> | null;
  /** Rows that the instance counted at the end of the run. */
  there: number | null;
  /** Why it failed. */
  problem?: string;
}

export interface CopyStatus {
  table: string;
  /** The address of the instance that it was read from. */
  instance: string;
  rows: number;
  columns: string[];
  checkpoint: SyncCheckpoint;
  run: RunRecord | null;
}

export interface Changes {
  table: string;
  instance: string;
  rows: Row[];
  deleted: string[];
  checkpoint: SyncCheckpoint;
  /** The checkpoint that the batch goes on from; null for the first batch of a copy. */
  from: SyncCheckpoint | null;
  run: RunRecord;
}

export type Cells = Record<string, string | null>;

export interface QueryResult {
  columns: string[];
  rows: (string | null)[][];
  /** Whether the statement has more rows than were taken. */
  more: boolean;
}

/** What is asked and what is answered, by name. Each is about the copies of one environment. */
export interface Operations {
  status: { input: object; output: CopyStatus[] };
  /** Gives the number of rows that the copy has then. */
  apply: { input: { changes: Changes }; output: number };
  keepRun: { input: { table: string; run: RunRecord }; output: undefined };
  drop: { input: { table: string }; output: undefined };
  /** All copies of the environment, with their files. */
  removeAll: { input: object; output: undefined };
  query: { input: { sql: string }; output: QueryResult };
  /** Rows in the order of `sys_id`, from behind one. */
  rows: { input: { table: string; after: string }; output: Cells[] };
  /** The database as a file. */
  file: { input: object; output: Uint8Array<ArrayBuffer> };
}

export type Operation = keyof Operations;

export type Task = { [O in Operation]: { operation: O; environment: string } & Operations[O]["input"] }[Operation];
