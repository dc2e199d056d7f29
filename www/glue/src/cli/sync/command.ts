/** `sysparm sync`: keeps a copy of a table in a file, and reads only what has changed since the last run. */
import { SysparmError, type Table } from "sysparm";
import type { SyncBatch, SyncOptions, SyncProgress } from "sysparm/sync";
import { type Command, type GivenOptions, givenNumber, givenText, UsageError, type World } from "../command.js";
import { connected } from "../connected.js";
import { CONNECTION_OPTIONS } from "../connection.js";
import { checkTarget, openTarget } from "./open.js";
import { progressLine, reportRun, type SyncRunResult } from "./report.js";
import type { SyncTarget } from "./target.js";

const MOST_ROWS = 10_000;

export const syncCommand: Command = {
  summary: "keep a copy of a table in an NDJSON file or a SQLite database; later runs read what has changed",
  example: "npx sysparm sync incident --to incidents.ndjson --query active=true --fields number,state",
  positionals: [{ name: "table", description: "the table" }],
  options: {
    to: { value: "file", description: "the copy: a file .ndjson or .jsonl, or a database .db, .sqlite or .sqlite3" },
    query: { value: "query", description: "encoded query that chooses the rows" },
    fields: { value: "names", description: "fields, separated by commas; all without it" },
    // A copy needs the stored values.
    "display-value": {
      value: "all",
      values: ["all"],
      description: "stored values with their labels; stored values without it",
    },
    checkpoint: {
      value: "file",
      description: "where an NDJSON copy keeps how far it is; <copy>.checkpoint without it",
    },
    deletions: {
      value: "tables",
      description: "tables whose deletions are looked up, separated by commas, or none; the table itself without it",
    },
    "page-size": { value: "rows", description: "rows that are read at once, 1 to 10000; 1000 without it" },
    ...CONNECTION_OPTIONS,
  },
  run,
};

async function run(given: GivenOptions, world: World): Promise<number> {
  const table = String(given.table);
  if (!/^\w{1,80}$/.test(table)) {
    throw new UsageError(`Invalid argument <table>: ${table}. Pass a name of letters, digits and _.`);
  }
  const to = givenText(given, "to");
  if (!to) throw new UsageError(`Missing option \`--to\`. Pass the file of the copy: --to ${table}.ndjson.`);
  const checkpoint = givenText(given, "checkpoint");
  checkTarget(to, checkpoint);
  const options = syncOptions(given);
  return connected(given, world, async (instance) => {
    const target = await openTarget(to, checkpoint, { instance: instance.url, table });
    const done: SyncRunResult = {
      rows: 0,
      deleted: 0,
      unseen: new Set(options.fields),
      progress: undefined,
      caveat: null,
    };
    try {
      const batches = changesSince(instance.table(table), { ...options, checkpoint: target.checkpoint });
      await copy(batches, target, done, (progress) => world.progress(progressLine(table, progress)));
      return reportRun(done, await target.finish(), table, to, world);
    } catch (thrown) {
      if (done.rows + done.deleted > 0) world.complain("What was read is kept. Run again to go on from there.");
      if (!(thrown instanceof SysparmError) || thrown.code !== "sync.other-query") throw thrown;
      throw new UsageError(
        `\`${to}\` was begun with another --query, --fields or --display-value. Pass those, or another file to --to.`,
      );
    } finally {
      await target.close();
    }
  });
}

/** Loads what syncs. */
async function* changesSince(table: Table, options: SyncOptions): AsyncGenerator<SyncBatch, void, undefined> {
  const { sync } = await import("sysparm/sync");
  yield* sync(table, options);
}

/** Counts in `done`, so that it says what was stored before a failure. */
async function copy(
  batches: AsyncIterable<SyncBatch>,
  target: SyncTarget,
  done: SyncRunResult,
  show: (progress: SyncProgress) => void,
): Promise<void> {
  for await (const batch of batches) {
    await target.apply(batch);
    done.rows += batch.rows.length;
    done.deleted += batch.deleted.length;
    for (const field of done.unseen) if (batch.rows.some((row) => field in row)) done.unseen.delete(field);
    done.progress = batch.progress;
    done.caveat = batch.progress.caveat ?? done.caveat;
    show(batch.progress);
  }
}

function syncOptions(given: GivenOptions): SyncOptions {
  const fields = namesOf(given, "fields", /^[\w.]{1,255}$/);
  const deletions = namesOf(given, "deletions", /^\w{1,80}$/);
  return {
    query: givenText(given, "query"),
    fields,
    displayValue: givenText(given, "display-value") === "all" ? "all" : undefined,
    deletions: deletions?.join() === "none" ? false : deletions,
    pageSize: givenNumber(given, "page-size", 1, MOST_ROWS),
  };
}

function namesOf(given: GivenOptions, option: string, pattern: RegExp): string[] | undefined {
  const names = givenText(given, option)
    ?.split(",")
    .map((name) => name.trim());
  const wrong = names?.find((name) => !pattern.test(name));
  if (wrong === undefined) return names;
  throw new UsageError(`Invalid option \`--${option}\`: ${wrong || "an empty name"}. Pass names separated by commas.`);
}
