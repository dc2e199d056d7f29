/** The program `sysparm` of the packed tarball, installed into an empty folder: every command, in Node 20 and Node 24. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { COMMANDS } from "../../../www/glue/src/cli/commands.js";
import { placesOf } from "../../../www/glue/src/cli/completion/candidates.js";
import { toolsFromNpm } from "../../harness/tools-from-npm.ts";
import { installInto, type Project } from "../installed.js";

const NODES = {
  "Node 20": process.execPath,
  "Node 24": join(process.env.SYSPARM_RUNTIMES ?? "", "node_modules/node24/bin/node"),
};
const LONGEST_MS = 20_000;

let project: Project;
let program: string;
before(() => {
  assert.match(process.version, /^v20\./);
  assert.ok(existsSync(NODES["Node 24"]), "the runtimes are missing; run: tools/setup runtimes");
  project = installInto("command-line");
  program = join(project.folder, "node_modules/.bin/sysparm");
});
after(() => project?.remove());

interface Surroundings {
  environment?: Record<string, string>;
  input?: string;
}

function settings(environment: Record<string, string>) {
  return { cwd: project.folder, env: { PATH: process.env.PATH, HOME: project.folder, ...environment } };
}

function run(node: string, given: string[], { environment = {}, input = "" }: Surroundings = {}) {
  const options = { ...settings(environment), encoding: "utf8", input, timeout: LONGEST_MS } as const;
  const { status, stdout, stderr } = spawnSync(node, [program, ...given], options);
  return { status, stdout, stderr };
}

/** What the program does in a terminal, as `script` of util-linux makes one. `typed` is typed once the text `at` is shown. */
async function inTerminal(
  node: string,
  given: string[],
  environment: Record<string, string>,
  at: string,
  typed: string,
) {
  const line = [node, program, ...given].join(" ");
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    ...settings(environment),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const isNew = !shown.includes(at);
    shown += text;
    if (isNew && shown.includes(at)) child.stdin.write(typed);
  });
  const [status] = await once(child, "close");
  clearTimeout(limit);
  return { status, shown };
}

