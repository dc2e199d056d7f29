/** `examples/sync-to-sqlite`: a first run that is killed, one that goes on, and one that reads changes and deletions. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { copyExample } from "../harness/copy-example.ts";
import { nodeWithSqlite } from "../harness/node-with-sqlite.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";
import { copyInto, type Project } from "./installed.js";

const ROWS = 2500;
const ADMINISTRATOR = `Basic ${btoa("practice.admin:practice-admin-password")}`;
/** A run leaves the second that is still being written to the next run. */
const LAG_MS = 2100;
const LONGEST_RUN_MS = 50_000;
/** A request for the instance's clock and the first page are answered. Later pages come after the end of any run. */
const FIRST_PAGE_ONLY = { path: "/api/now/table/incident", after: 2, kind: { delay: { ms: 60_000 } } };
const SELECT = `
  const { DatabaseSync } = require("node:sqlite");
  console.log(JSON.stringify(new DatabaseSync("copy.db").prepare("select * from incident order by sys_id").all()));
`;

type Row = Record<string, string>;

let instance: PracticeInstance;
let project: Project;
let node: string;

before(async () => {
  node = nodeWithSqlite();
  instance = await startPracticeInstance("--rows", `${ROWS}`, "--hidden", "0.04", "--quiet");
  await letReadDeletions();
  project = copyInto("sqlite-example");
  copyExample("examples", join(project.folder, "examples"));
});
after(async () => {
  project?.remove();
  await instance?.stop();
});

const PROGRAM = ["--no-warnings", "examples/sync-to-sqlite/index.mjs"];
const surroundings = () => ({
  cwd: project.folder,
  timeout: LONGEST_RUN_MS,
  env: {
    ...process.env,
    NODE_OPTIONS: "",
    SYSPARM_URL: instance.url,
    SYSPARM_CLIENT_ID: CLIENT_ID,
    SYSPARM_CLIENT_SECRET: CLIENT_SECRET,
  },
});

/** What a run says at its end. */
async function run(): Promise<{ written: number; deleted: number; unseen: number }> {
  const { stdout, stderr } = await promisify(execFile)(node, PROGRAM, surroundings());
  assert.equal(stderr, "");
  const [, ...figures] = /(\d+) written, (\d+) deleted, (\d+) rows not seen\n$/.exec(stdout) ?? [];
  const [written = NaN, deleted = NaN, unseen = NaN] = figures.map(Number);
  return { written, deleted, unseen };
}

async function copied(): Promise<Row[]> {
  const { stdout } = await promisify(execFile)(node, ["--no-warnings", "-e", SELECT], {
    ...surroundings(),
    maxBuffer: 16_000_000,
  });
  return JSON.parse(stdout);
}

/** A request of an administrator. */
async function request(method: string, path: string, body?: unknown): Promise<Row> {
  const headers = { authorization: ADMINISTRATOR, "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const reply = await fetch(`${instance.url}/api/now/table/${path}`, { method, headers, ...sent });
  assert.ok(reply.ok, `${method} ${path}: ${reply.status}`);
  return reply.status === 204 ? {} : ([((await reply.json()) as { result: Row | Row[] }).result].flat()[0] ?? {});
}

/** Deletions are on record in a table that administrators may read. */
async function letReadDeletions(): Promise<void> {
  const [client, administrator] = await Promise.all([
    request("GET", `oauth_entity?client_id=${CLIENT_ID}`),
    request("GET", "sys_user?user_name=practice.admin"),
  ]);
  await request("PATCH", `oauth_entity/${client.sys_id}`, { user: administrator.sys_id });
}

test("killed run is continued where it was killed", async () => {
  await instance.set({ faults: [FIRST_PAGE_ONLY] });
  const child = spawn(node, PROGRAM, { ...surroundings(), stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^[1-9]/.test(line)) child.kill("SIGKILL");
  }
  const [, signal] = await ended;
  assert.equal(signal, "SIGKILL");
  await instance.set({ faults: [] });
  const first = (await copied()).length;
  assert.ok(first > 0 && first < ROWS, `${first}`);

  const { written, unseen } = await run();
  const all = await copied();
  assert.deepEqual([first + written, new Set(all.map(({ sys_id }) => sys_id)).size], [all.length, all.length]);
  assert.equal(all.length + unseen, ROWS);
});

test("next run brings changes and deletions, and nothing else", async () => {
  const before = await copied();
  const [changed, gone, alsoGone] = before.map(({ sys_id }) => sys_id);
  const made = await request("POST", "incident", { short_description: "made later" });
  await request("PATCH", `incident/${changed}`, { short_description: "changed later" });
  for (const id of [gone, alsoGone]) await request("DELETE", `incident/${id}`);
  await setTimeout(LAG_MS);

  const { written, deleted } = await run();
  assert.deepEqual([written, deleted], [2, 2]);
  const after = new Map((await copied()).map((row) => [row.sys_id, row]));
  assert.equal(after.size, before.length - 1);
  assert.equal(after.get(changed)?.short_description, "changed later");
  assert.deepEqual([after.get(made.sys_id)?.number, after.has(gone), after.has(alsoGone)], [made.number, false, false]);
  assert.deepEqual(await run(), { written: 0, deleted: 0, unseen: 0 });
});
