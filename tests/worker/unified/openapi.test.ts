/** The description of the unified endpoints says what they do. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ModelMap, PlanLine } from "sysparm/model";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { RESOURCES } from "../../../www/worker/src/unified/resources.ts";
import { fieldsOf, partSchema } from "../../../www/worker/src/unified/schemas.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { call, type Envelope } from "../worker-under-test.ts";

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; description: string; schema: { enum?: string[] } }[];
  requestBody?: { content: { "application/json": { schema: { $ref: string } } } };
}
interface ObjectSchema {
  properties: Record<string, { properties?: Record<string, unknown>; enum?: string[]; description?: string }>;
}
interface Description {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, ObjectSchema>; responses: Record<string, unknown> };
}

const MAP: ModelMap = {
  version: 1,
  tables: {
    incident: { extra: { plant: { column: "u_plant" } } },
    u_ticket: { like: "incident" },
  },
};

let instance: PracticeInstance;
let worker: WorkerWithRegistry;
let open: Description;
before(async () => {
  [instance, worker] = await Promise.all([startPracticeInstance("--rows", "40", "--quiet"), workerWithRegistry()]);
  await worker.register("acme", instance.url, { ...forTestsKey(), map: MAP });
  open = await described("acme");
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

async function described(tenant: string): Promise<Description> {
  const reply = await call(worker, `/${tenant}/unified/openapi.json`);
  assert.equal(reply.status, 200);
  return (await reply.json()) as Description;
}

const operations = ({ paths }: Description) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test("description names each resource and holds no dead reference", () => {
  assert.deepEqual([open.openapi, open.servers], ["3.1.0", [{ url: "/acme/unified" }]]);
  for (const { name } of RESOURCES) assert.ok(open.paths[`/${name}`]?.get, name);
  const ids = operations(open).map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  const references = [...JSON.stringify(open).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
  assert.ok(references.length > 20);
  for (const [whole, group, name] of references)
    assert.ok(Object.hasOwn((open.components as Record<string, object>)[group ?? ""] ?? {}, name ?? ""), whole);
  for (const { path, operation } of operations(open))
    assert.deepEqual(
      operation.parameters.filter((one) => one.in === "path").map(({ name }) => name),
      path.includes("{id}") ? ["id"] : [],
    );
});

test("each described request is routed, and each parameter known", async () => {
  const sample = (name: string) => (name === "limit" ? "1" : "true");
  for (const { path, method, operation } of operations(open).filter(({ path }) => /tickets|comments/.test(path))) {
    const target = `/acme/unified${path.replace("{id}", "0".repeat(32))}`;
    const body = method === "get" ? {} : { body: "[]", headers: { "content-type": "application/json" } };
    const parameters = operation.parameters.filter((one) => one.in === "query");
    for (const { name, description } of [{ name: "", description: "" }, ...parameters]) {
      const table = /Tables: (\w+)/.exec(description)?.[1] ?? "";
      const query = [name && `${name}=${sample(name)}`, table && `table=${table}`].filter(Boolean).join("&");
      const reply = await call(worker, `${target}?${query}`, {
        method: method.toUpperCase(),
        ...body,
      });
      const text = await reply.text();
      const { code } = JSON.parse(text).error ?? {};
      // What is wrong with a value is said by its name.
      const isKnown = !["unified.path", "unified.method"].includes(code) && !text.includes("Unknown parameter");
      assert.ok(isKnown && reply.status < 500, `${method} ${target} ${name}: ${text.slice(0, 300)}`);
    }
  }
});

test("every filter and table of the endpoints is described", async () => {
  for (const { name } of RESOURCES) {
    const parameters = open.paths[`/${name}`]?.get?.parameters ?? [];
    const reply = await call(worker, `/acme/unified/${name}?nothing=1`);
    const { error } = (await reply.json()) as { error: { detail: string } };
    const [, filters = ""] = /Filters of this table: ([^.]+)\./.exec(error.detail) ?? assert.fail(error.detail);
    for (const filter of filters.split(", "))
      assert.ok(
        parameters.some((one) => one.name === filter),
        `${name} ${filter}`,
      );
    for (const other of ["table", "limit", "cursor", "order", "custom"])
      assert.ok(
        parameters.some((one) => one.name === other),
        other,
      );
  }
});

test("refused order names the orders that the table has", async () => {
  for (const { name } of RESOURCES.filter((one) => one.name !== "employees")) {
    const { error } = (await (await call(worker, `/acme/unified/${name}?order=nothing`)).json()) as Envelope;
    const [, orders = ""] = /Pass one of ([^.]+)\./.exec(error.detail) ?? assert.fail(error.detail);
    const described = open.paths[`/${name}`]?.get?.parameters.find((one) => one.name === "order");
    assert.deepEqual(described?.schema.enum, orders.split(", "), name);
    for (const order of orders.split(", "))
      assert.equal(
        (await call(worker, `/acme/unified/${name}?limit=1&order=${order}`)).status,
        200,
        `${name} ${order}`,
      );
  }
});

test("values that no table can write are not described as written", () => {
  const values = [
    ["1", "new"],
    ["2", "waiting"],
  ] as const;
  const line: PlanLine = { field: "status", column: "state", shape: "choice", values, written: [["new", "1"]] };
  const part = JSON.stringify(partSchema(["t"], fieldsOf([{ table: "t", line }])));
  assert.ok(part.includes('"new"') && !part.includes('"waiting"'), part);
});

test("every member of real objects is described", async () => {
  let seen = 0;
  for (const { name, kind } of RESOURCES) {
    const reply = await call(worker, `/acme/unified/${name}?limit=3`);
    // The practice instance's user has no right to HR.
    assert.equal(reply.status, name === "employees" ? 403 : 200, name);
    if (!reply.ok) continue;
    const { items } = (await reply.json()) as { items: Record<string, unknown>[] };
    seen += items.length > 0 ? 1 : 0;
    const schema = kind.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const known = Object.keys(open.components.schemas[schema]?.properties ?? {});
    for (const item of items)
      assert.deepEqual(
        Object.keys(item).filter((member) => !known.includes(member)),
        [],
        name,
      );
  }
  assert.ok(seen >= 5, `items of ${seen} resources`);
});

test("description of a tenant has its map's tables and fields", () => {
  const table = open.paths["/tickets"]?.get?.parameters.find(({ name }) => name === "table");
  assert.deepEqual([table?.schema.enum?.[0], table?.schema.enum?.includes("u_ticket")], ["incident", true]);
  const { extra } = open.components.schemas.Ticket?.properties ?? {};
  assert.deepEqual(Object.keys(extra?.properties ?? {}), ["plant"]);
});

test("description of a caller has what its policy allows, and no more", async () => {
  const policy: Policy = {
    tables: {
      incident: {
        methods: ["GET", "PATCH"],
        fields: ["sys_id", "number", "state"],
        writable: ["state"],
        conditions: ["state"],
      },
      sys_user: { methods: ["POST"] },
    },
  };
  await worker.register("tight", instance.url, { ...forTestsKey(policy), map: MAP });
  const tight = await described("tight");
  assert.deepEqual(Object.keys(tight.paths), ["/tickets", "/tickets/changes", "/tickets/{id}", "/tickets/{id}/raw"]);
  assert.deepEqual(Object.keys(tight.paths["/tickets"] ?? {}), ["get"]);
  assert.deepEqual(Object.keys(tight.paths["/tickets/{id}"] ?? {}), ["get", "patch"]);
  const { Ticket, TicketPart } = tight.components.schemas;
  assert.deepEqual(Object.keys(Ticket?.properties ?? {}), [
    "kind",
    "table",
    "id",
    "number",
    "status",
    "custom",
    "extra",
    "unread",
  ]);
  assert.deepEqual(Object.keys(TicketPart?.properties ?? {}), ["status", "extra", "custom"]);
  const names = tight.paths["/tickets"]?.get?.parameters.map(({ name }) => name);
  assert.ok(names?.includes("status") && !names.includes("priority") && !names.includes("updatedSince"));
  const order = tight.paths["/tickets"]?.get?.parameters.find(({ name }) => name === "order");
  assert.deepEqual(order?.schema.enum, ["id"]);
  assert.ok(!JSON.stringify(tight).includes("short_description"));
  for (const [query, hidden] of [
    ["table=nothing", "problem"],
    ["nothing=1", "priority"],
    ["nothing=1", "updatedSince"],
    ["order=nothing", "updatedAt"],
  ] as const) {
    const text = await (await call(worker, `/tight/unified/tickets?${query}`)).text();
    assert.ok(text.includes("unified.") && !text.includes(hidden), text);
  }
});