/** Starts the practice instance of the package, and gives its address once it prints it. */
async function served(node: string): Promise<{ child: ChildProcess; environment: Record<string, string> }> {
  const given = [program, "instance", "--rows", "300", "--json"];
  const child = spawn(node, given, { ...settings({}), stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(child.stdout, "data");
  const { url, clients } = JSON.parse(String(text));
  const [{ client_id, client_secret }] = clients;
  return {
    child,
    environment: { SYSPARM_URL: url, SYSPARM_CLIENT_ID: client_id, SYSPARM_CLIENT_SECRET: client_secret },
  };
}

for (const [name, node] of Object.entries(NODES)) {
  test(`${name} runs every command of the installed package`, async () => {
    for (const { name } of placesOf(COMMANDS)) {
      const { status, stdout } = run(node, [...name.split(" ").filter(Boolean), "--help"]);
      assert.equal(status, 0);
      assert.match(stdout, /^Usage: sysparm /);
    }
    const version = JSON.parse(readFileSync("pkg/package.json", "utf8")).version;
    assert.equal(run(node, ["--version"]).stdout, `${version}\n`);
    assert.equal(run(node, ["qery"]).status, 2);

    const { child, environment } = await served(node);
    try {
      const connected = { environment };
      assert.equal(run(node, ["query", "count", "incident"], connected).stdout, "300\n");
      assert.equal(run(node, ["query", "explain", "-"], { input: "active=true\n" }).stdout, "active is true\n");
      assert.equal(run(node, ["query", "lint", "incident", "priorty=1"], connected).status, 1);
      const csv = run(node, ["query", "run", "incident", "--all", "--fields", "number", "--format", "csv"], connected);
      assert.deepEqual([csv.stdout.split("\r\n").length, csv.stderr, csv.status], [302, "", 0]);
      const { SYSPARM_CLIENT_SECRET: secret, ...others } = environment;
      assert.equal(run(node, ["query", "count", "incident"], { environment: others }).status, 2);
      const wrong = { ...environment, SYSPARM_CLIENT_SECRET: "not-the-secret" };
      assert.equal(run(node, ["query", "count", "incident"], { environment: wrong }).status, 3);
      assert.equal(run(node, ["doctor", "--json"], connected).status, 0);
      assert.equal(run(node, ["doctor"], { environment: wrong }).status, 1);
      assert.match(run(node, ["types", "--table", "sys_user"], connected).stdout, /interface SysUser /);
      const chosen = ["--table", "incident.number", "--output", join(project.folder, "openapi.json")];
      assert.deepEqual(run(node, ["openapi", ...chosen], connected), { status: 0, stdout: "", stderr: "" });
      const described = JSON.parse(readFileSync(join(project.folder, "openapi.json"), "utf8"));
      assert.deepEqual(Object.keys(described.paths), ["/api/now/table/incident", "/api/now/table/incident/{sys_id}"]);
      const audited = run(node, ["audit", "--severity", "high"], connected);
      assert.match(audited.stdout, /^127\.0\.0\.1:\d+ \(http:.*\): no finding\.\n/);
      assert.equal(audited.status, 0);
      const book = run(node, ["runbook", "--system", "Orders", "--format", "html"], connected);
      assert.match(book.stdout, /^<!doctype html>[\s\S]*Runbook: Orders/);
      assert.deepEqual([book.status, book.stderr], [0, ""]);
      const copy = join(project.folder, "copy.ndjson");
      assert.equal(run(node, ["sync", "incident", "--to", copy], connected).status, 0);
      rmSync(`${copy}.checkpoint`);
      rmSync(copy);
      const reply = "> GET /api/now/table/x HTTP/1.1\n> Host: a\n> \n< HTTP/1.1 401 Unauthorized\n< \n{}\n";
      assert.equal(run(node, ["classify", "-"], { input: reply }).status, 1);
      assert.match(run(node, ["completion", "zsh"]).stdout, /^#compdef sysparm/);

      const url = environment.SYSPARM_URL ?? "";
      const add = [
        "profile",
        "add",
        "dev",
        "--url",
        url,
        "--client-id",
        environment.SYSPARM_CLIENT_ID ?? "",
        "--replace",
      ];
      assert.equal(run(node, add).status, 0);
      assert.match(run(node, ["profile", "list"]).stdout, /^dev {2}http:.* {2}client_credentials {2}read-only$/m);
      const command = { SYSPARM_SECRET_COMMAND: "cat given-secret" };
      writeFileSync(join(project.folder, "given-secret"), String(secret), { mode: 0o600 });
      assert.equal(run(node, ["profile", "test", "dev"], { environment: command }).status, 0);

      const kept = JSON.parse(run(node, ["profile", "show", "dev"]).stdout);
      assert.deepEqual([kept.url, kept.signIn.kind], [url, "client_credentials"]);
      const saved = run(node, ["compare", "--profile", "dev", "--save", "."], { environment: command });
      assert.deepEqual([saved.status, saved.stderr], [0, "sysparm: dev is in dev.json\n"]);
      const other = { ...JSON.parse(readFileSync(join(project.folder, "dev.json"), "utf8")), name: "prod" };
      writeFileSync(
        join(project.folder, "prod.json"),
        JSON.stringify({ ...other, method: { status: "read", value: "basic" } }),
      );
      const compared = run(node, ["compare", "--inventory", "dev.json", "--inventory", "prod.json"]);
      assert.match(compared.stdout, /^BREAKS SIGN-IN \(1\)\n/m);
      assert.equal(compared.status, 1);

      const asked = "client secret of profile dev: ";
      const typed = await inTerminal(node, ["profile", "test", "dev"], {}, asked, `x\u007f${secret}\r`);
      assert.equal(typed.status, 0);
      assert.match(typed.shown, /signed in; sys_user may be read/);
      assert.ok(!typed.shown.includes(String(secret)), typed.shown);
      const left = await inTerminal(node, ["profile", "test", "dev"], {}, asked, "\u0003");
      assert.equal(left.status, 130);
      const counted = await inTerminal(
        node,
        ["query", "run", "incident", "--all", "--fields", "number"],
        environment,
        "?",
        "",
      );
      assert.match(counted.shown, /300 of 300 rows/);
      assert.equal(run(node, ["profile", "remove", "dev"]).status, 0);

      const all = `"${node}" "${program}" query run incident --all --format ndjson | head -n 1 | wc -l`;
      const piped = spawnSync("bash", ["-c", `set -o pipefail; ${all}`], {
        ...settings(environment),
        encoding: "utf8",
      });
      assert.deepEqual([piped.stdout.trim(), piped.stderr, piped.status], ["1", "", 0]);
      // A check keeps its code where nobody reads it.
      const lint = `"${node}" "${program}" query lint incident priorty=1 | true; echo "\${PIPESTATUS[0]}"`;
      const unread = spawnSync("bash", ["-c", lint], { ...settings(environment), encoding: "utf8" });
      assert.deepEqual([unread.stdout, unread.stderr], ["1\n", ""]);
    } finally {
      child.kill("SIGINT");
    }
    const [status] = await once(child, "close");
    assert.equal(status, 0);
  });

  test(`${name} ends a reading with 130 at Ctrl-C`, async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const child = spawn(node, [program, "query", "count", "incident"], {
      ...settings({ SYSPARM_URL: url, SYSPARM_TOKEN: "token" }),
      stdio: "inherit",
    });
    await once(silent, "request");
    child.kill("SIGINT");
    const [status] = await once(child, "close");
    silent.closeAllConnections();
    silent.close();
    assert.equal(status, 130);
  });
}

test("script of completion is in the grammar of PowerShell", async () => {
  const installed = await toolsFromNpm(["web-tree-sitter@0.27.2", "tree-sitter-powershell@0.26.4"]);
  const { Parser, Language } = await import(pathToFileURL(join(installed, "web-tree-sitter/web-tree-sitter.js")).href);
  await Parser.init();
  const parser = new Parser();
  const grammar = readFileSync(join(installed, "tree-sitter-powershell/tree-sitter-powershell.wasm"));
  parser.setLanguage(await Language.load(grammar));
  const { stdout } = run(process.execPath, ["completion", "powershell"]);
  assert.ok(stdout.length > 1000);
  assert.equal(parser.parse(stdout).rootNode.hasError, false);
  assert.equal(parser.parse(`${stdout}}`).rootNode.hasError, true);
});
