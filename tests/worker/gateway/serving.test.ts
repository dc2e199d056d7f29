import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ENTRY_MODULE } from "../../../www/worker/build.ts";
import { hashOfKey, serveWorker } from "../../../www/worker/serve.ts";
import { COMPATIBILITY_DATE, DURABLE_OBJECTS } from "../../../www/worker/workerd-configuration.ts";
import { scriptedInstance } from "../scripted-instance.ts";
import { BINDINGS, call, envelopeOf } from "../worker-under-test.ts";

const here = (path: string) => fileURLToPath(new URL(`../../../www/worker/${path}`, import.meta.url));

test("command line serves the worker and hides secrets", {
  timeout: 30_000,
}, async (t) => {
  const instance = await scriptedInstance();
  t.after(() => instance.stop());
  const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("sysparm-worker-")).length;
  const options = [
    "--instance",
    instance.url,
    "--client-id",
    "cli-client",
    "--caller-key",
    "cli-caller-key",
    "--origin",
    "http://127.0.0.1:4173",
    "--port",
    "0",
  ];
  const child = spawn(process.execPath, ["--import", "tsx", here("serve.ts"), ...options], {
    env: { ...process.env, SYSPARM_CLIENT_SECRET: "cli-client-secret" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const url = /^worker listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
  assert.ok(url, line);

  assert.equal(
    (await fetch(`${url}/api/now/table/incident`, { headers: { "x-api-key": "cli-caller-key" } })).status,
    200,
  );
  const children = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8"))
    .trim()
    .split(" ")
    .filter(Boolean);
  const commands = await Promise.all(
    children.map(async (id) => [id, await readFile(`/proc/${id}/cmdline`, "utf8")] as const),
  );
  const [workerd, command] =
    commands.find(([, words]) => words.includes("workerd")) ?? assert.fail("no workerd among its children");
  assert.ok(!command.includes("cli-client-secret") && !command.includes("cli-caller-key"));
  const atWork = await left();

  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  assert.equal(code, 0);
  assert.equal(existsSync(`/proc/${workerd}`), false);
  assert.ok((await left()) <= atWork);
});

test("process that gets a signal leaves no workerd behind", {
  timeout: 30_000,
}, async () => {
  for (const [signal, listens] of [
    ["SIGTERM", false],
    ["SIGINT", false],
    ["SIGTERM", true],
  ] as const) {
    const program = `
      import { serveWorker } from ${JSON.stringify(here("serve.ts"))};
      const workers = [await serveWorker({ bindings: {} }), await serveWorker({ bindings: {} })];
      if (${listens}) process.on("${signal}", () => Promise.all(workers.map(({ ended }) => ended)).then(() => process.exit(7)));
      console.log(workers.map(({ processId }) => processId).join(" "));`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const processes = line.split(" ");
    assert.ok(processes.length === 2 && processes.every((id) => existsSync(`/proc/${id}`)), line);
    child.kill(signal);
    assert.deepEqual(await once(child, "exit"), listens ? [7, null] : [null, signal]);
    while (processes.some((id) => existsSync(`/proc/${id}`))) await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

test("invalid configuration is reported before anything listens", async () => {
  const run = promisify(execFile)(
    process.execPath,
    [
      "--import",
      "tsx",
      here("serve.ts"),
      "--instance",
      "http://dev12345.service-now.com",
      "--client-secret",
      "hush-hush",
    ],
    {
      env: { ...process.env, SYSPARM_CLIENT_SECRET: "", SYSPARM_CALLER_KEY: "" },
    },
  );
  await assert.rejects(run, (error: { stdout: string; stderr: string }) => {
    assert.equal(error.stdout, "");
    for (const name of ["INSTANCE_URL", "CLIENT_ID", "CALLER_KEYS"]) assert.match(error.stderr, new RegExp(name));
    assert.ok(!error.stderr.includes("hush-hush"));
    return true;
  });
});

test("README's command makes a new key and its hash", async () => {
  const readme = await readFile(here("README.md"), "utf8");
  const command =
    /```sh\n(key=.*)\n```/.exec(readme)?.[1] ?? assert.fail("the README shows no command that makes a key");
  const keys = new Set<string>();
  for (let round = 0; round < 3; round += 1) {
    const { stdout } = await promisify(execFile)("bash", ["-c", command]);
    const [, key, hash] = /^key {4}(\S{40,})\nsha256 ([0-9a-f]{64})\n$/.exec(stdout) ?? assert.fail(stdout);
    assert.equal(hashOfKey(key ?? ""), hash);
    keys.add(key ?? "");
  }
  assert.equal(keys.size, 3);
});

test("wrangler.jsonc matches the configuration of the tests", async () => {
  const text = await readFile(here("wrangler.jsonc"), "utf8");
  const configuration = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
  assert.equal(configuration.compatibility_date, COMPATIBILITY_DATE);
  assert.deepEqual(
    configuration.durable_objects.bindings,
    DURABLE_OBJECTS.map(({ binding, className }) => ({ name: binding, class_name: className })),
  );
  assert.deepEqual(configuration.migrations, [
    { tag: "v1", new_sqlite_classes: ["TokenKeeper"] },
    { tag: "v2", new_sqlite_classes: ["TenantRegistry"] },
    { tag: "v3", renamed_classes: [{ from: "TokenKeeper", to: "TokenBroker" }] },
  ]);
  // Bundled by wrangler itself, the worker would hold every lazily loaded file of the package.
  assert.equal(configuration.main, `dist/${ENTRY_MODULE}`);
  assert.equal(configuration.no_bundle, true);
  assert.deepEqual(configuration.rules, [{ type: "ESModule", globs: ["**/*.js"] }]);
  assert.equal(configuration.build.command, "node --import tsx build.ts");
  assert.deepEqual(Object.keys(configuration.vars).sort(), [
    "ALLOWED_ORIGINS",
    "CALLER_KEYS",
    "CLIENT_ID",
    "INSTANCE_URL",
  ]);
});

test("namespace that is not bound is named on every call", async (t) => {
  for (const [missing, bound, target] of [
    ["TENANT_REGISTRY", { binding: "TOKEN_BROKER", className: "TokenBroker" }, "/acme/api/now/table/incident"],
    ["TOKEN_BROKER", { binding: "TENANT_REGISTRY", className: "TenantRegistry" }, "/api/now/table/incident"],
  ] as const) {
    const bindings = { ...BINDINGS, INSTANCE_URL: "http://127.0.0.1:9" };
    const worker = await serveWorker({ bindings, objects: [bound] });
    t.after(() => worker.stop());
    const reply = await call(worker, target);
    const { error } = await envelopeOf(reply);
    assert.deepEqual([reply.status, error.code], [500, "gateway.not-configured"], missing);
    assert.match(error.detail, new RegExp(`${missing}.*wrangler deploy`));
  }
});
