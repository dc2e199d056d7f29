/** Runs in a Worker: SQLite's files can only be opened there. */
import { serve } from "../../background/task";
import type { Operation, Operations, Task } from "./model";
import { applyChanges, dropCopy, keepRun, rowsAfter, statusOf, writesCopy } from "./operations";
import { removeDatabase, withDatabase } from "./pool";
import { runQuery } from "./query";

serve<Task, Operations[Operation]["output"]>((task) => {
  if (task.operation === "removeAll") return removeDatabase(task.environment).then(() => undefined);
  return withDatabase<Operations[Operation]["output"]>(
    task.environment,
    writesCopy(task.operation),
    ({ sqlite3, database, file }) => {
      switch (task.operation) {
        case "status":
          return statusOf(database);
        case "apply":
          return applyChanges(database, task.changes);
        case "keepRun":
          return void keepRun(database, task.table, task.run);
        case "drop":
          return void dropCopy(database, task.table);
        case "query":
          return runQuery(sqlite3, database, task.sql);
        case "rows":
          return rowsAfter(database, task.table, task.after, ROWS_AT_ONCE);
        case "file":
          return file();
      }
    },
  );
});

const ROWS_AT_ONCE = 2_000;
