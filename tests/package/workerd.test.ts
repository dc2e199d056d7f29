/** Real workerd runs the installed tarball, bundled as wrangler bundles, and every case in it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningWorker } from "../../www/worker/workerd-process.ts";
import { startPracticeInstance } from "../harness/practice-instance.ts";
import { workerOf } from "./in-workerd.js";
import { installInto, type Project } from "./installed.js";
import type { Report } from "./run-cases.js";
import { testParts } from "./test-parts.js";

let project: Project;
let start: Awaited<ReturnType<typeof workerOf>>;

before(async () => {
  project = installInto("workerd");
  start = await workerOf(project, "tests/package/case-worker.ts");
});

after(() => project?.remove());

async function withWorker<Result>(url: string, use: (worker: RunningWorker) => Promise<Result>): Promise<Result> {
  const worker = await start({ INSTANCE_URL: url });
  try {
    return await use(worker);
  } finally {
    await worker.stop();
  }
}

testParts("workerd", (url, part) =>
  withWorker(url, async (worker) => (await (await fetch(`${worker.url}/${part}`)).json()) as Report),
);

// What an instance makes while the worker serves one request is of no use, or worse, in the next.
test("instance in a module variable serves requests in turn", async () => {
  const instance = await startPracticeInstance("--rows", "10", "--quiet");
  try {
    await withWorker(instance.url, async (worker) => {
      for (let time = 0; time < 4; time += 1) assert.equal(await (await fetch(`${worker.url}/kept`)).json(), true);
    });
  } finally {
    await instance.stop();
  }
});
