/** An exported Postman collection runs green in newman against the practice instance, from its token request on. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { CLIENT_ID, CLIENT_SECRET, startPracticeInstance } from "../../../../tests/harness/practice-instance.ts";
import { toolsFromNpm } from "../../../../tests/harness/tools-from-npm.ts";
import { exportPostman } from "../../src/interchange/export/postman";
import { type Assertion, newCollection, newId, newPair, newRequest, newSecretRef } from "../../src/workspace/model";

const TABLE = "/api/now/table/incident";
/** Text that a query, a script or a template could take for its own. */
const HOSTILE = `it's "q" & 100% <b> #1 ^x \\ é 😀 \${a} __proto__`;

const status = (value: string): Assertion => ({ id: newId(), on: true, subject: "status", operator: "is", value });
const body = (path: string, operator: "is" | "exists", value = ""): Assertion => ({
  id: newId(),
  on: true,
  subject: "body",
  path,
  operator,
  value,
});

const collection = newCollection("Incidents, from end to end", [
  newRequest({
    name: "Create",
    method: "POST",
    address: TABLE,
    body: { kind: "json", text: JSON.stringify({ short_description: HOSTILE, urgency: "2" }) },
    assertions: [status("201"), body("$.result.short_description", "is", HOSTILE)],
    extractions: [{ id: newId(), on: true, variable: "created", from: "body", path: "$.result.sys_id" }],
  }),
  {
    kind: "folder",
    id: newId(),
    name: "One record",
    description: "",
    auth: { kind: "inherit" },
    variables: [],
    items: [
      newRequest({
        name: "Find by a hostile text",
        address: TABLE,
        parameters: [
          newPair("sysparm_query", "sys_id={{created}}^short_descriptionLIKE100%"),
          newPair("sysparm_fields", "sys_id,urgency"),
          newPair("sysparm_limit", "not sent", false),
        ],
        headers: [newPair("X-Note", 'it\'s "q"')],
        assertions: [status("200"), body("$.result[0].urgency", "is", "2"), body("$.result[0].sys_id", "exists")],
      }),
      newRequest({
        name: "Change",
        method: "PATCH",
        address: `${TABLE}/{{created}}`,
        body: { kind: "json", text: '{"urgency": "1"}' },
        assertions: [
          status("200"),
          body("$.result.urgency", "is", "1"),
          { id: newId(), on: true, subject: "time", operator: "below", value: "20000" },
        ],
      }),
      newRequest({
        name: "Delete",
        method: "DELETE",
        address: `${TABLE}/{{created}}`,
        assertions: [status("204")],
      }),
    ],
  },
]);

interface Run {
  stats: Record<"requests" | "assertions", { total: number; pending: number; failed: number }>;
  failures: unknown[];
}

test("exported Postman collection runs green in newman", async (t) => {
  const installed = await toolsFromNpm(["newman@6.2.2"]);
  const instance = await startPracticeInstance("--rows", "20", "--quiet");
  t.after(instance.stop);
  const folder = await mkdtemp(join(tmpdir(), "sysparm-newman-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { files, losses } = exportPostman(collection, {
    instanceUrl: instance.url,
    auth: { kind: "oauth", grant: "client_credentials", clientId: CLIENT_ID, clientSecret: newSecretRef() },
  });
  assert.deepEqual(losses, []);
  const [file] = files;
  assert.ok(file && !file.text.includes(CLIENT_SECRET), "the secret is entered, not exported");
  await writeFile(join(folder, file.path), file.text);

  const report = join(folder, "report.json");
  const given = [
    "--env-var",
    `client_secret=${CLIENT_SECRET}`,
    "--reporters",
    "json",
    "--reporter-json-export",
    report,
  ];
  const command = ["run", file.path, "--timeout-request", "20000", ...given];
  // newman ends with an error if a single assertion fails.
  await promisify(execFile)(process.execPath, [join(installed, "newman/bin/newman.js"), ...command], {
    cwd: folder,
    timeout: 120_000,
  });
  const { stats, failures } = (JSON.parse(await readFile(report, "utf8")) as { run: Run }).run;
  assert.deepEqual(failures, []);
  assert.deepEqual(stats.requests, { total: 5, pending: 0, failed: 0 }, "token, create, find, change, delete");
  assert.deepEqual(stats.assertions, { total: 10, pending: 0, failed: 0 });
  assert.equal(await instance.tokenRequests(), 1);
  const statuses = (await instance.journal()).map(({ method, status }) => `${method} ${status}`);
  assert.deepEqual(statuses, ["POST 200", "POST 201", "GET 200", "PATCH 200", "DELETE 204"]);
});
