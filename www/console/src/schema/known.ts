/** What is known of an instance's tables and fields, as completion and the query editor ask for it. */
import type { Condition } from "sysparm/query";
import type { TableSchema } from "sysparm/schema";

export interface TableName {
  name: string;
  label: string;
  /** The table that it extends; empty for none, or where the user may not see that. */
  extends: string;
}

/** What one reading gave. `why` and `note` are whole sentences for the person; `at` is when it failed. */
export type Reading<T> =
  | { phase: "reading" }
  /** `note` says what could not be read; empty where nothing is missing. */
  | { phase: "read"; data: T; note: string }
  | { phase: "failed"; why: string; at?: number };

/** Asking for something that was not read yet begins to read it. */
export interface Known {
  tables: () => Reading<readonly TableName[]>;
  schema: (table: string) => Reading<TableSchema>;
  /** Empty until the module of queries has been loaded. */
  operators: (field: { type?: string } | undefined) => readonly Operator[];
  /** Why there are no operators, in whole sentences; empty while they are loaded and after. */
  unloaded?: () => string;
}

export type OperatorToken = Exclude<Condition["operator"], "">;

/** What stands behind an operator. */
export type Shape =
  | "nothing"
  | "one"
  | "list"
  | "range"
  | "field"
  | "period"
  | "relative"
  | "distance"
  | "date-part"
  | "hierarchy"
  | "related";

export interface Operator {
  token: OperatorToken;
  /** As the package says it: "is", "is one of". */
  words: string;
  shape: Shape;
}
