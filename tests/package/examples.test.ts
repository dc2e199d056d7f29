/** Every example runs as it stands, with the installed package, against a practice instance. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { copyExample } from "../harness/copy-example.ts";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../harness/practice-instance.ts";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "600", "--hidden", "0.04", "--quiet");
  project = installInto("examples");
  copyExample("examples", join(project.folder, "examples"));
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

async function run(folder: string, ...given: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [`examples/${folder}/index.mjs`, ...given], {
    cwd: project.folder,
    env: environment(),
  });
  return stdout.trim().split("\n");
}

const environment = (secret = CLIENT_SECRET) => ({
  ...process.env,
  SYSPARM_URL: instance.url,
  SYSPARM_CLIENT_ID: CLIENT_ID,
  SYSPARM_CLIENT_SECRET: secret,
});

test("examples are listed in their README", () => {
  const folders = readdirSync("examples", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const readme = readFileSync("examples/README.md", "utf8");
  const listed = [...readme.matchAll(/^\| \[([\w-]+)\]/gm)].map(([, name]) => name);
  assert.deepEqual(listed.sort(), folders.map(({ name }) => name).sort());
});

test("read-to-csv writes every row that may be read", async () => {
  const file = join(project.folder, "incidents.csv");
  const [said = ""] = await run("read-to-csv", file, "incident", "");
  const [, rows, hidden] = /^(\d+) rows in .*, (\d+) hidden/.exec(said) ?? [];
  assert.equal(Number(rows) + Number(hidden), 600, said);
  assert.ok(Number(hidden) > 0);
  const lines = readFileSync(file, "utf8").trim().split("\r\n");
  assert.equal(lines[0], '"number","short_description","priority","sys_updated_on"');
  assert.equal(new Set(lines).size, Number(rows) + 1);
});

test("bulk-update changes what the query finds and no more", async () => {
  const said = await run("bulk-update", "priority=1^active=true", "description=looked at: a=b", "--yes");
  const [, found] = /: (\d+)\. Hidden/.exec(said[0] ?? "") ?? [];
  assert.match(said[1] ?? "", new RegExp(`^${found} changed, 0 failed, 0 left`));
  assert.ok(Number(found) > 0);
  const query = encodeURIComponent("description=looked at: a=b");
  const reply = await fetch(`${instance.url}/api/now/stats/incident?sysparm_count=true&sysparm_query=${query}`, {
    headers: { authorization: `Basic ${btoa("practice.admin:practice-admin-password")}` },
  });
  assert.equal((await reply.json()).result.stats.count, found);
  const refused = spawnSync(
    process.execPath,
    ["examples/bulk-update/index.mjs", "actve=true", "description=x", "--yes"],
    {
      cwd: project.folder,
      env: environment(),
      encoding: "utf8",
    },
  );
  assert.match(refused.stderr, /actve/);
  assert.equal(refused.status, 1);
});

test("attachment-progress sends a file and gets it back", async () => {
  const file = join(project.folder, "scan.bin");
  writeFileSync(file, new Uint8Array(3_000_000).fill(7));
  const lines = readFileSync(join(project.folder, "incidents.csv"), "utf8").split("\r\n");
  const [, number = ""] = /^"(INC\d+)"/.exec(lines[1] ?? "") ?? [];
  const said = await run("attachment-progress", file, number);
  assert.equal(said.at(-2), "sent 100 %");
  assert.equal(said.at(-1), "attached scan.bin, 3000000 bytes came back");
});

test("error-handling creates a record, and names causes otherwise", async () => {
  assert.match((await run("error-handling", "printer on fire"))[0] ?? "", /^created INC\d+$/);
  const { status, stderr } = spawnSync(process.execPath, ["examples/error-handling/index.mjs", "x"], {
    cwd: project.folder,
    env: environment("wrong"),
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /Ask the administrator to check the client/);
  assert.ok(stderr.split("\n").length > 3, stderr);
});

test("unit-test passes without an instance", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--test", "--test-reporter=spec", "examples/unit-test/open-incidents.test.mjs"],
    // In the context of this runner it would report to it and print nothing.
    { cwd: project.folder, env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
  );
  assert.match(stdout, /pass 2/);
});
