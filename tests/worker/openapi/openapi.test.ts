/** The description of a tenant's tables in workerd: what the caller's policy allows, and nothing else. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import SwaggerParser from "@apidevtools/swagger-parser";
import type { OpenApiDocument } from "sysparm/openapi";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { call, type Envelope } from "../worker-under-test.ts";

const TIGHT: Policy = {
  tables: {
    incident: {
      methods: ["GET", "PATCH"],
      fields: ["sys_id", "number", "state", "caller_id", "caller_id.name", "u_of_no_table"],
      conditions: ["state", "number"],
      writable: ["work_notes"],
      maxRows: 20,
    },
    sys_user: { methods: ["POST"], fields: ["name"] },
  },
};
const HIDDEN = ["short_description", "assigned_to", "priority", "email", "u_of_no_table"];
const ELEVEN = Array.from({ length: 11 }, (_, index) => [`x_table_${index}`, {}]);

let instance: PracticeInstance;
let worker: WorkerWithRegistry;
before(async () => {
  [instance, worker] = await Promise.all([startPracticeInstance("--rows", "20", "--quiet"), workerWithRegistry()]);
  await worker.register("tight", instance.url, forTestsKey(TIGHT));
  await worker.register("open", instance.url, forTestsKey());
  const unnumbered = {
    tables: { incident: { fields: ["sys_id", "state", "short_description", "caller_id"], maxRows: 5 } },
  };
  await worker.register("unnumbered", instance.url, forTestsKey(unnumbered));
  await worker.register("many", instance.url, forTestsKey({ tables: Object.fromEntries(ELEVEN) }));
  const rare = { requestsPerMinute: 2, tables: { incident: { displayValues: true } } };
  await worker.register("rare", instance.url, forTestsKey(rare));
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

async function described(target: string): Promise<OpenApiDocument> {
  const reply = await call(worker, target);
  assert.equal(reply.status, 200, await reply.clone().text());
  return (await reply.json()) as OpenApiDocument;
}
const validate = (document: OpenApiDocument) => SwaggerParser.validate(structuredClone(document) as never);
async function codeOf(target: string, init: RequestInit = {}): Promise<string> {
  const reply = await call(worker, target, init);
  const { error } = (await reply.json()) as Envelope;
  return `${reply.status} ${error.code}`;
}

const idsOf = ({ paths }: OpenApiDocument) =>
  Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
const namesOf = ({ components }: OpenApiDocument, schema: string) =>
  Object.keys((components.schemas[schema] as { properties: object }).properties);

test("description has what the policy allows, and no other field", async () => {
  const document = await described("/tight/openapi.json");
  await validate(document);
  assert.deepEqual(idsOf(document), ["list_incident", "get_incident", "update_incident", "create_sys_user"]);
  assert.deepEqual(namesOf(document, "incident"), ["sys_id", "number", "state", "caller_id", "caller_id.name"]);
  assert.deepEqual(
    [namesOf(document, "incident-write"), namesOf(document, "sys_user-write")],
    [["work_notes"], ["name"]],
  );
  assert.deepEqual(document.servers, [{ url: `${worker.url}/tight` }]);
  const text = JSON.stringify(document);
  for (const name of [...HIDDEN, "sysparm_display_value"]) assert.ok(!text.includes(name), name);
  assert.match(text, /1 = New/);
});

test("guide's policy gives the operations that the guide names", async () => {
  const guide = await readFile(new URL("../../../www/worker/docs/assistant-actions.md", import.meta.url), "utf8");
  const [, record = ""] = /```json\n(.*?)```/s.exec(guide) ?? assert.fail("no record");
  const { policies } = JSON.parse(record) as { policies: { assistant: Policy } };
  await worker.register("guide", instance.url, forTestsKey(policies.assistant));
  const [, named = ""] = /The file has (.*?), with/s.exec(guide) ?? assert.fail("no operations");
  const ids = [...named.matchAll(/`(\w+)`/g)].map(([, id]) => id);
  assert.deepEqual(idsOf(await described("/guide/openapi.json")).sort(), ids.sort());
});

test("every described parameter passes the policy", async () => {
  const { paths } = await described("/tight/openapi.json");
  const parameters = (paths["/api/now/table/incident"]?.get?.parameters ?? []) as { name: string }[];
  const samples: Record<string, string> = {
    sysparm_query: "stateIN1,2^ORDERBYDESCnumber",
    sysparm_fields: "sys_id,number,state,caller_id,caller_id.name",
    sysparm_limit: "20",
    sysparm_offset: "1",
    sysparm_exclude_reference_link: "true",
  };
  assert.deepEqual(
    parameters.map(({ name }) => name),
    Object.keys(samples),
  );
  assert.equal((await call(worker, `/tight/api/now/table/incident?${new URLSearchParams(samples)}`)).status, 200);
  assert.equal((await call(worker, "/tight/api/now/table/incident")).status, 200);
});

test("queries and orders that a description names pass the policy", async () => {
  for (const tenant of ["tight", "unnumbered"]) {
    const { paths } = await described(`/${tenant}/openapi.json`);
    const text = JSON.stringify(paths["/api/now/table/incident"]?.get);
    assert.ok(tenant === "tight" || !/number|sys_user/.test(text), text);
    const [, examples = ""] = /Examples: (.*?)\./.exec(text) ?? assert.fail(text);
    const orders = [...text.matchAll(/\^ORDERBY\w+/g)].map(([order]) => order.slice(1));
    const queries = [...examples.replaceAll("<sys_id>", "0".repeat(32)).split(" ; "), ...orders];
    assert.ok(orders.length >= 2 && queries.length >= 4, queries.join());
    for (const query of queries) {
      const sent = new URLSearchParams({ sysparm_query: query, sysparm_limit: "1" });
      assert.equal((await call(worker, `/${tenant}/api/now/table/incident?${sent}`)).status, 200, query);
    }
  }
});

test("tables, operations and version can be chosen", async () => {
  const query = "tables=problem,incident&operations=list,delete&version=3.0";
  const document = await described(`/open/openapi.json?${query}`);
  await validate(document);
  assert.deepEqual(idsOf(document), ["list_problem", "delete_problem", "list_incident", "delete_incident"]);
  assert.ok(document.openapi.startsWith("3.0") && namesOf(document, "problem").length > 40);
});

test("dictionary is read once for all callers of a tenant", async () => {
  await described("/open/openapi.json?tables=sys_user");
  const before = (await instance.journal()).length;
  await described("/open/openapi.json?tables=sys_user&operations=get");
  await described("/open/openapi.json?tables=sys_user");
  assert.equal((await instance.journal()).length, before);
});

test("rate of the policy counts, and leaves a first description", async () => {
  await described("/rare/openapi.json");
  assert.equal(await codeOf("/rare/openapi.json"), "429 gateway.rate");
});

test("what cannot be described is refused by its name", async () => {
  assert.equal(await codeOf("/open/openapi.json"), "400 openapi.tables");
  assert.equal(await codeOf("/many/openapi.json"), "400 openapi.tables");
  assert.equal(await codeOf("/tight/openapi.json?tables=problem"), "403 openapi.table");
  assert.equal(await codeOf("/tight/openapi.json?tables=sys_user&operations=list"), "403 openapi.table");
  assert.equal(await codeOf("/open/openapi.json?tables=no_such_table"), "502 openapi.dictionary");
  assert.equal(await codeOf("/open/openapi.json?table=incident"), "400 openapi.parameter");
  assert.equal(await codeOf("/open/openapi.json?tables=a&tables=b"), "400 openapi.parameter");
  assert.equal(await codeOf("/open/openapi.json?tables=incident", { method: "POST" }), "405 openapi.method");
  const seven = "incident,problem,sys_user,task,sys_user_group,cmdb_ci,cmdb_ci_server";
  assert.equal(await codeOf(`/open/openapi.json?tables=${seven}`), "400 openapi.too-large");
});

test("refusal of tables says which names are too many", async () => {
  const detailOf = async (target: string) => {
    const { error } = (await (await call(worker, target)).json()) as Envelope;
    return `${error.code}: ${error.detail}`;
  };
  assert.match(await detailOf("/open/openapi.json"), /^openapi.tables: .*policy of the caller names no table/);
  assert.match(await detailOf("/many/openapi.json"), /^openapi.tables: .*policy of the caller allows more than 7/);
  const eight = "/open/openapi.json?tables=a,b,c,d,e,f,g,h";
  assert.match(await detailOf(eight), /^openapi.tables: .*request names more than 7/);
  const none = "/tight/openapi.json?operations=delete";
  assert.match(await detailOf(none), /^openapi.table: .*Allowed with these operations: none/);
});

test("description needs a caller, and passes nothing to the instance", async () => {
  const before = (await instance.journal()).length;
  assert.equal(
    await codeOf("/tight/openapi.json", { headers: { authorization: "Bearer other" } }),
    "401 caller.unknown",
  );
  assert.equal(await codeOf("/tight/openapi.json/x"), "403 gateway.address");
  assert.equal(await codeOf("/tight/openapi.jsonx"), "403 gateway.address");
  assert.equal((await instance.journal()).length, before);
});
