/** The command `sysparm sync` against a practice instance, and what it refuses before a request. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { UsageError, type World } from "../../www/glue/src/cli/command.js";
import { syncCommand } from "../../www/glue/src/cli/sync/command.js";
import { reportRun } from "../../www/glue/src/cli/sync/report.js";
import { thisProcess } from "../../www/glue/src/cli/sync/run-lock.js";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";

let instance: PracticeInstance;
let folder: string;
let printed = "";
let complained: string[] = [];
let shown: string[] = [];
before(async () => {
  instance = await startPracticeInstance("--rows", "60", "--quiet");
  folder = mkdtempSync(join(tmpdir(), "sysparm-cli-sync-"));
});
after(async () => {
  await instance?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  printed = "";
  complained = [];
  shown = [];
});

function world(): World {
  const environment = {
    SYSPARM_URL: instance.url,
    SYSPARM_CLIENT_ID: "practice-client",
    SYSPARM_CLIENT_SECRET: "practice-secret",
  };
  return {
    environment,
    platform: "linux",
    home: folder,
    version: () => "0",
    signal: new AbortController().signal,
    print(text) {
      printed += text;
    },
    drained: async () => undefined,
    complain: (text) => void complained.push(text),
    progress: (text) => void shown.push(text),
    read: async () => "",
    askSecret: async () => undefined,
  };
}

const file = (name: string) => join(folder, name);
const sync = (to: string, more: Record<string, string> = {}) =>
  syncCommand.run({ table: "incident", to: file(to), ...more }, world());
const rows = (name: string) =>
  readFileSync(file(name), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

test("first run reads all rows, the second one none", async () => {
  assert.equal(await sync("made/rows.ndjson", { fields: "number, state" }), 0);
  assert.equal(printed, `incident: 60 rows written, 0 deleted; ${file("made/rows.ndjson")} holds 60 rows.\n`);
  assert.match(shown.at(-1) ?? "", /^incident: 60 of 60 rows, 0 s to go$/);
  assert.deepEqual(Object.keys(rows("made/rows.ndjson")[0]), [
    ...["sys_id", "number", "state", "sys_updated_on", "sys_mod_count"],
  ]);
  assert.deepEqual(readdirSync(file("made")), ["rows.ndjson", "rows.ndjson.checkpoint"]);
  printed = "";
  assert.equal(await sync("made/rows.ndjson", { fields: "number,state", "page-size": "7" }), 0);
  assert.match(printed, /^incident: 0 rows written, 0 deleted; .* holds 60 rows/);
  // Deletions count from the first run on.
  assert.match(complained.join(), /^warning: Deletions are not read: this user may not read sys_audit_delete/);
  complained = [];
  assert.equal(await sync("made/rows.ndjson", { fields: "number,state", deletions: "none" }), 0);
  assert.deepEqual(complained, []);
  symlinkSync("made/rows.ndjson", file("link.ndjson"));
  printed = "";
  assert.equal(await sync("link.ndjson", { fields: "number,state", deletions: "none" }), 0);
  assert.match(printed, /^incident: 0 rows written/);
  assert.deepEqual(readdirSync(file("made")), ["rows.ndjson", "rows.ndjson.checkpoint"]);
});

test("query, labels and the place of the checkpoint are taken", async () => {
  const more = { query: "active=true^ORDERBYnumber", "display-value": "all", checkpoint: file("kept.json") };
  assert.equal(await sync("active.jsonl", { fields: "active,state", ...more }), 0);
  const copied = rows("active.jsonl");
  assert.ok(copied.length > 0 && copied.length < 60, `${copied.length}`);
  for (const row of copied) assert.deepEqual(row.active, { value: "true", display_value: "true" });
  assert.ok(existsSync(more.checkpoint) && !existsSync(file("active.jsonl.checkpoint")));
  await assert.rejects(sync("active.jsonl", { fields: "active,state", checkpoint: more.checkpoint }), {
    message: `\`${file("active.jsonl")}\` was begun with another --query, --fields or --display-value. Pass those, or another file to --to.`,
  });
  assert.equal(existsSync(file("active.jsonl.lock")), false);
});

test("failure says that what was read is kept, and the next run goes on", async () => {
  const refusal = { path: "/api/now/table/incident", after: 4, kind: { status: { status: 403 } } };
  await instance.set({ faults: [refusal] });
  await assert.rejects(sync("refused.ndjson", { "page-size": "10" }), /403/);
  assert.deepEqual(complained, ["What was read is kept. Run again to go on from there."]);
  assert.equal(existsSync(file("refused.ndjson")), false);
  await instance.set({ faults: [] });
  assert.equal(await sync("refused.ndjson", { "page-size": "10" }), 0);
  const written = Number(/(\d+) rows written/.exec(printed)?.[1]);
  assert.ok(written > 0 && written < 60, printed);
  assert.equal(new Set(rows("refused.ndjson").map(({ sys_id }) => sys_id)).size, 60);
});

test("field that no row has is named", async () => {
  assert.equal(await sync("fields.ndjson", { fields: "nmber,caller_id.name,state" }), 0);
  const why = "the table has no such field, or this user may not read it.";
  assert.deepEqual(complained, [`warning: no row has nmber: ${why}`]);
});

test("run that fails at once leaves no file", async () => {
  await assert.rejects(sync("none/rows.ndjson", { table: "no_such_table" }), /no such table/);
  assert.deepEqual(readdirSync(file("none")), []);
});

test("copy that another run writes to is refused", async () => {
  writeFileSync(file("held.ndjson.lock"), JSON.stringify({ ...thisProcess(), pid: process.ppid }));
  await assert.rejects(sync("held.ndjson"), new RegExp(`Process ${process.ppid} on .* is writing to this target`));
  assert.ok(existsSync(file("held.ndjson.lock")));
});

test("file that cannot be written is named, and no lock is left", async () => {
  mkdirSync(file("folder.ndjson"));
  await assert.rejects(sync("folder.ndjson"), {
    message: /^Invalid option `--to`: .*folder\.ndjson is a folder\. Pass a file\.$/,
  });
  writeFileSync(file("text"), "");
  await assert.rejects(sync("text/rows.ndjson"), {
    message: /^Option `--to`: `.*rows\.ndjson` was not written: E\w+: .*\. Pass a file that you may write\.$/,
  });
  assert.equal(existsSync(file("folder.ndjson.lock")), false);
});

test("wrong use is refused before a request", async () => {
  const requests = (await instance.journal()).length;
  const wrong: [given: Record<string, string>, said: RegExp][] = [
    [{ table: "incident^active" }, /^Invalid argument <table>/],
    [{ to: "" }, /^Missing option `--to`\. .* --to incident\.ndjson\.$/],
    [{ to: "rows.csv" }, /^Invalid option `--to`: rows\.csv\. Pass a file that ends with \.ndjson/],
    [{ to: "rows.db", checkpoint: "c" }, /^Invalid option `--checkpoint`: a SQLite database holds its checkpoint/],
    [{ to: "rows.ndjson", checkpoint: "./rows.ndjson" }, /^Invalid option `--checkpoint`: .* holds something else/],
    [
      { to: "rows.ndjson", checkpoint: "other.checkpoint.new" },
      /^Invalid option `--checkpoint`: .* holds something else/,
    ],
    [{ fields: "number,,state" }, /^Invalid option `--fields`: an empty name/],
    [{ deletions: "incident^x" }, /^Invalid option `--deletions`: incident\^x/],
    [{ "page-size": "0" }, /^Invalid option `--page-size`: 0\. Pass a whole number from 1 to 10000/],
  ];
  for (const [given, message] of wrong) {
    const run = syncCommand.run({ table: "incident", to: "rows.ndjson", ...given }, world());
    await assert.rejects(run, (thrown) => thrown instanceof UsageError && message.test(thrown.message));
  }
  assert.equal((await instance.journal()).length, requests);
});

test("caveat that names a function says what to do without it", () => {
  const said: string[] = [];
  const world = { print: () => undefined, complain: (text: string) => void said.push(text) } as unknown as World;
  const run = (caveat: string) =>
    reportRun({ rows: 0, deleted: 0, unseen: new Set(), progress: undefined, caveat }, 0, "incident", "a.db", world);
  run("Deletions are not read. reconcile() finds such rows.");
  assert.match(said[0] ?? "", /^warning: Deletions .* is a function of the package .* pass another file to --to\.$/);
  run("Another caveat.");
  assert.equal(said[2], "warning: Another caveat.");
});
