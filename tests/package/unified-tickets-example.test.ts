/** `examples/unified-tickets` as it stands, with the installed package, through the worker to two practice instances. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { ModelMap } from "sysparm/model";
import { copyExample } from "../harness/copy-example.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { type WorkerWithRegistry, workerWithRegistry } from "../worker/registry-under-test.ts";
import { copyInto, type Project } from "./installed.js";

let instances: PracticeInstance[];
let project: Project;
let worker: WorkerWithRegistry;

before(async () => {
  instances = await Promise.all([
    startPracticeInstance("--rows", "80", "--quiet"),
    startPracticeInstance("--rows", "40", "--seed", "11", "--release", "xanadu", "--quiet"),
  ]);
  worker = await workerWithRegistry();
  project = copyInto("unified-tickets-example");
  copyExample("examples", join(project.folder, "examples"));
});
after(async () => {
  project?.remove();
  await worker?.stop();
  for (const instance of instances ?? []) await instance.stop();
});

const EXAMPLE = "examples/unified-tickets/index.mjs";
const run = promisify(execFile);

/** Where an instance keeps the site. */
const mapTo = (column: string): { map: ModelMap } => ({
  map: { version: 1, tables: { incident: { extra: { site: { column, readOnly: true } } } } },
});

test("example lists tickets of two customers, each with its own map", async () => {
  const [acme, bigCo] = instances as [PracticeInstance, PracticeInstance];
  const env = {
    ...process.env,
    SYSPARM_GATEWAY: worker.url,
    SYSPARM_KEY_ACME: await worker.register("acme", acme.url, mapTo("location.name")),
    SYSPARM_KEY_BIG_CO: await worker.register("big-co", bigCo.url, mapTo("company.name")),
  };
  const { stdout } = await run(process.execPath, [EXAMPLE, "acme", "big-co"], { cwd: project.folder, env });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  assert.equal(lines.length, 10);
  assert.deepEqual(new Set(lines.map(([tenant]) => tenant)), new Set(["acme", "big-co"]));
  const urgent = ["critical", "high", "moderate", "low", "planning"];
  const ranks = lines.map(([, , priority = ""]) => urgent.indexOf(priority));
  assert.deepEqual(ranks, ranks.slice().sort());
  for (const [tenant = "", number = "", , status = "", assignee = "", site = "-"] of lines) {
    assert.ok(/^INC\d+$/.test(number) && ["new", "in_progress"].includes(status) && assignee, stdout);
    assert.notEqual(site, "-", `${tenant} has the site of its map`);
  }
  await assert.rejects(
    run(process.execPath, [EXAMPLE, "acme", "nobody"], { cwd: project.folder, env }),
    (error: { stdout: string; stderr: string }) => {
      assert.match(error.stdout, /^acme\tINC/);
      assert.match(error.stderr, /^nobody: caller\./);
      return true;
    },
  );
});

test("example fits the package's types", async () => {
  const types = ["--types", "node", "--typeRoots", resolve("node_modules/@types")];
  const checks = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2022", "--module", "nodenext"];
  await run(resolve("node_modules/.bin/tsc"), [...checks, "--skipLibCheck", ...types, EXAMPLE], {
    cwd: project.folder,
  }).catch((error: { stdout: string }) => assert.fail(error.stdout));
});
