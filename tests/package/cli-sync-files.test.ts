/** Files of `sysparm sync` that belong to another run or to someone else, and what is said where one cannot be written. */
import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Row } from "sysparm";
import type { SyncCheckpoint } from "sysparm/sync";
import { UsageError } from "../../www/glue/src/cli/command.js";
import { failureOf } from "../../www/glue/src/cli/sync/file-failure.js";
import { openNdjson } from "../../www/glue/src/cli/sync/ndjson.js";
import { lastPlaces, merge, partCount } from "../../www/glue/src/cli/sync/ndjson-merge.js";
import { openTarget } from "../../www/glue/src/cli/sync/open.js";

const SOURCE = { instance: "https://dev.example", table: "incident" };
const LOCK = { confirm: () => undefined, release: () => undefined };
const ID = (number: number) => `${number}`.padStart(32, "0");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sysparm-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);
const row = (number: number, state = "1"): Row => ({ sys_id: ID(number), state });
const batch = (...rows: Row[]) => ({ rows, deleted: [], checkpoint: { form: 1, query: "a" } as SyncCheckpoint });
const ids = (name: string) =>
  readFileSync(file(name), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => Number(JSON.parse(line).sys_id));
const opened = (name: string, lock = LOCK) => openNdjson(file(name), file(`${name}.checkpoint`), SOURCE, lock);

/** A whole run. */
async function run(name: string, checkpoint: string | undefined, ...rows: Row[]): Promise<number> {
  const target = await openTarget(file(name), checkpoint && file(checkpoint), SOURCE);
  try {
    await target.apply(batch(...rows));
    return await target.finish();
  } finally {
    await target.close();
  }
}

const refused = (work: Promise<unknown>, message: RegExp) =>
  assert.rejects(work, (thrown) => thrown instanceof UsageError && message.test(thrown.message));

test("run that has lost its lock leaves the new owner's files", async () => {
  let isLost = false;
  const confirm = () => {
    if (isLost) throw new Error("lost");
    return undefined;
  };
  const first = await opened("rows.ndjson", { ...LOCK, confirm });
  isLost = true;
  const second = await opened("rows.ndjson");
  await second.apply(batch(row(1), row(2)));
  await assert.rejects(first.finish(), { message: "lost" });
  await first.close();
  await second.apply(batch(row(3)));
  assert.equal(await second.finish(), 3);
  await second.close();
  assert.deepEqual(ids("rows.ndjson"), [1, 2, 3]);
});

test("run that loses its lock as it records leaves the checkpoint", async () => {
  let left = Number.POSITIVE_INFINITY;
  const confirm = () => {
    left -= 1;
    if (left < 0) throw new Error("lost");
    return undefined;
  };
  const target = await opened("rows.ndjson", { ...LOCK, confirm });
  const before = readFileSync(file("rows.ndjson.checkpoint"), "utf8");
  // For the changes, and to begin with the record: it is lost as the record is written to the disk.
  left = 2;
  await assert.rejects(target.apply(batch(row(1))), { message: "lost" });
  await target.close();
  assert.equal(readFileSync(file("rows.ndjson.checkpoint"), "utf8"), before);
});

test("changes that were deleted or cut meanwhile are not merged", async () => {
  const target = await opened("rows.ndjson");
  await target.apply(batch(row(1)));
  rmSync(file("rows.ndjson.changes"));
  await assert.rejects(target.finish(), /rows\.ndjson\.changes` was deleted or cut/);
  await target.close();
  assert.equal(existsSync(file("rows.ndjson")), false);
});

test("changes are written where they count, and read as far", async () => {
  const target = await opened("rows.ndjson");
  await target.apply(batch(row(1)));
  appendFileSync(file("rows.ndjson.changes"), `${JSON.stringify(row(9))}\n`);
  await target.apply(batch(row(2)));
  appendFileSync(file("rows.ndjson.changes"), `${JSON.stringify(row(9))}\n`);
  assert.equal(await target.finish(), 2);
  await target.close();
  assert.deepEqual(ids("rows.ndjson"), [1, 2]);
});

test("checkpoint of another copy is refused", async () => {
  await run("a.ndjson", "kept", row(1));
  await refused(
    run("b.ndjson", "kept", row(2)),
    /kept` is the checkpoint of `.*a\.ndjson`\. Pass another file to --ch/,
  );
  assert.equal(await run("a.ndjson", "kept", row(3)), 2);
  mkdirSync(file("moved"));
  for (const name of ["a.ndjson", "kept"]) renameSync(file(name), file(`moved/${name}`));
  assert.equal(await run("moved/a.ndjson", "moved/kept", row(4)), 3);
  renameSync(file("moved/a.ndjson"), file("moved/b.ndjson"));
  assert.equal(await run("moved/b.ndjson", "moved/kept", row(5)), 4);
});

