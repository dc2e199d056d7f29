/**
 * What others make of the description of a practice instance: a validator, clients that generators wrote, and schemathesis, which requests what
 * the description allows and finds no reply outside it. All of them from package registries and unchanged.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { connect } from "sysparm";
import { importExported, type OpenApiDocument, openApi } from "sysparm/openapi";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type PracticeInstance,
  startPracticeInstance,
} from "../../harness/practice-instance.ts";
import { targetFolder, toolsFromPip } from "../../harness/python-tools.ts";
import { toolsFromNpm } from "../../harness/tools-from-npm.ts";

const run = promisify(execFile);
const ALL = { operations: ["list", "get", "create", "update", "delete"] } as const;
const TABLES = {
  incident: ALL,
  sys_user: { ...ALL, fields: ["sys_id", "user_name", "name", "email", "active", "manager", "manager.name"] },
  cmdb_ci_server: ALL,
};
const CHECKS =
  "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance";

let instance: PracticeInstance;
let token: string;
let python: string;
const folder = targetFolder("openapi");
const documents: Record<string, OpenApiDocument> = {};
const fileOf = (name: string) => `${folder}/${name}.json`;

before(async () => {
  [instance, python] = await Promise.all([
    startPracticeInstance("--rows", "20", "--quiet"),
    toolsFromPip("python-openapi", ["openapi-spec-validator==0.9.0", "openapi-python-client==0.29.1"]),
  ]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const auth = { grant: "client_credentials", clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } as const;
  const reader = await connect({ url: instance.url, auth });
  token = await reader.token();
  const schemas = await Promise.all(Object.keys(TABLES).map((table) => reader.schema(table)));
  reader.close();
  for (const version of ["3.0", "3.1"] as const)
    documents[version] = openApi({ url: instance.url, schemas, tables: TABLES, version });
  const own = await (await fetch(`${instance.url}/__practice/openapi.json`)).text();
  documents.exported = importExported(own, { paths: { "/api/now/table/*": ["GET"], "/api/now/stats/*": ["GET"] } });
  for (const [name, document] of Object.entries(documents)) await writeFile(fileOf(name), JSON.stringify(document));
});
after(() => instance?.stop());

/** Runs a program in the folder, with the Python tools in front. @throws with all that it printed */
async function say(program: string, ...given: string[]): Promise<string> {
  const env = { ...process.env, PATH: `${python}/bin:${process.env.PATH}`, TOKEN: token, URL: instance.url };
  const options = { cwd: folder, env, maxBuffer: 2 ** 26 };
  const { stdout, stderr } = await run(program, given, options).catch((error) =>
    assert.fail(`${program}: ${error.stdout}\n${error.stderr}`),
  );
  return stdout + stderr;
}

test("openapi-spec-validator finds no error", async () => {
  for (const name of Object.keys(documents)) assert.match(await say("openapi-spec-validator", fileOf(name)), /: OK/);
});

const PROGRAM = `
import os
from client import AuthenticatedClient
from client.api.incident import create_incident, delete_incident, get_incident, list_incident, update_incident
from client.models import GetIncidentSysparmDisplayValue, IncidentWrite, IncidentWriteUrgency

with AuthenticatedClient(base_url=os.environ["URL"], token=os.environ["TOKEN"], raise_on_unexpected_status=True) as client:
    made = create_incident.sync(client=client, body=IncidentWrite(short_description="Disk full", urgency=IncidentWriteUrgency("1")))
    key = made.result.sys_id
    changed = update_incident.sync(key, client=client, body=IncidentWrite(short_description="Disk empty"))
    assert changed.result.short_description == "Disk empty", changed
    both = GetIncidentSysparmDisplayValue("all")
    one = get_incident.sync(key, client=client, sysparm_display_value=both, sysparm_fields="short_description,urgency")
    assert one.result.short_description.value == "Disk empty", one
    query = "short_description=Disk empty^ORDERBYDESCnumber"
    found = list_incident.sync(client=client, sysparm_query=query, sysparm_limit=5)
    assert [row.sys_id for row in found.result] == [key], found
    assert delete_incident.sync_detailed(key, client=client).status_code == 204
    left = list_incident.sync(client=client, sysparm_query=query, sysparm_limit=5)
    assert left.result == [], left
print("five operations")
`;

for (const version of ["3.0", "3.1"])
  test(`client of openapi-python-client works, from ${version}`, async (t) => {
    const place = ["--path", fileOf(version), "--output-path", "client", "--overwrite", "--meta", "none"];
    t.diagnostic(await say("openapi-python-client", "generate", ...place));
    await writeFile(`${folder}/program.py`, PROGRAM);
    assert.match(await say(`${python}/bin/python`, "program.py"), /five operations/);
  });

