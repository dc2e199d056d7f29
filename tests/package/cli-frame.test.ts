/** The frame of the program `sysparm`: arguments, help, completion, and connections that only read. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { connect } from "sysparm";
import { readArguments } from "../../www/glue/src/cli/arguments.js";
import type { Command } from "../../www/glue/src/cli/command.js";
import { COMMANDS } from "../../www/glue/src/cli/commands.js";
import { placesOf } from "../../www/glue/src/cli/completion/candidates.js";
import { completionScript } from "../../www/glue/src/cli/completion/scripts.js";
import { helpOf, helpOfGroup } from "../../www/glue/src/cli/help.js";
import { ReadOnlyError, readOnlyFetch } from "../../www/glue/src/cli/read-only.js";
import { sysparm } from "./cli-world.js";

const COUNT: Command = {
  summary: "count things",
  example: "npx sysparm count incident -",
  positionals: [
    { name: "table", description: "the table" },
    { name: "queries", description: "encoded queries", isOptional: true, isList: true },
  ],
  options: { limit: { value: "rows", description: "the most rows" }, json: { description: "as JSON" } },
  run: async () => 0,
};

test("arguments are read by their place, options by their name", () => {
  const given = ["--json", "incident", "active=true", "--limit=5", "-", "--", "-x"];
  assert.deepEqual(readArguments(COUNT, given), {
    ...{ json: true, limit: "5", table: "incident", queries: ["active=true", "-", "-x"] },
  });
  assert.deepEqual(readArguments(COUNT, ["incident"]), { table: "incident", queries: [] });
  assert.equal(readArguments(COUNT, ["-h"]).help, true);
});

test("arguments that cannot work are named", () => {
  const wrong: [given: string[], said: RegExp][] = [
    [[], /^Missing argument <table>: the table\.$/],
    [["incident", "--limit"], /^Missing value of option `--limit`\. Pass --limit <rows>\.$/],
    [["incident", "--limit", "--json"], /^Missing value of option `--limit`/],
    [["incident", "--json=yes"], /^Invalid option `--json`: it takes no value/],
    [["incident", "-v"], /^Unknown option `-v`\. Supported options: --limit, --json, --help\.$/],
    [["incident", "--__proto__", "x"], /^Unknown option `--__proto__`/],
  ];
  for (const [given, message] of wrong) assert.throws(() => readArguments(COUNT, given), { message });
  const { positionals: _, ...none } = COUNT;
  assert.throws(() => readArguments(none, ["more"]), { message: /^Unknown argument `more`/ });
});

test("help shows arguments, options and the example", () => {
  assert.equal(
    helpOf("count", COUNT),
    `Usage: sysparm count <table> [<queries>...] [options]

Count things.

Arguments:
  <table>         the table
  [<queries>...]  encoded queries

Options:
  --limit <rows>  the most rows
  --json          as JSON
  --help          print this help

Example:
  npx sysparm count incident -
`,
  );
  assert.match(helpOfGroup("of", { summary: "counts", commands: { count: COUNT } }), /^ {2}count {2}Count things\.$/m);
});

test("read-only connection sends reads, and no write", async () => {
  const sent: string[] = [];
  const refused: string[] = [];
  const answer: typeof fetch = async (input, init) => {
    sent.push(`${init?.method ?? "GET"} ${new URL(String(input)).pathname}`);
    return Response.json({ result: [], access_token: "t", token_type: "Bearer", expires_in: 1799 });
  };
  const guarded = readOnlyFetch(answer, ({ message }) => refused.push(message));
  const url = "https://practice.service-now.com";
  const auth = { grant: "client_credentials", clientId: "c", clientSecret: "s" } as const;
  const instance = await connect({ url, auth, fetch: guarded });
  const incident = instance.table("incident");
  await incident.list();
  assert.deepEqual(sent.splice(0), ["POST /oauth_token.do", "GET /api/now/table/incident"]);
  await assert.rejects(incident.create({ short_description: "x" }));
  await assert.rejects(incident.delete("0".repeat(32)));
  assert.deepEqual(sent, []);
  assert.equal(refused.length, 2);
  assert.match(refused[0] ?? "", /^POST \/api\/now\/table\/incident was not sent: the connection is read-only\./);
  instance.close();

  const batch = (method: string, ...headers: object[]) => {
    const body = JSON.stringify({ rest_requests: [{ method, url: "/api/now/table/x", headers }] });
    return () => guarded(`${url}/api/now/v1/batch`, { method: "POST", body });
  };
  await batch("GET")();
  assert.throws(batch("DELETE"), ReadOnlyError);
  assert.throws(batch("GET", { name: "X-HTTP-Method-Override", value: "DELETE" }), ReadOnlyError);
  const asDelete = { headers: { "x-http-method-override": "DELETE" } };
  assert.throws(() => guarded(`${url}/api/now/table/x`, asDelete), ReadOnlyError);
  assert.throws(() => guarded(new Request(`${url}/api/now/table/x`, { method: "PATCH" })), ReadOnlyError);
  assert.throws(() => guarded(`${url}/oauth_token.do/../api/now/table/x`, { method: "POST" }), ReadOnlyError);
  assert.deepEqual(sent, ["POST /api/now/v1/batch"]);
});

/** What bash proposes for the last of these words, for each line. */
function inBash(lines: string[][]): string[] {
  const calls = lines.map((words) => {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    return `COMP_WORDS=(sysparm ${quoted}); COMP_CWORD=${words.length}; _sysparm; echo "\${COMPREPLY[*]}"`;
  });
  const profiles = 'sysparm() { [[ "$*" == "profile list" ]] && printf "dev  https://a\\nprod  https://b\\n"; }';
  const script = [completionScript("bash", placesOf(COMMANDS)), profiles, ...calls].join("\n");
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
}

