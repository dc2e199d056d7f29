/** `sysparm compare`, with profiles of practice instances and with saved inventories. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Comparison, Inventory } from "sysparm/environments";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { emptyHome, sysparm } from "./cli-world.js";
import { stockInventory } from "./stock-inventory.ts";

const home = emptyHome();
const SECRETS = {
  SYSPARM_DEV_CLIENT_SECRET: "practice-secret",
  SYSPARM_PROD_CLIENT_SECRET: "practice-secret",
  SYSPARM_ADMIN_PASSWORD: "practice-admin-password",
};
const run = (...given: string[]) => sysparm(["compare", ...given], { home, environment: SECRETS });

let practice: PracticeInstance;
before(async () => {
  practice = await startPracticeInstance("--rows", "5", "--quiet");
  const add = (...given: string[]) => sysparm(["profile", "add", ...given, "--url", practice.url], { home });
  for (const name of ["dev", "prod"]) assert.equal((await add(name, "--client-id", "practice-client")).code, 0);
  assert.equal((await add("admin", "--sign-in", "basic", "--username", "practice.admin")).code, 0);
});
after(async () => {
  await practice?.stop();
  rmSync(home, { recursive: true, force: true });
});

const READERS = ["--administrator", "dev=admin", "--administrator", "prod=admin"];

test("compare_of_profiles_exits_with_0_where_they_are_equal", async () => {
  const profiles = ["--profile", "dev", "--profile", "prod", ...READERS, "--table", "incident.state"];
  const { code, output, errors, progress } = await run(...profiles);
  assert.equal(errors, "");
  assert.match(output, /^dev, prod: 0 differences in \d+ comparisons; 0 facts are unknown\.\n$/);
  assert.equal(code, 0);
  assert.ok(progress.includes("prod: table incident"));
});

test("compare_saves_what_it_read_and_compares_it_later", async () => {
  const folder = join(home, "saved");
  const saved = await run("--profile", "prod", "--administrator", "prod=admin", "--save", folder);
  assert.deepEqual([saved.code, saved.output], [0, ""]);
  const file = join(folder, "prod.json");
  const text = readFileSync(file, "utf8");
  const inventory = JSON.parse(text) as Inventory;
  assert.deepEqual([inventory.name, inventory.account.status], ["prod", "read"]);
  for (const secret of Object.values(SECRETS)) assert.ok(!text.includes(secret));
  inventory.rateRules = { status: "read", value: [{ name: "Old", active: true, limit: 10 }] };
  const files = { "prod.json": JSON.stringify(inventory) };
  const given = ["compare", "--inventory", "prod.json", "--profile", "dev", "--administrator", "dev=admin"];
  const ran = await sysparm([...given, "--format", "json"], { home, environment: SECRETS, files });
  assert.equal(ran.code, 1);
  const { differences, environments } = JSON.parse(ran.output) as Comparison;
  assert.deepEqual(
    environments.map(({ name }) => name),
    ["prod", "dev"],
  );
  assert.deepEqual(
    differences.map(({ what }) => what),
    ["rate limit rule Old"],
  );
  assert.equal((await sysparm([...given, "--at-least", "data"], { home, environment: SECRETS, files })).code, 0);
});

test("compare_with_a_user_leaves_out_the_readers_sign_in", async () => {
  const folder = join(home, "read-by-another");
  const { code } = await run("--profile", "admin", "--user", "practice.integration", "--save", folder);
  assert.equal(code, 0);
  const inventory = JSON.parse(readFileSync(join(folder, "admin.json"), "utf8")) as Inventory;
  assert.deepEqual([inventory.method.status, inventory.clientId], ["unreadable", undefined]);
  assert.ok(inventory.account.status === "read" && inventory.account.value.userName === "practice.integration");
});

test("compare_without_rights_says_what_is_unknown", async () => {
  const { code, output } = await run("--profile", "dev", "--profile", "prod");
  assert.equal(code, 0);
  assert.match(
    output,
    /UNKNOWN \(\d+\)\n\n(.*\n)* {2}dev, prod: properties: sys_properties may not be read by this user; it takes the role admin\n/,
  );
});

test("compare_with_unknown_facts_fails_where_that_is_asked_for", async () => {
  const closed = { ...stockInventory("b"), roles: { status: "unreadable", because: "closed" } };
  const files = Object.fromEntries([stockInventory("a"), closed].map((one) => [one.name, JSON.stringify(one)]));
  const given = ["compare", "--inventory", "a", "--inventory", "b"];
  assert.equal((await sysparm(given, { home, files })).code, 0);
  assert.equal((await sysparm([...given, "--unknown", "fail"], { home, files })).code, 1);
});

test("compare_ends_with_3_where_a_folder_is_refused", async () => {
  const { code, errors } = await run("--profile", "dev", "--save", "package.json");
  assert.match(errors, /^Option `--save`: `package\.json\/dev\.json` was not written: E\w+: .*may write\.\n$/);
  assert.equal(code, 3);
});

test("compare_refuses_wrong_arguments_and_files", async () => {
  const files = {
    "a.json": JSON.stringify(stockInventory("a")),
    "b.json": "{",
    "c.json": '{"format":1,"name":"c","url":"","readAt":1}',
  };
  const refused = async (expected: RegExp, ...given: string[]) => {
    const { code, errors } = await sysparm(["compare", ...given], { home, files });
    assert.equal(code, 2, errors);
    assert.match(errors, expected);
  };
  await refused(/Missing environments/, "--inventory", "a.json");
  await refused(/`b\.json`: it is not valid JSON/, "--inventory", "a.json", "--inventory", "b.json");
  await refused(/Invalid argument `inventories`: .*c lacks/, "--inventory", "a.json", "--inventory", "c.json");
  await refused(/two are named a/, "--inventory", "a.json", "--inventory", "a.json");
  await refused(/Invalid option `--at-least`: bad/, "--profile", "a", "--profile", "b", "--at-least", "bad");
  await refused(/Invalid option `--unknown`: x/, "--profile", "a", "--profile", "b", "--unknown", "x");
  await refused(/Invalid option `--administrator`: c=d/, "--profile", "a", "--profile", "b", "--administrator", "c=d");
  await refused(/Invalid option `--table`: a b/, "--profile", "a", "--profile", "b", "--table", "a b");
  await refused(/Option `--format` is given twice/, "--format", "json", "--format", "text");
});
