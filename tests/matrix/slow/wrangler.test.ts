/** `wrangler deploy --dry-run` of the edge worker, with Node 22 from npm, which wrangler needs. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ENTRY_MODULE } from "../../../www/worker/build.ts";

const PACKAGES = ["wrangler@4.164.0", "node@22.23.3"];
const WORKER = fileURLToPath(new URL("../../../www/worker/", import.meta.url));

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sysparm-wrangler-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await promisify(execFile)("npm", ["install", "--silent", "--no-audit", "--no-fund", ...PACKAGES], { cwd: folder });
});
after(() => rm(folder, { recursive: true, force: true }));

test("wrangler accepts the worker and uploads its modules", { timeout: 120_000 }, async () => {
  const uploaded = join(folder, "uploaded");
  const PATH = [join(folder, "node_modules/.bin"), process.env.PATH].join(delimiter);
  // No account is asked, and nothing is written to the home folder.
  const env = { ...process.env, PATH, HOME: folder, CI: "1", WRANGLER_SEND_METRICS: "false" };
  const { stdout } = await promisify(execFile)("wrangler", ["deploy", "--dry-run", "--outdir", uploaded], {
    cwd: WORKER,
    env,
  });
  assert.match(stdout, /--dry-run: exiting now/);
  const [built, names] = await Promise.all([readdir(join(WORKER, "dist")), readdir(uploaded)]);
  assert.ok(built.includes(ENTRY_MODULE) && built.length > 3, built.join(", "));
  for (const name of built) assert.ok(names.includes(name), `${name} is not uploaded: ${names.join(", ")}`);
});
