/** Commands of the program `sysparm` that work with an instance, in this process. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Instance, type Kind, SysparmError } from "sysparm";
import { Query } from "sysparm/query";
import type { World } from "../../www/glue/src/cli/command.js";
import { csvLine } from "../../www/glue/src/cli/query/csv.js";
import { rowOutput } from "../../www/glue/src/cli/query/output.js";
import { schemaFor } from "../../www/glue/src/cli/query/schemas.js";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { sysparm } from "./cli-world.js";

let instance: PracticeInstance;
let environment: Record<string, string>;
before(async () => {
  instance = await startPracticeInstance("--rows", "250", "--quiet");
  environment = {
    ...{ SYSPARM_URL: instance.url, SYSPARM_CLIENT_ID: "practice-client", SYSPARM_CLIENT_SECRET: "practice-secret" },
  };
});
after(async () => instance?.stop());

const run = (...given: string[]) => sysparm(["query", "run", "incident", ...given], { environment });

test("query explain says what a query or an address finds", async () => {
  const { output } = await sysparm(["query", "explain", "active=true^priority<=2"]);
  assert.equal(output, "active is true, and priority is at most 2\n");
  const files = { "-": "https://dev1.service-now.com/incident_list.do?sysparm_query=active%3Dtrue\n" };
  const ofAddress = await sysparm(["query", "explain", "-"], { files });
  assert.equal(ofAddress.output, "incident: active is true\nactive=true\n");
  const wrong = await sysparm(["query", "explain", "active"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.errors, /query\.syntax/);
});

test("types shows which dictionary is read", async () => {
  const { code, progress } = await sysparm(["types", "--table", "incident,sys_user"], { environment });
  assert.deepEqual([code, progress], [0, ["dictionary of incident, 1 of 2", "dictionary of sys_user, 2 of 2"]]);
});

test("query lint names each problem and exits with 1", async () => {
  const text = "active=true^priorty=1^caller_id.nam=x";
  const { code, output } = await sysparm(["query", "lint", "incident", text], { environment });
  assert.equal(code, 1);
  assert.match(output, /^12-19 error \(field\.unknown\): .*\n {2}\* Write priority: active=true\^priority=1\^caller/m);
  assert.match(output, /^32-35 error \(field\.unknown\): there is no field nam in sys_user/m);
  const asJson = await sysparm(["query", "lint", "incident", "-", "--json"], { environment, files: { "-": text } });
  assert.equal(JSON.parse(asJson.output).problems.length, 2);
  const sound = await sysparm(["query", "lint", "incident", "active=true^caller_id.name=x"], { environment });
  assert.deepEqual([sound.code, sound.output, sound.errors], [0, "", ""]);
});

test("query run and count agree, and every format has every row", async () => {
  const counted = await sysparm(["query", "count", "incident", "active=true"], { environment });
  const total = Number(counted.output);
  assert.ok(total > 10 && total < 100, counted.output);
  const fields = ["--fields", "number,caller_id.name"];
  const { output: json } = await run("active=true", ...fields, "--format", "json");
  const rows = JSON.parse(json) as Record<string, string>[];
  assert.equal(rows.length, total);
  assert.deepEqual(Object.keys(rows[0] ?? {}).sort(), ["caller_id.name", "number"]);
  const { output: ndjson } = await run("active=true", ...fields, "--format", "ndjson");
  assert.deepEqual(
    ndjson
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    rows,
  );
  const { output: csv } = await run("active=true", ...fields, "--format", "csv");
  const lines = [["number", "caller_id.name"], ...rows.map((row) => [row.number ?? "", row["caller_id.name"] ?? ""])];
  assert.equal(csv, lines.map((cells) => csvLine(cells)).join(""));
  const { output: table } = await run("active=true", ...fields);
  assert.equal(table.trimEnd().split("\n").length, total + 1);
});

test("query run prints 100 rows unless it is asked for all", async () => {
  const few = await run("--fields", "number", "--format", "ndjson");
  assert.equal(few.output.split("\n").length - 1, 100);
  assert.equal(few.errors, "100 of 250 rows. Every row: --all\n");
  const all = await run("--fields", "number", "--format", "ndjson", "--all");
  assert.equal(all.output.split("\n").length - 1, 250);
  assert.deepEqual([all.errors, all.progress.at(-1)], ["", "250 of 250 rows"]);
  const none = await run("number=none", "--format", "json");
  assert.equal(none.output, "[]\n");
});

test("query run refuses an unknown field before it reads", async () => {
  const { code, errors, output } = await run("priorty=1");
  assert.deepEqual([code, output], [2, ""]);
  assert.match(errors, /Unknown field `priorty` .*Nearest fields: priority\./);
  const unchecked = await run("priorty=1", "--unchecked", "--fields", "number,priority");
  assert.equal(unchecked.code, 0);
  const wrong: [given: string[], said: RegExp][] = [
    [["--format", "xml"], /^Invalid option `--format`: xml\. Pass one of table, json, ndjson, csv\./],
    [["--limit", "0"], /^Invalid option `--limit`: 0\. Pass a whole number from 1/],
    [["--limit", "5", "--all"], /^Pass one of --limit and --all/],
    [["--raw-csv"], /^Invalid option `--raw-csv`: it is for CSV/],
  ];
  for (const [given, said] of wrong) {
    const refused = await run(...given);
    assert.match(refused.errors, said);
    assert.equal(refused.code, 2);
  }
});

test("query run ends with 130 when it is interrupted", async () => {
  const interrupt = new AbortController();
  const given = ["query", "run", "incident", "--all", "--fields", "number", "--format", "ndjson", "--unchecked"];
  const ran = await sysparm(given, { environment, interrupt, printed: () => interrupt.abort() });
  assert.equal(ran.code, 130);
});

test("CSV holds no formula, and no column goes missing", () => {
  const cells = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-5", "+4,5", "\tx", 'a "b"', "a,b", "a\r\nb"];
  const line = `'=1+1,'@SUM(A1),'+cmd|' /C calc'!A0,-5,"+4,5","'\tx","a ""b""","a,b","a\r\nb"\r\n`;
  assert.equal(csvLine(cells), line);
  const hidden = ["\n=1+1", "\uff1dSUM(A1)", "a;=1+1", "a\n@x", "a; -5;b", "a;b=c", "+49 170 1"];
  const shown = ["'\n'=1+1", "'\uff1dSUM(A1)", "a;'=1+1", "a\n'@x", "a; -5;b", "a;b=c", "'+49 170 1"];
  const quoted = (texts: string[]) => texts.map((text) => (/[;\n]/.test(text) ? `"${text}"` : text)).join(",");
  assert.equal(csvLine(hidden), `${quoted(shown)}\r\n`);
  assert.equal(csvLine(hidden, true), `${quoted(hidden)}\r\n`);
  const output = rowOutput("csv", undefined, () => undefined);
  assert.equal(output.page([{ b: "1", a: "2" }]), "a,b\r\n2,1\r\n");
  assert.throws(() => output.page([{ a: "2", c: "3" }]), /Field `c` is in no row of the first page/);
  assert.equal(rowOutput("csv", ["a"], () => undefined).end(), "a\r\n");
});

test("table shows no control character of a text", () => {
  const output = rowOutput("table", ["a", "b"], () => undefined);
  assert.equal(
    output.page([{ a: "x\u001b[2J\ny", b: "long ".repeat(40) }]),
    `a        b\nx [2J y  ${"long ".repeat(9)}lo…\n`,
  );
  assert.equal(output.page([{ a: "wider than the first page", b: "" }]), "wider …\n");
});

test("JSON escapes what a terminal obeys", () => {
  const row = { a: "x\u009b2J\u007f\u202ey\u001b" };
  for (const format of ["json", "ndjson"] as const) {
    const output = rowOutput(format, undefined, () => undefined);
    const text = output.page([row]) + output.end();
    assert.ok(text.includes("x\\u009b2J\\u007f\\u202ey\\u001b"), text);
    assert.deepEqual([JSON.parse(text)].flat(), [row]);
  }
});

test("lint says what of other tables it could not check", async () => {
  const refusing = (kind: Kind) => {
    const other = Object.assign(Object.create(SysparmError.prototype), { message: "it failed", kind, code: "x" });
    const fields = { caller_id: { reference: "sys_user" } };
    const schema = async (table: string) => {
      if (table !== "incident") throw other;
      return { complete: true, tables: { incident: { fields } } };
    };
    return { schema } as unknown as Instance;
  };
  const tree = Query.parse("caller_id.name=x").tree();
  const said: string[] = [];
  const world = { signal: new AbortController().signal, complain: (text: string) => void said.push(text) } as World;
  await schemaFor(tree, "incident", refusing("authorization"), world);
  assert.match(said.join(), /^warning: the fields of sys_user may not be read/);
  await assert.rejects(schemaFor(tree, "incident", refusing("network"), world), /it failed/);

  const chain = { complete: true, tables: {} as Record<string, unknown> };
  for (let at = 0; at < 12; at++) chain.tables[`t${at}`] = { fields: { up: { reference: `t${at + 1}` } } };
  const instance = { schema: async () => chain } as unknown as Instance;
  await schemaFor(Query.parse(`${"up.".repeat(13)}name=x`).tree(), "t0", instance, world);
  assert.match(said.at(-1) ?? "", /^warning: (up\.)+name is not checked: .* more than 10 tables/);
});

test("doctor finds the planted cause and exits with 1", async () => {
  const sound = await sysparm(["doctor", "--table", "incident", "--fields", "number,state"], { environment });
  assert.equal(sound.code, 0);
  assert.match(sound.output, /^passed {3}May it call the Table API\?$/m);
  assert.match(sound.output, /No cause of a failure was found \(\d+ requests, release zurich\)/);
  const foreign = { ...environment, SYSPARM_CLIENT_SECRET: "not-the-secret" };
  const failed = await sysparm(["doctor"], { environment: foreign });
  assert.equal(failed.code, 1);
  assert.match(failed.output, /^FAILED {3}[\s\S]*Causes, the likeliest first[\s\S]* % {2}.*secret/m);
  assert.ok(!failed.output.includes("not-the-secret"));
  const { output } = await sysparm(["doctor", "--json"], { environment: foreign });
  assert.ok(JSON.parse(output).causes.length > 0);
  const markdown = await sysparm(["doctor", "--markdown"], { environment: foreign });
  assert.match(markdown.output, /^#/m);
});

test("doctor checks a page's origin, and exits with 1 without a rule", async () => {
  const { code, output } = await sysparm(["doctor", "--origin", "https://app.example"], { environment });
  assert.equal(code, 1);
  assert.match(output, /^FAILED {3}.*page.*\n {9}.*preflight.*https:\/\/app\.example/m);
});

test("address with a password is refused, and not quoted", async () => {
  const refused = async (address: string, ...given: string[]) => {
    const { code, errors, output } = await sysparm(given, { environment: { ...environment, SYSPARM_URL: address } });
    assert.match(errors, /^Invalid environment variable `SYSPARM_URL`: .* password\. Set it to the instance's address/);
    assert.ok(!`${errors}${output}`.includes("hunter2"), errors);
    assert.equal(code, 2);
  };
  await refused(instance.url.replace("//", "//ada:hunter2@"), "doctor", "--json");
  await refused("hunter2", "query", "count", "incident");
  await refused("http://dev12345.service-now.com", "doctor");
});
