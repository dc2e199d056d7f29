/** SQLite as Node has it. */
import process from "node:process";
import { UsageError } from "../command.js";

/** What is used of `DatabaseSync`. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): {
    run(...values: (string | null)[]): unknown;
    all(...values: (string | null)[]): Record<string, unknown>[];
  };
  close(): void;
}

/** A variable, because the declarations of Node 20 do not have it. */
const MODULE: string = "node:sqlite";

/** @throws UsageError where this Node has no SQLite */
export async function openDatabase(file: string): Promise<Database> {
  const { DatabaseSync } = await quietly(() => import(MODULE)).catch(() => {
    throw new UsageError(
      `Node ${process.versions.node} has no SQLite. Use Node 22.13 or later, or a file that ends with .ndjson.`,
    );
  });
  return new DatabaseSync(file);
}

/** Node 22 says at the first import that SQLite is an experimental feature: of no use to the user of a program. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return await work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
