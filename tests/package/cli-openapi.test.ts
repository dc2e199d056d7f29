/** `sysparm openapi`, with a practice instance. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { OpenApiDocument } from "sysparm/openapi";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { sysparm } from "./cli-world.js";

const folder = mkdtempSync(join(tmpdir(), "sysparm-openapi-"));
let practice: PracticeInstance;
before(async () => {
  practice = await startPracticeInstance("--rows", "5", "--quiet");
});
after(async () => {
  await practice?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...given: string[]) => {
  const environment = {
    SYSPARM_URL: practice.url,
    SYSPARM_CLIENT_ID: "practice-client",
    SYSPARM_CLIENT_SECRET: "practice-secret",
  };
  return sysparm(["openapi", ...given], { environment, files: { "table.json": EXPORTED } });
};
const operationsOf = ({ paths }: OpenApiDocument) =>
  Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));

const EXPORTED = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Table API", version: "latest" },
  servers: [{ url: "https://dev12345.service-now.com" }],
  paths: { "/api/now/table/{tableName}": { get: { responses: {} }, post: { responses: {} } } },
});

test("openapi writes chosen tables, fields and operations", async () => {
  const file = join(folder, "made", "openapi.json");
  const chosen = ["--table", "incident.number,incident.caller_id.email,sys_user.name", "--operation", "list,update"];
  const { code, errors, output } = await run(...chosen, "--writable", "incident.state", "--output", file);
  assert.deepEqual([code, errors, output], [0, "", ""]);
  const document = JSON.parse(readFileSync(file, "utf8")) as OpenApiDocument;
  assert.deepEqual(operationsOf(document), ["list_incident", "update_incident", "list_sys_user", "update_sys_user"]);
  const { properties } = document.components.schemas.incident as {
    properties: Record<string, { description: string }>;
  };
  assert.deepEqual(Object.keys(properties), ["number", "caller_id.email"]);
  assert.ok(!properties["caller_id.email"]?.description.includes("Not in the dictionary"));
  assert.deepEqual(document.servers, [{ url: practice.url }]);
});

test("openapi describes a table whole that is also named alone", async () => {
  const { output } = await run("--table", "incident,incident.state");
  const { incident } = (JSON.parse(output) as OpenApiDocument).components.schemas;
  assert.ok(Object.keys((incident as { properties: object }).properties).length > 1);
});

test("openapi prints a description for a worker", async () => {
  const { output } = await run("--table", "problem", "--spec", "3.0", "--server", "https://worker.test/acme");
  const document = JSON.parse(output) as OpenApiDocument;
  assert.deepEqual([document.openapi, document.servers], ["3.0.3", [{ url: "https://worker.test/acme" }]]);
});

test("openapi trims an export", async () => {
  const { output } = await run("--exported", "table.json", "--path", "GET /api/now/table/{tableName}");
  assert.deepEqual(operationsOf(JSON.parse(output)), ["get_now_table_tableName"]);
});

test("openapi names what is wrong with its options", async () => {
  for (const [given, said] of [
    [[], /Missing option `--table`/],
    [["--table", "a b"], /Invalid option `--table`: a b/],
    [["--table", "incident", "--operation", "read"], /Invalid option `--operation`: read/],
    [["--table", "incident", "--operation", ","], /Invalid option `--operation`: ,/],
    [["--table", "incident", "--writable", "incident"], /Invalid option `--writable`: incident\./],
    [["--table", "incident", "--spec", "2.0"], /Invalid option `--spec`/],
    [["--table", "incident", "--writable", "problem.state"], /Invalid option `--writable`: problem/],
    [["--table", "incident", "--path", "GET /a"], /Missing option `--exported`/],
    [["--exported", "table.json", "--table", "incident"], /Invalid option `--table`: it is not for --exported/],
    [["--exported", "table.json", "--path", "/api"], /Invalid option `--path`/],
  ] as const) {
    const { code, errors } = await run(...given);
    assert.match(errors, said);
    assert.equal(code, 2);
  }
  const { code, errors } = await run("--table", "incident.nunber");
  assert.deepEqual([code, /Unknown field .*nunber.*number.*\(openapi\.options\)/.test(errors)], [2, true], errors);
});
