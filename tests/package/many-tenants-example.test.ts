/** `examples/many-tenants` as it stands, with the installed package, through the worker to two practice instances. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { copyExample } from "../harness/copy-example.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { type WorkerWithRegistry, workerWithRegistry } from "../worker/registry-under-test.ts";
import { installInto, type Project } from "./installed.js";

let instances: PracticeInstance[];
let project: Project;
let worker: WorkerWithRegistry;

before(async () => {
  instances = await Promise.all([
    startPracticeInstance("--rows", "300", "--quiet"),
    startPracticeInstance("--rows", "60", "--seed", "11", "--release", "xanadu", "--quiet"),
  ]);
  worker = await workerWithRegistry();
  project = installInto("many-tenants-example");
  copyExample("examples", join(project.folder, "examples"));
});
after(async () => {
  project?.remove();
  await worker?.stop();
  for (const instance of instances ?? []) await instance.stop();
});

/** The open incidents by the instance itself. */
async function open({ url }: PracticeInstance): Promise<string> {
  const query = "sysparm_query=active=true^ORDERBYDESCnumber&sysparm_fields=number&sysparm_limit=3";
  const reply = await fetch(`${url}/api/now/table/incident?${query}`, {
    headers: { authorization: `Basic ${btoa("practice.admin:practice-admin-password")}` },
  });
  const { result } = (await reply.json()) as { result: { number: string }[] };
  const numbers = result.map(({ number }) => number).join(", ");
  return `${reply.headers.get("x-total-count")} open incidents, newest ${numbers}`;
}

test("example reads two tenants through one gateway", async () => {
  const [acme, bigCo] = instances as [PracticeInstance, PracticeInstance];
  const env = {
    ...process.env,
    SYSPARM_GATEWAY: worker.url,
    SYSPARM_KEY_ACME: await worker.register("acme", acme.url),
    SYSPARM_KEY_BIG_CO: await worker.register("big-co", bigCo.url),
  };
  const run = (...tenants: string[]) =>
    promisify(execFile)(process.execPath, ["examples/many-tenants/index.mjs", ...tenants], {
      cwd: project.folder,
      env,
    });
  const lines = (await run("acme", "big-co")).stdout.trim().split("\n").sort();
  assert.deepEqual(lines, [`acme: ${await open(acme)}`, `big-co: ${await open(bigCo)}`]);
  assert.equal(new Set(lines.map((line) => line.replace(/^\S+ /, ""))).size, 2, "the instances differ");
  await assert.rejects(run("acme", "nobody"), (error: { stdout: string; stderr: string }) => {
    assert.match(error.stdout, /^acme: \d+ open incidents/);
    assert.match(error.stderr, /^nobody: /);
    return true;
  });
});