const TYPED = `
import createClient from "openapi-fetch";
import type { components, paths } from "./types.js";

const client = createClient<paths>({ baseUrl: String(process.env.URL), headers: { authorization: \`Bearer \${process.env.TOKEN}\` } });
const made = await client.POST("/api/now/table/incident", { body: { short_description: "Disk full", urgency: "1" } });
const id = made.data?.result.sys_id;
if (typeof id !== "string") throw new Error(JSON.stringify(made.error));
const path = { sys_id: id };
const changed = await client.PATCH("/api/now/table/incident/{sys_id}", { params: { path }, body: { short_description: "Disk empty" } });
if (changed.data?.result.short_description !== "Disk empty") throw new Error(JSON.stringify(changed));
const query = { sysparm_query: "short_description=Disk empty", sysparm_limit: 5, sysparm_display_value: "all" } as const;
const found = await client.GET("/api/now/table/incident", { params: { query } });
const number = found.data?.result[0]?.number;
if (typeof number !== "object" || !number.value.startsWith("INC")) throw new Error(JSON.stringify(found));
const one = await client.GET("/api/now/table/incident/{sys_id}", { params: { path } });
if (one.data?.result.sys_id !== id) throw new Error(JSON.stringify(one));
const gone = await client.DELETE("/api/now/table/incident/{sys_id}", { params: { path } });
if (gone.response.status !== 204) throw new Error(JSON.stringify(gone));
// @ts-expect-error no choice of the field
await client.POST("/api/now/table/incident", { body: { urgency: "9" }, fetch: async () => new Response("{}") });
// @ts-expect-error no field of the table
export const misspelt: components["schemas"]["incident-write"] = { shortdescription: "" };
// @ts-expect-error the limit is missing
await client.GET("/api/now/table/incident", { params: { query: {} }, fetch: async () => new Response("{}") });
console.log("five operations");
`;

for (const version of ["3.0", "3.1"])
  test(`client of openapi-typescript compiles and works, from ${version}`, async () => {
    const tools = await toolsFromNpm([
      "openapi-typescript@7.13.0",
      "openapi-fetch@0.17.0",
      "typescript@5.9.3",
      "@types/node@20.19.25",
    ]);
    const binary = (name: string) => `${tools}/.bin/${name}`;
    // Next to the tools, where their packages are found.
    const place = `${dirname(tools)}/program-${version}`;
    await mkdir(place, { recursive: true });
    await writeFile(`${place}/package.json`, JSON.stringify({ type: "module" }));
    await say(binary("openapi-typescript"), fileOf(version), "-o", `${place}/types.d.ts`);
    await writeFile(`${place}/program.ts`, TYPED);
    const options = ["--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck", "--types", "node"];
    await say(binary("tsc"), ...options, "--outDir", place, `${place}/program.ts`);
    assert.match(await say(process.execPath, `${place}/program.js`), /five operations/);
  });

test("schemathesis finds no reply outside the description", { timeout: 300_000 }, async (t) => {
  const tool = await toolsFromPip("python-schemathesis", ["schemathesis==4.32.5"]);
  const document = structuredClone(documents["3.1"]) as OpenApiDocument;
  await withRealIds(document);
  await writeFile(fileOf("known"), JSON.stringify(document));
  const said = await say(
    `${tool}/bin/schemathesis`,
    ...["run", fileOf("known"), "--url", instance.url, "--checks", CHECKS, "--max-examples", "15", "--seed", "1"],
    ...["--max-time", process.env.SYSPARM_SCHEMATHESIS_SECONDS ?? "70", "--phases", "examples,coverage,fuzzing"],
    ...["--header", `Authorization: Bearer ${token}`, "--no-color", "--workers", "1"],
    ...["--suppress-health-check", "all", "--generation-database", "none"],
  );
  t.diagnostic(said.split("\n").slice(-25).join("\n"));
  assert.match(said, /Test cases:/);
});

/** Random identifiers are those of no record. Deletion keeps random ones, so that the others stay. */
async function withRealIds({ paths }: OpenApiDocument): Promise<void> {
  for (const [path, methods] of Object.entries(paths).filter(([one]) => one.includes("{sys_id}"))) {
    const list = `${instance.url}${path.replace("/{sys_id}", "")}?sysparm_limit=5&sysparm_fields=sys_id`;
    const reply = await fetch(list, { headers: { authorization: `Bearer ${token}` } });
    const { result } = (await reply.json()) as { result: { sys_id: string }[] };
    assert.ok(result.length > 0, path);
    for (const [method, { parameters }] of Object.entries(methods)) {
      if (method === "delete") continue;
      for (const parameter of parameters as { name: string; schema: object }[])
        if (parameter.name === "sys_id") parameter.schema = { enum: result.map(({ sys_id }) => sys_id) };
    }
  }
}
