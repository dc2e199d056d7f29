/** Schemathesis, from the package registry and unchanged, requests what the description allows and finds no reply outside it. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { type PracticeInstance, startPracticeInstance } from "../../../harness/practice-instance.ts";
import { toolsFromPip } from "../../../harness/python-tools.ts";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../../registry-under-test.ts";
import { call, KEY } from "../../worker-under-test.ts";

const run = promisify(execFile);
const CHECKS =
  "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance";

let instance: PracticeInstance;
let worker: WorkerWithRegistry;
before(async () => {
  [instance, worker] = await Promise.all([startPracticeInstance("--rows", "20", "--quiet"), workerWithRegistry()]);
  const map = {
    version: 1,
    tables: { incident: { extra: { site: { column: "location.name", readOnly: true } }, custom: ["made_sla"] } },
  };
  await worker.register("acme", instance.url, { ...forTestsKey(), map });
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

interface Parameter {
  readonly name: string;
  schema: object;
}

/** The description with ids of real records: random ones are those of none. */
async function withRealIds(folder: string): Promise<string> {
  const get = async (path: string) => (await call(worker, `/acme/unified/${path}`)).json();
  const description = (await get("openapi.json")) as {
    paths: Record<string, Record<string, { parameters: Parameter[] }>>;
  };
  let known = 0;
  for (const [path, methods] of Object.entries(description.paths)) {
    const [, name = ""] = path.split("/");
    const page = path.includes("{id}") ? ((await get(`${name}?limit=5`)) as { items?: { id: string }[] }) : {};
    const ids = page.items?.map(({ id }) => id) ?? [];
    for (const { parameters } of Object.values(methods))
      for (const parameter of parameters)
        if (parameter.name === "id" && ids.length > 0) {
          parameter.schema = { enum: ids };
          known += 1;
        }
  }
  assert.ok(known > 20, `${known} operations know ids`);
  const file = `${folder}/unified.json`;
  await writeFile(file, JSON.stringify(description));
  return file;
}

test("schemathesis finds no reply outside the description", { timeout: 300_000 }, async (t) => {
  const folder = await toolsFromPip("python-schemathesis", ["schemathesis==4.32.5"]);
  const { stdout } = await run(
    `${folder}/bin/schemathesis`,
    [
      ...["run", await withRealIds(folder), "--url", `${worker.url}/acme/unified`],
      ...["--checks", CHECKS, "--max-examples", "8", "--seed", "1"],
      ...["--max-time", process.env.SYSPARM_SCHEMATHESIS_SECONDS ?? "70", "--phases", "examples,coverage,fuzzing"],
      ...["--header", `x-api-key: ${KEY}`, "--no-color", "--workers", "1"],
      ...["--suppress-health-check", "all", "--generation-database", "none"],
    ],
    { cwd: folder, maxBuffer: 2 ** 26 },
  ).catch((error: { stdout?: string; stderr?: string }) => assert.fail(`${error.stdout}\n${error.stderr}`));
  t.diagnostic(stdout.split("\n").slice(-25).join("\n"));
  assert.match(stdout, /Test cases:/);
});
