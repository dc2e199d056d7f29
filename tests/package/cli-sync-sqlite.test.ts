/** SQLite copies of `sysparm sync`, in a Node that has SQLite: an older one runs this file again in a newer one. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Row } from "sysparm";
import type { SyncCheckpoint } from "sysparm/sync";
import { UsageError } from "../../www/glue/src/cli/command.js";
import { openTarget } from "../../www/glue/src/cli/sync/open.js";
import { openSqlite } from "../../www/glue/src/cli/sync/sqlite.js";
import { type Database, openDatabase } from "../../www/glue/src/cli/sync/sqlite-module.js";
import { nodeWithSqlite } from "../harness/node-with-sqlite.ts";

const SOURCE = { instance: "https://dev.example", table: "incident" };
const LOCK = { confirm: () => undefined, release: () => undefined };
const folder = mkdtempSync(join(tmpdir(), "sysparm-sqlite-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let file = "";
let number = 0;
beforeEach(() => {
  number += 1;
  file = join(folder, `copy-${number}.db`);
});

const at = (query: string) => ({ form: 1, query }) as SyncCheckpoint;

/** Applies a batch in a run of its own. */
async function run(rows: Row[], deleted: string[] = [], source = SOURCE): Promise<number> {
  const target = await openSqlite(file, source, LOCK);
  await target.apply({ rows, deleted, checkpoint: at("a") });
  const held = await target.finish();
  await target.close();
  return held;
}

/** Works with the file as another program does. */
async function inDatabase<Result>(work: (database: Database) => Result): Promise<Result> {
  const database = await openDatabase(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}
const stored = () =>
  inDatabase((database) =>
    database
      .prepare("select * from incident order by sys_id")
      .all()
      .map((row) => ({ ...row })),
  );

const refused = (message: RegExp, source = SOURCE) =>
  assert.rejects(
    openSqlite(file, source, LOCK),
    (thrown) => thrown instanceof UsageError && message.test(thrown.message),
  );

if (process.execPath === nodeWithSqlite()) {
  test("column is added for a field that is new", async () => {
    await run([{ sys_id: "a", number: "1" }]);
    assert.equal(
      await run(
        [
          { sys_id: "b", "caller_id.name": "Ann" },
          { sys_id: "a", state: "2" },
        ],
        ["a"],
      ),
      2,
    );
    assert.deepEqual(await stored(), [
      { sys_id: "a", number: null, "caller_id.name": null, state: "2" },
      { sys_id: "b", number: null, "caller_id.name": "Ann", state: null },
    ]);
  });

  test("deleted row is removed, and one that was made again is kept", async () => {
    await run([{ sys_id: "a" }, { sys_id: "b" }, { sys_id: "c" }]);
    assert.equal(await run([{ sys_id: "b" }], ["a", "b"]), 2);
    assert.deepEqual(await stored(), [{ sys_id: "b" }, { sys_id: "c" }]);
  });

  test("label has a column of its own", async () => {
    const cell = (value: string, label: string) => ({ value, display_value: label });
    await run([{ sys_id: cell("a", "INC1"), state: cell("1", "New") } as unknown as Row]);
    assert.deepEqual(await stored(), [{ sys_id: "a", state: "1", dv_state: "New" }]);
  });

  test("batch that cannot be stored whole is not stored at all", async () => {
    await run([{ sys_id: "a", number: "1" }]);
    await inDatabase((database) =>
      database.exec(
        "create trigger full before insert on incident when new.sys_id = 'c' begin select raise(abort, 'full'); end",
      ),
    );
    const target = await openSqlite(file, SOURCE, LOCK);
    const rows = [{ sys_id: "b", state: "1" }, { sys_id: "c" }];
    await assert.rejects(target.apply({ rows, deleted: ["a"], checkpoint: at("b") }), /full/);
    await target.apply({ rows: [], deleted: [], checkpoint: at("c") });
    await target.close();
    assert.deepEqual(await stored(), [{ sys_id: "a", number: "1" }]);
  });

  test("run that has lost its lock stores nothing", async () => {
    const confirm = () => {
      throw new Error("lost");
    };
    const target = await openSqlite(file, SOURCE, { ...LOCK, confirm });
    await assert.rejects(target.apply({ rows: [{ sys_id: "a" }], deleted: [], checkpoint: at("a") }), /lost/);
    await target.close();
    // Another run may have made it.
    assert.ok(existsSync(file));
    const again = await openSqlite(file, SOURCE, LOCK);
    await again.close();
    assert.equal(again.checkpoint, undefined);
    assert.equal(existsSync(file), false);
  });

  test("several tables have a checkpoint each, and a dropped one is read anew", async () => {
    await run([{ sys_id: "a" }]);
    await run([{ sys_id: "b" }], [], { ...SOURCE, table: "problem" });
    await inDatabase((database) => database.exec("drop table incident"));
    const checkpoints = [];
    for (const table of ["incident", "problem"]) {
      const target = await openSqlite(file, { ...SOURCE, table }, LOCK);
      checkpoints.push(target.checkpoint);
      await target.close();
    }
    assert.deepEqual(checkpoints, [undefined, at("a")]);
  });

  test("file that is not this source's copy is refused and kept", async () => {
    await run([{ sys_id: "a" }]);
    await refused(/not of incident of https:\/\/prod\.example\. Pass another file to --to\.$/, {
      ...SOURCE,
      instance: "https://prod.example",
    });
    await inDatabase((database) => database.exec("create table problem (sys_id text)"));
    await refused(/has a table problem that `sysparm sync` did not make/, { ...SOURCE, table: "problem" });
    assert.deepEqual(await stored(), [{ sys_id: "a" }]);
    file = join(folder, "letter.db");
    writeFileSync(
      file,
      "Dear reader, this is no database at all, although it is longer than the header of one.".repeat(9),
    );
    const notOpened = (name: string, message: RegExp) =>
      assert.rejects(
        openTarget(name, undefined, SOURCE),
        (thrown) => thrown instanceof UsageError && message.test(thrown.message),
      );
    await notOpened(
      file,
      /^Invalid option `--to`: .*letter\.db: file is not a database\. Pass a file that you may write\.$/,
    );
    assert.match(readFileSync(file, "utf8"), /^Dear reader/);
  });
} else {
  test("Node without SQLite is named, and no file is made", async () => {
    await refused(/^Node 20\.\d+\.\d+ has no SQLite\. Use Node 22\.13 or later, or a file that ends with \.ndjson\.$/);
    assert.equal(existsSync(file), false);
  });

  test("SQLite copies pass their tests in a newer Node", () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const given = ["--import", "tsx", "--test-reporter=tap", fileURLToPath(import.meta.url)];
    const { stdout, stderr } = spawnSync(nodeWithSqlite(), given, { env, encoding: "utf8", timeout: 60_000 });
    assert.match(stdout, /^# pass 7$/m, stdout + stderr);
    assert.match(stdout, /^# fail 0$/m);
  });
}