test("checkpoint that another run writes to is refused", async () => {
  const first = await openTarget(file("a.ndjson"), undefined, SOURCE);
  // As another process that runs would hold it.
  const held = JSON.parse(readFileSync(file("a.ndjson.lock"), "utf8"));
  writeFileSync(file("a.ndjson.lock"), JSON.stringify({ ...held, pid: process.ppid }));
  await refused(openTarget(file("b.ndjson"), file("a.ndjson.checkpoint"), SOURCE), /is writing to this target/);
  assert.deepEqual(readdirSync(folder).sort(), ["a.ndjson.changes", "a.ndjson.checkpoint", "a.ndjson.lock"]);
  await first.close();
});

test("kind is that of the given name, and a link is kept", async () => {
  writeFileSync(file("data"), "Dear reader, this is neither a database nor rows. ".repeat(9));
  symlinkSync("data", file("rows.db"));
  // SQLite is asked, or said to be missing.
  await refused(openTarget(file("rows.db"), undefined, SOURCE), /SQLite|not a database/);
  assert.match(readFileSync(file("data"), "utf8"), /^Dear reader/);
  mkdirSync(file("far"));
  symlinkSync("far/rows.jsonl", file("link.ndjson"));
  symlinkSync("far", file("near"));
  assert.equal(await run("link.ndjson", undefined, row(1)), 1);
  assert.equal(await run("near/rows.jsonl", undefined, row(2)), 2);
  assert.deepEqual(ids("link.ndjson"), [1, 2]);
  assert.deepEqual(readdirSync(file("far")), ["rows.jsonl", "rows.jsonl.checkpoint"]);
});

test("first run writes over no file of someone else", async () => {
  for (const name of ["rows.ndjson.merged", "rows.ndjson.checkpoint.new"]) {
    writeFileSync(file(name), "theirs");
    await refused(run("rows.ndjson", undefined, row(1)), /would be written over, and `sysparm sync` did not write it/);
    assert.equal(readFileSync(file(name), "utf8"), "theirs");
    rmSync(file(name));
  }
  writeFileSync(file("rows.ndjson.checkpoint.new"), '{"form":1,"sou');
  assert.equal(await run("rows.ndjson", undefined, row(1)), 1);
});

test("checkpoint that cannot be written is named by its option", async () => {
  assert.equal(await run("rows.ndjson", "made/kept", row(1)), 1);
  mkdirSync(file("kept"));
  await refused(run("other.ndjson", "kept", row(1)), /^Invalid option `--checkpoint`: .*kept is a folder/);
  writeFileSync(file("text"), "");
  await assert.rejects(run("other.ndjson", "text/kept", row(1)), {
    name: "Error",
    message: /^Option `--checkpoint`: `.*text\/kept` was not written: E/,
  });
});

test("disk that is full is said with the file and a step", { skip: !existsSync("/dev/full") }, async () => {
  symlinkSync("/dev/full", file("rows.ndjson.changes"));
  const message = `\`${file("rows.ndjson")}\`: the disk is full. Free space, and run again to go on.`;
  await assert.rejects(run("rows.ndjson", undefined, row(1)), (thrown) => {
    assert.ok(!(thrown instanceof UsageError));
    assert.equal((thrown as Error).message, message);
    return true;
  });
  assert.deepEqual(readdirSync(folder), []);
});

test("failure of SQLite and of a file has a step, and another none", () => {
  const of = (more: object) => (failureOf("rows.db", Object.assign(new Error("it failed"), more)) as Error).message;
  assert.match(of({ code: "ERR_SQLITE_ERROR", errcode: 13 }), /^`rows\.db`: the disk is full\./);
  assert.equal(of({ code: "EIO", errno: -5 }), "`rows.db`: it failed. Remove the cause, and run again to go on.");
  assert.equal(of({ code: "sync.other-query" }), "it failed");
});

test("more changes than are held at once are merged in parts", async () => {
  const [copy, changes, merged] = [file("copy"), file("changes"), file("merged")];
  const rows = Array.from({ length: 400 }, (_, number) => JSON.stringify(row(number)));
  writeFileSync(copy, rows.map((line) => `${line}\n`).join(""));
  const changed = rows.flatMap((line, number) => (number % 2 ? [line, JSON.stringify(row(number, "2"))] : []));
  const text = [...changed, JSON.stringify(ID(1)), JSON.stringify(row(400))].map((line) => `${line}\n`).join("");
  writeFileSync(changes, `${text}{"sys_id":"not whole`);
  const parts = await partCount(changes, text.length, 50);
  assert.equal(parts, 9);
  const held = [];
  for (let part = 0; part < parts; part += 1) held.push((await lastPlaces(changes, text.length, part, parts)).size);
  assert.equal(
    held.reduce((sum, size) => sum + size),
    201,
  );
  assert.ok(Math.max(...held) < 50, held.join());
  assert.equal((await merge({ copy, changes, merged, checkpoint: "" }, text.length, 50)).rows, 400);
  const states = new Map(
    readFileSync(merged, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => [Number(JSON.parse(line).sys_id), JSON.parse(line).state]),
  );
  assert.equal(states.size, 400);
  for (const [number, state] of states) assert.equal(state, number % 2 ? "2" : "1", `${number}`);
});
