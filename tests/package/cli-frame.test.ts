/** The frame of the program `sysparm`: arguments, help and connections that only read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "sysparm";
import { readArguments } from "../../www/glue/src/cli/arguments.js";
import type { Command } from "../../www/glue/src/cli/command.js";
import { helpOf, helpOfGroup } from "../../www/glue/src/cli/help.js";
import { ReadOnlyError, readOnlyFetch } from "../../www/glue/src/cli/read-only.js";

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

count things

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
  assert.match(helpOfGroup("of", { summary: "counts", commands: { count: COUNT } }), /^ {2}count {2}count things$/m);
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
