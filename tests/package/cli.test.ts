/** The program `sysparm` of the installed package, against a practice instance. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;
let client: Record<string, string>;
before(async () => {
  instance = await startPracticeInstance("--rows", "10", "--quiet");
  project = installInto("cli");
  client = {
    SYSPARM_URL: instance.url,
    SYSPARM_CLIENT_ID: "practice-client",
    SYSPARM_CLIENT_SECRET: "practice-secret",
  };
});
after(async () => {
  project?.remove();
  await instance?.stop();
});

/** Runs the program as npm links it. */
function sysparm(environment: Record<string, string>, ...given: string[]) {
  const { status, stdout, stderr } = spawnSync(join(project.folder, "node_modules/.bin/sysparm"), given, {
    cwd: project.folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...environment },
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** What the compiler says of a program, each line from its place on. */
function compiled(program: string): string[] {
  writeFileSync(join(project.folder, "use.ts"), program);
  const compilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, verbatimModuleSyntax: true, skipLibCheck: false },
    ...{ noEmit: true, target: "es2022", module: "nodenext", lib: ["es2022", "dom"], types: [] },
  };
  writeFileSync(
    join(project.folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["use.ts", "tables.ts"] }),
  );
  const { stdout } = spawnSync(resolve("node_modules/.bin/tsc"), ["-p", project.folder], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => /(\w+\.ts\(\d+).*error (TS\d+)/.exec(line)?.slice(1).join(" ") ?? []);
}

const TYPES = ["types", "--table", "incident,cmdb_ci_server", "--output", "tables.ts"];

test("types compile, and a misspelt field does not", () => {
  assert.deepEqual(sysparm(client, ...TYPES), { status: 0, stdout: "", stderr: "" });
  const program = (field: string, written: string) => `import { connect, type SysId } from "sysparm";
const instance = await connect({ url: "https://x.example", auth: { token: "t" } });
const { rows } = await instance.table("incident").list({ fields: ["number", "${field}", "cmdb_ci.name"] });
const state: "1" | (string & {}) | undefined = rows[0]?.state;
await instance.table("incident").create({ ${written}: "printer on fire", state: 2, active: true });
const server = await instance.table("cmdb_ci_server").get("id");
const item: SysId<"cmdb_ci"> = server.sys_id;
await instance.table("incident").update("id", { cmdb_ci: server.sys_id });
export { item, state };
`;
  assert.deepEqual(compiled(program("state", "short_description")), []);
  assert.deepEqual(compiled(program("state", "short_descripton")), ["use.ts(5 TS2561"]);
  assert.deepEqual(compiled(program("stat", "short_description")), ["use.ts(3 TS2820"]);
});

test("--check passes for the file as written, and fails for another", () => {
  const file = join(project.folder, "tables.ts");
  sysparm(client, ...TYPES);
  const written = readFileSync(file, "utf8");
  assert.deepEqual(sysparm(client, ...TYPES, "--check"), { status: 0, stdout: "", stderr: "" });
  writeFileSync(file, written.replaceAll("\n", "\r\n"));
  assert.equal(sysparm(client, ...TYPES, "--check").status, 0);
  const older = written.replace("  caller_id?:", "  caller?:");
  assert.notEqual(older, written);
  writeFileSync(file, older);
  const { status, stderr } = sysparm(client, ...TYPES, "--check");
  const line = written.split("\n").findIndex((text) => text.startsWith("  caller_id?:")) + 1;
  assert.equal(status, 1);
  const command = "npx sysparm types --table incident,cmdb_ci_server --output tables.ts";
  assert.equal(stderr, `sysparm: tables.ts is not current: line ${line} differs. Write it: ${command}\n`);
  assert.equal(readFileSync(file, "utf8"), older);
  assert.equal(sysparm(client, "types", "--table", "incident", "--output", "none.ts", "--check").status, 1);
});

test("types are written into a folder that does not exist yet", () => {
  const given = ["types", "--table", "sys_user", "--output", "src/tables/of-user.ts"];
  assert.deepEqual(sysparm(client, ...given, "--zod"), { status: 0, stdout: "", stderr: "" });
  assert.equal(sysparm(client, ...given, "--zod", "--check").status, 0);
  const { status, stderr } = sysparm(client, ...given, "--valibot", "--check");
  assert.equal(status, 1);
  const command = "npx sysparm types --table sys_user --valibot --output src/tables/of-user.ts";
  assert.equal(stderr, `sysparm: src/tables/of-user.ts is not current: line 1 differs. Write it: ${command}\n`);
});