test("bash proposes commands, options, values and profiles", () => {
  const [commands, inner, options, formats, profiles, repeated, shells, none, file, har, otherCommand] = inBash([
    ["q"],
    ["query", "l"],
    ["query", "run", "incident", "--fo"],
    ["query", "run", "incident", "--format", ""],
    ["doctor", "--profile", "p"],
    ["compare", "--profile", "dev", "--profile", "p"],
    ["completion", ""],
    ["query", "run", "--limit", ""],
    ["types", "--output", ""],
    ["classify", ""],
    ["nothing", "--f"],
  ]);
  assert.equal(commands, "query");
  assert.equal(inner, "lint");
  assert.equal(options, "--format");
  assert.equal(formats, "table json ndjson csv");
  assert.deepEqual([profiles, repeated], ["prod", "prod"]);
  assert.equal(shells, "bash zsh powershell --help");
  // With no proposal of its own, bash proposes files.
  assert.deepEqual([none, file, har, otherCommand].filter(Boolean), []);
});

test("every script knows every command and option", async () => {
  for (const shell of ["bash", "zsh", "powershell"] as const) {
    const { output, code } = await sysparm(["completion", shell]);
    assert.equal(code, 0);
    for (const { name, words, options } of placesOf(COMMANDS)) {
      assert.ok(output.includes(shell === "powershell" ? `'${name}' = @(` : `"${name}") `), `${shell}: ${name}`);
      for (const word of words) assert.match(word, /^[\w-]+$/);
      for (const [option] of options) assert.ok(output.includes(`${name} ${option}`), `${shell}: ${name} ${option}`);
    }
  }
  const { errors, code } = await sysparm(["completion", "fish"]);
  assert.equal(errors, "Invalid argument <shell>: fish. Pass one of bash, zsh, powershell.\n");
  assert.equal(code, 2);
});

test("every command has a help with an example of its own", async () => {
  for (const { name } of placesOf(COMMANDS)) {
    const { output, code, errors } = await sysparm([...name.split(" ").filter(Boolean), "--help"]);
    assert.deepEqual([code, errors], [0, ""]);
    assert.ok(output.startsWith(`Usage: sysparm ${name ? `${name} ` : "<command>"}`), output);
    if (!/<command>/.test(output)) assert.ok(output.includes(`npx sysparm ${name}`), `${name} has no example`);
  }
});
