/**
 * `sysparm sync`, killed again and again while rows change, and run to its end: the copy equals the source. 2,000 rows and a few kills, or
 * SYSPARM_SYNC_ROWS rows and SYSPARM_SYNC_KILLS kills for each copy, of which the last comes while an NDJSON copy is being put together.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { assertCopyEquals, byId, changingSource, type SourceRow } from "../harness/changing-source.ts";
import { nodeWithSqlite } from "../harness/node-with-sqlite.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";

const ROWS = Number(process.env.SYSPARM_SYNC_ROWS ?? 2000);
const KILLS = process.env.SYSPARM_SYNC_KILLS;
const PAGE = Math.max(100, ROWS / 200);
/** Of a page: a run is still under way when the kill arrives. */
const DELAY_MS = 40;
/** A run leaves the second that is still being written to the next run. */
const LAG_MS = 2100;
const FIELDS = ["sys_id", "number", "short_description", "state", "assigned_to", "sys_updated_on"];

let instance: PracticeInstance;
let source: ReturnType<typeof changingSource>;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "sysparm-cli-sync-"));
  instance = await startPracticeInstance("--rows", `${ROWS}`, "--quiet");
  source = changingSource(instance, FIELDS);
  await source.letReadDeletions();
  await instance.set({ faults: [{ path: "/api/now/table/incident", kind: { delay: { ms: DELAY_MS } } }] });
});
after(async () => {
  await instance?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function sysparm(file: string) {
  const given = ["sync", "incident", "--to", file, "--fields", FIELDS.join(), "--page-size", `${PAGE}`];
  const env = {
    ...process.env,
    NODE_OPTIONS: "",
    SYSPARM_URL: instance.url,
    SYSPARM_CLIENT_ID: CLIENT_ID,
    SYSPARM_CLIENT_SECRET: CLIENT_SECRET,
  };
  return { given: [resolve("pkg/dist/cli.js"), ...given], options: { cwd: folder, env } };
}

/** Kills a run once a file has that number of bytes. */
async function kill(node: string, file: string, watched: string, bytes: number): Promise<void> {
  const { given, options } = sysparm(file);
  const child = spawn(node, given, { ...options, stdio: ["ignore", "ignore", "inherit"] });
  const watching = setInterval(() => {
    const size = statSync(join(folder, watched), { throwIfNoEntry: false })?.size ?? 0;
    if (size >= bytes) child.kill("SIGKILL");
  }, 1);
  const [, signal] = await once(child, "exit");
  clearInterval(watching);
  assert.equal(signal, "SIGKILL", `a run that should be killed at ${bytes} bytes of ${watched} had ended`);
}

async function assertEqual(copied: Map<string | undefined, SourceRow>): Promise<void> {
  assertCopyEquals(copied, await source.rows(), ROWS - 1);
}

/** Kills at equal distances, changes rows after each, and lets the last run end. */
async function killAndResume(
  node: string,
  file: string,
  kills: number,
  watched: string,
  bytes: number,
  lastWatched = watched,
) {
  await instance.set({ faults: [{ path: "/api/now/table/incident", kind: { delay: { ms: DELAY_MS } } }] });
  for (let round = 1; round <= kills; round += 1) {
    const isLast = round === kills && lastWatched !== watched;
    await kill(node, file, isLast ? lastWatched : watched, isLast ? 1 : (bytes * round) / (kills + 1));
    await source.change(round);
  }
  await setTimeout(LAG_MS);
  const { given, options } = sysparm(file);
  const { stderr } = await promisify(execFile)(node, given, options);
  assert.equal(stderr, "");
}

test("NDJSON copy of killed runs equals the source", async () => {
  // A small copy is put together within milliseconds, and another process may see nothing of that.
  const last = KILLS ? "rows.ndjson.merged" : "rows.ndjson.changes";
  await killAndResume(process.execPath, "rows.ndjson", Number(KILLS ?? 2), "rows.ndjson.changes", ROWS * 200, last);
  const text = readFileSync(join(folder, "rows.ndjson"), "utf8");
  await assertEqual(
    byId(
      text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ),
  );
});

test("SQLite copy of killed runs equals the source", async () => {
  const node = nodeWithSqlite();
  await killAndResume(node, "rows.db", Number(KILLS ?? 1), "rows.db", ROWS * 180);
  const select =
    'console.log(JSON.stringify(new (require("node:sqlite").DatabaseSync)("rows.db").prepare("select * from incident").all()))';
  const { stdout } = await promisify(execFile)(node, ["--no-warnings", "-e", select], {
    cwd: folder,
    maxBuffer: 2 ** 30,
  });
  await assertEqual(byId(JSON.parse(stdout)));
});
