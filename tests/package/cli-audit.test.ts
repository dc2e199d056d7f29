/** `sysparm audit` and `sysparm runbook`, with profiles of a practice instance and with a saved inventory. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Audit } from "sysparm/environments";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { inventoryWith } from "./audited-inventory.js";
import { emptyHome, sysparm } from "./cli-world.js";

const home = emptyHome();
const environment = {
  SYSPARM_PROD_CLIENT_SECRET: "practice-secret",
  SYSPARM_ADMIN_PASSWORD: "practice-admin-password",
};
const CALLS = '{"method":"GET","path":"/api/now/table/incident?sysparm_fields=number","status":200}\n';
const files = { "calls.log": CALLS, "prod.json": JSON.stringify(inventoryWith()), "a.json": "{" };

let practice: PracticeInstance;
before(async () => {
  practice = await startPracticeInstance("--rows", "5", "--quiet");
  const add = (...given: string[]) => sysparm(["profile", "add", ...given, "--url", practice.url], { home });
  assert.equal((await add("prod", "--client-id", "practice-client")).code, 0);
  assert.equal((await add("admin", "--sign-in", "basic", "--username", "practice.admin")).code, 0);
});
after(async () => {
  await practice?.stop();
  rmSync(home, { recursive: true, force: true });
});

const run = (...given: string[]) => sysparm(given, { home, environment, files });
const LIVE = ["--profile", "prod", "--administrator", "admin", "--traffic", "calls.log"];

test("audit_of_a_profile_exits_with_1_on_findings", async () => {
  const { code, output, errors, progress } = await run("audit", ...LIVE, "--format", "json");
  assert.equal(errors, "");
  const { findings, proposal } = JSON.parse(output) as Audit;
  assert.deepEqual(
    findings.filter(({ code }) => code.startsWith("roles.")).map(({ code, subject }) => [code, subject]),
    [
      ["roles.too-broad", "itil"],
      ["roles.unneeded", "personalize_dictionary"],
    ],
  );
  assert.deepEqual(
    proposal?.add.map(({ role }) => role),
    ["sn_incident_read"],
  );
  assert.equal(code, 1);
  assert.ok(progress.includes("prod: access rules"));
});

test("audit_counts_findings_from_the_severity_given", async () => {
  const high = await run("audit", ...LIVE, "--severity", "high");
  assert.equal(high.code, 0);
  assert.match(high.output, /\nMEDIUM {2}roles\.too-broad {2}itil\n {2}itil is broader than the calls need\.\n/);
  assert.match(high.output, /\nROLES {2}.+\n(.*\n)* {2}add sn_incident_read: read on incident asks for it\n/);
});

test("audit_of_a_saved_inventory_needs_no_connection", async () => {
  const { code, output } = await sysparm(["audit", "--inventory", "prod.json", "--format", "markdown"], { files });
  assert.match(output, /^# Audit: prod\n/);
  assert.match(output, /\| needed roles \| no calls were recorded \|/);
  assert.equal(code, 0);
});

test("runbook_of_a_profile_is_markdown_or_html", async () => {
  const book = await run("runbook", ...LIVE, "--system", "Order service", "--kept", "vault kv/orders");
  assert.deepEqual([book.code, book.errors], [0, ""]);
  for (const line of [
    "# Runbook: Order service (prod)",
    "| Client id | practice-client |",
    "| Where it lives | vault kv/orders |",
  ])
    assert.ok(book.output.split("\n").includes(line), line);
  const html = await run("runbook", "--inventory", "prod.json", "--format", "html");
  assert.match(html.output, /^<!doctype html>/);
  for (const secret of Object.values(environment)) assert.equal((book.output + html.output).includes(secret), false);
});

test("audit_takes_the_profile_of_the_environment_variable", async () => {
  const surroundings = { home, environment: { ...environment, SYSPARM_PROFILE: "prod" }, files };
  assert.match((await sysparm(["audit", "--format", "markdown"], surroundings)).output, /^# Audit: prod\n/);
  const saved = { ...surroundings, environment: { SYSPARM_PROFILE: "none" } };
  assert.equal((await sysparm(["audit", "--inventory", "prod.json"], saved)).code, 0);
});

test("audit_and_runbook_connect_by_environment_variables", async () => {
  const variables = {
    SYSPARM_URL: practice.url,
    SYSPARM_CLIENT_ID: "practice-client",
    SYSPARM_CLIENT_SECRET: "practice-secret",
  };
  const surroundings = { environment: variables, files };
  const { host } = new URL(practice.url);
  const audited = await sysparm(["audit", "--traffic", "calls.log", "--format", "markdown"], surroundings);
  assert.deepEqual([audited.output.split("\n")[0], audited.errors], [`# Audit: ${host}`, ""]);
  const book = await sysparm(["runbook", "--system", "Order service"], surroundings);
  assert.deepEqual([book.code, book.errors], [0, ""]);
  const lines = book.output.split("\n");
  for (const line of [
    `# Runbook: Order service (${host})`,
    "| Sign-in | OAuth 2.0 client credentials |",
    "| Client id | practice-client |",
  ])
    assert.ok(lines.includes(line), line);
});

test("help_names_environment_variables_where_they_are_read", async () => {
  const hasVariables = async (...given: string[]) => (await run(...given, "--help")).output.includes("\nEnvironment:");
  for (const name of [["query", "count"], ["audit"], ["runbook"]]) assert.ok(await hasVariables(...name), name[0]);
  for (const name of ["compare", "completion"]) assert.equal(await hasVariables(name), false, name);
});

test("runbook_with_a_user_leaves_out_the_readers_sign_in", async () => {
  const { code, output } = await run("runbook", "--profile", "admin", "--user", "practice.integration");
  assert.equal(code, 0);
  assert.match(output, /\| Account \| practice\.integration \|/);
  assert.match(output, /\| Sign-in \| not read: /);
});

test("audit_and_runbook_refuse_wrong_arguments", async () => {
  const cases: [given: string[], message: RegExp][] = [
    [
      ["audit"],
      /Missing environment\. Pass --profile <name> or --inventory <file>, or set SYSPARM_URL and credentials\./,
    ],
    [["audit", "--profile", "prod", "--inventory", "prod.json"], /Pass one of --profile and --inventory\./],
    [["audit", "--profile", "prod", "--table", "a b"], /Invalid option `--table`: a b/],
    [
      ["audit", "--inventory", "prod.json", "--severity", "big"],
      /Invalid option `--severity`: big\. Pass one of high, /,
    ],
    [["audit", "--inventory", "a.json"], /Invalid file `a\.json`: it is not valid JSON/],
    [["runbook", "--inventory", "prod.json", "--format", "pdf"], /Invalid option `--format`: pdf/],
    [["runbook", "--profile", "none"], /Unknown profile `none`/],
  ];
  for (const [given, message] of cases) {
    const { code, errors } = await run(...given);
    assert.match(errors, message);
    assert.equal(code, 2, given.join(" "));
  }
});
