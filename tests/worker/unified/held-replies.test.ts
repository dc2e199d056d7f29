/** What the replies that are converted take of an isolate's memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Answered } from "../../../www/worker/src/unified/answered.ts";
import { HeldReplies } from "../../../www/worker/src/unified/held-replies.ts";
import { recordOf } from "../../../www/worker/src/unified/records.ts";
import { unknownResult } from "../../../www/worker/src/unified/refusals.ts";

const row = (length: number) => new Blob([JSON.stringify({ result: { text: "x".repeat(length) } })]).stream();

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return "read";
  assert.ok(error instanceof Answered, String(error));
  return (await error.reply.json()).error.code;
}

test("replies share a budget, and give it back with the call", async () => {
  const replies = new HeldReplies(1_000, 800);
  const read = (tenant: string, length: number) => {
    const call = replies.call(tenant);
    return { call, outcome: outcomeOf(recordOf(new Response(call.counted(row(length))))) };
  };
  const first = read("acme", 500);
  assert.equal(await first.outcome, "read");
  assert.ok(replies.bytes > 500);
  const second = read("acme", 500);
  assert.equal(await second.outcome, "gateway.busy", "of one tenant");
  second.call.release();
  const third = read("globex", 300);
  assert.equal(await third.outcome, "read");
  const fourth = read("initech", 300);
  assert.equal(await fourth.outcome, "gateway.busy", "of all tenants");
  for (const { call } of [first, third, fourth]) call.release();
  assert.equal(replies.bytes, 0);
  assert.equal(await read("acme", 500).outcome, "read");
});

test("write whose reply does not fit is not called busy", async () => {
  const call = new HeldReplies(100).call("acme");
  const reply = new Response(call.counted(row(500)), { status: 201 });
  assert.equal(await outcomeOf(recordOf(reply, unknownResult(undefined))), "unified.outcome");
});
