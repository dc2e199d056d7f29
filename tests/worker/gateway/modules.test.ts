/** Which modules a first request needs: the entry is small, and what few requests need is loaded when one does. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import type { Metafile } from "esbuild";
import { buildWorker, bundleWorker, ENTRY_MODULE } from "../../../www/worker/build.ts";
import { serveModules } from "../../../www/worker/serve.ts";
import { json, scriptedInstance } from "../scripted-instance.ts";
import { BINDINGS, call } from "../worker-under-test.ts";

/** In bytes, of the entry and what it imports at once; minified. */
const MOST_AT_START = 75_000;

let folder: string;
let outputs: Metafile["outputs"];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "worker-modules-"));
  ({ outputs } = await bundleWorker(folder));
});
after(() => rm(folder, { recursive: true }));

type Output = Metafile["outputs"][string];

/** The module and all that it imports at once, by path. */
function importedAtOnce(path: string, found = new Map<string, Output>()): Map<string, Output> {
  const output = outputs[path];
  if (output === undefined || found.has(path)) return found;
  found.set(path, output);
  for (const { path: next, kind } of output.imports) if (kind === "import-statement") importedAtOnce(next, found);
  return found;
}

function entry(): string {
  return Object.keys(outputs).find((path) => basename(path) === ENTRY_MODULE) ?? assert.fail("no entry");
}

/** Libraries and parts that no request to an instance needs, as parts of their files' paths. */
const LATER = [
  "/hono/",
  "/jose/",
  "/valibot/",
  "worker/src/admin/",
  "worker/src/unified/",
  "worker/src/openapi/",
  "tenants/tenant-table.ts",
  "/dist/",
  "/pkg/",
];

/** What is loaded for a failure, an administrator or a token of another issuer. The object that obtains the token needs the client. */
const UNNEEDED = [
  ...LATER.slice(0, 7),
  "/dist/model-workerd.js",
  "gateway/through-package.ts",
  "gateway/failure-reply.ts",
];

/** What a Durable Object's class extends and uses in every method must be there at the start: a few kilobytes. */
const OF_DURABLE_OBJECTS = /\/dist\/(?:durable-object|errors)\.js$/;

test("entry holds no administration, JWT, schema library or client", () => {
  const inputs = [...importedAtOnce(entry()).values()].flatMap((output) => Object.keys(output.inputs));
  assert.ok(
    inputs.some((path) => path.endsWith("src/gateway/pass-through.ts")),
    "the gateway is there",
  );
  for (const part of LATER)
    assert.deepEqual(
      inputs.filter((path) => path.includes(part) && !OF_DURABLE_OBJECTS.test(path)),
      [],
      part,
    );
});

test("modules at the start stay within their ceiling", (t) => {
  const bytes = [...importedAtOnce(entry()).values()].reduce((sum, output) => sum + output.bytes, 0);
  t.diagnostic(`${bytes} bytes at the start`);
  assert.ok(bytes < MOST_AT_START, `${bytes} bytes`);
});

test("worker holds no file of the package that it never loads", async () => {
  const texts = await Promise.all(
    Object.keys(outputs)
      .filter((path) => path.endsWith(".js"))
      .map((path) => readFile(join(folder, basename(path)), "utf8")),
  );
  for (const name of ["catalog", "conditions", "name-check", "other-apis", "safe-writes"])
    assert.ok(
      texts.some((text) => text.includes(`"${name} is not part of this worker`)),
      name,
    );
});

test("first request compiles none of the modules that are loaded later", async (t) => {
  const instance = await scriptedInstance(json(200, { result: [] }));
  t.after(() => instance.stop());
  const modules = await buildWorker(folder);
  const [emptied, kept] = [[], []] as [string[], string[]];
  for (const [path, { inputs }] of Object.entries(outputs)) {
    const isUnneeded = Object.keys(inputs).some((input) => UNNEEDED.some((part) => input.includes(part)));
    (isUnneeded ? emptied : kept).push(basename(path));
  }
  assert.ok(emptied.length > 0 && kept.includes(ENTRY_MODULE), emptied.join(", "));
  // Not JavaScript: workerd does not even compile them at the start.
  for (const name of emptied) await writeFile(join(folder, name), `${name} was compiled`);
  const worker = await serveModules(folder, modules, { bindings: { ...BINDINGS, INSTANCE_URL: instance.url } });
  t.after(() => worker.stop());
  assert.equal((await call(worker, "/api/now/table/incident")).status, 200);
});