test("JSON Schema of a table is printed", () => {
  const { $ref } = JSON.parse(sysparm(client, "types", "--table", "sys_user", "--json-schema").stdout);
  assert.equal($ref, "#/$defs/SysUser");
});

test("types are printed without a file", () => {
  const { status, stdout } = sysparm(client, "types", "--table", "sys_user");
  assert.equal(status, 0);
  assert.match(stdout, /^ {2}readonly sys_id: SysId<"sys_user">;$/m);
  assert.match(stdout, /^ {4}sys_user: SysUserWrite;$/m);
});

test("refusals of the instance are explained", () => {
  const user = (name: string, password: string) => {
    return { SYSPARM_URL: instance.url, SYSPARM_USERNAME: name, SYSPARM_PASSWORD: password };
  };
  const refused: [environment: Record<string, string>, table: string, said: RegExp][] = [
    [
      client,
      "incidnet",
      /Unknown table `incidnet`\. Nearest tables: incident\.\n.*The instance has no such table .* \(table\.unknown\)/,
    ],
    [{ ...client, SYSPARM_CLIENT_SECRET: "not-the-secret" }, "incident", /answered 401[\s\S]*client secret is wrong/],
    [user("practice.agent", "not-the-password"), "incident", /answered 401/],
    [
      user("practice.agent", "practice-agent-password"),
      "incident",
      /sys_dictionary may not be read .* Use a user with the role personalize_dictionary or admin\./,
    ],
  ];
  for (const [environment, table, said] of refused) {
    const { status, stdout, stderr } = sysparm(environment, "types", "--table", table);
    assert.match(stderr, said);
    assert.equal(stdout, "");
    assert.equal(status, 3);
    for (const secret of ["not-the-", "-password", "practice-secret"]) assert.ok(!stderr.includes(secret), stderr);
  }
});

test("file that cannot be written is named", () => {
  const { status, stderr } = sysparm(client, "types", "--table", "incident", "--output", "node_modules");
  assert.match(
    stderr,
    /Option `--output`: `node_modules` was not written: EISDIR: .*\. Pass a file that you may write\./,
  );
  assert.equal(status, 3);
});

test("wrong use is refused before a request", async () => {
  const before = (await instance.journal()).length;
  const wrong: [given: string[], environment: Record<string, string>, said: RegExp][] = [
    [[], client, /Missing command\. Supported commands: .*\btypes\b/],
    [["tpyes"], client, /Unknown command `tpyes`/],
    [["types", "--tabel", "incident"], client, /Unknown option `--tabel`\. Supported options: --table, /],
    [["types"], client, /Missing option `--table`/],
    [["types", "--table"], client, /Missing value of option `--table`/],
    [["types", "--table", "incident", "--table", "problem"], client, /Option `--table` is given twice\. Pass it once/],
    [["types", "--table=a", "--check=yes", "--output=a"], client, /Invalid option `--check`: it takes no value/],
    [["types", "--table", "incident^active"], client, /Invalid option `--table`: incident\^active/],
    [["types", "--table", "incident", "--check"], client, /Missing option `--output`/],
    [["types", "--table", "a", "--zod", "--valibot"], client, /Options `--zod` and `--valibot` exclude each other/],
    [["types", "--table", "incident", "more"], client, /Unknown argument `more`/],
    [["types", "--table", "incident"], {}, /Missing environment variable `SYSPARM_URL`/],
    [
      ["types", "--table", "incident"],
      { ...client, SYSPARM_URL: "dev12345.service-now.com" },
      /Invalid environment variable `SYSPARM_URL`: it does not begin with https/,
    ],
    [["types", "--table", "incident"], { SYSPARM_URL: instance.url }, /Missing credentials/],
  ];
  for (const [given, environment, said] of wrong) {
    const { status, stderr } = sysparm(environment, ...given);
    assert.match(stderr, said);
    assert.equal(status, 2);
  }
  assert.equal((await instance.journal()).length, before);
  const { status, stdout } = sysparm({}, "types", "--help");
  assert.match(stdout, /--table <names> .*[\s\S]*SYSPARM_URL/);
  assert.equal(status, 0);
});
