/** A write that was done is reported as done, without workerd. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cappedBody } from "../../../www/worker/src/gateway/byte-cap.ts";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { Answered } from "../../../www/worker/src/unified/answered.ts";
import type { UnifiedCall } from "../../../www/worker/src/unified/calls.ts";
import { type Resource, resourceOf } from "../../../www/worker/src/unified/resources.ts";
import { written } from "../../../www/worker/src/unified/writing.ts";
import type { Envelope } from "../envelope.ts";

const ID = "6816f79cc0a8016401c5a33be04be441";
const TICKETS: Resource = resourceOf("tickets") ?? assert.fail("no tickets");
const ADDRESS = "https://worker.example/acme/unified/tickets";

const callFor = (reply: Response, body: unknown): UnifiedCall => ({
  tenant: "acme",
  policy: compilePolicy({ unrestricted: ["GET", "POST", "PATCH"] }),
  map: undefined,
  send: async () => reply,
  pass: () => assert.fail(),
  body: async () => body,
});

async function refusalOf(work: Promise<unknown>): Promise<[status: number, error: Envelope["error"]]> {
  const error = await work.then(
    () => assert.fail("an answer"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Answered, String(error));
  return [error.reply.status, ((await error.reply.json()) as Envelope).error];
}

/** A reply without a length, cut at the policy's number of bytes. */
function cut(status: number, headers: Record<string, string> = {}): Response {
  const body = new Blob([JSON.stringify({ result: { sys_id: ID, description: "x".repeat(500) } })]).stream();
  const reply = new Response(body, { status, headers });
  return new Response(cappedBody(reply, 100), reply);
}

test("write whose reply cannot be read is not called refused", async () => {
  const location = { location: `https://acme.example/api/now/table/incident/${ID}` };
  for (const [reply, id, names] of [
    [cut(201), undefined, /Look for the record/],
    [cut(201, location), undefined, new RegExp(ID)],
    [new Response(null, { status: 201 }), undefined, /Look for the record/],
    [new Response('{"result":[]}'), ID, new RegExp(ID)],
  ] as const) {
    const [status, error] = await refusalOf(written(callFor(reply, { title: "x" }), TICKETS, id, ADDRESS));
    assert.deepEqual([status, error.code], [502, "unified.outcome"]);
    assert.match(error.detail, names);
    assert.ok(!error.detail.includes("refused"), error.detail);
  }
});

test("write that the instance refuses keeps its reply", async () => {
  const reply = new Response('{"error":{"code":"record.not-found"}}', { status: 404 });
  const [status, error] = await refusalOf(written(callFor(reply, { title: "x" }), TICKETS, ID, ADDRESS));
  assert.deepEqual([status, error.code], [404, "record.not-found"]);
});

test("values that the instance drops or changes are named", async () => {
  const row = { sys_id: ID, state: "2", priority: "5", short_description: "Disk full", u_site: "", active: "true" };
  const part = {
    ...{ title: " Disk full ", status: "in_progress", priority: "critical", active: true, comment: "Hello." },
    custom: { u_site: "north", u_none: "x" },
  };
  const call = callFor(Response.json({ result: row }), part);
  const { dropped } = await written(call, TICKETS, ID, ADDRESS);
  assert.deepEqual([...dropped].sort(), ["custom.u_none", "custom.u_site", "priority"]);
});

test("columns that the policy hides are not said to be dropped", async () => {
  const policy = compilePolicy({
    tables: { incident: { fields: ["sys_id"], writable: ["state"], methods: ["PATCH"] } },
  });
  const call = { ...callFor(Response.json({ result: { sys_id: ID } }), { status: "in_progress" }), policy };
  assert.deepEqual((await written(call, TICKETS, ID, ADDRESS)).dropped, []);
});

test("refusal of a write does not repeat a long value", async () => {
  const call = callFor(Response.json({}), { status: "x".repeat(100_000), ["y".repeat(100_000)]: "z" });
  const [status, error] = await refusalOf(written(call, TICKETS, ID, ADDRESS));
  assert.deepEqual([status, error.code], [400, "model.refused"]);
  assert.ok(JSON.stringify(error).length < 10_000);
});
