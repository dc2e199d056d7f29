import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldBodies, SHORT_BODY_BYTES } from "../../../www/worker/src/gateway/request-body.ts";

function posted(body: string | null, length: number | string | undefined = body?.length): Request {
  const headers = length === undefined ? {} : { "content-length": String(length) };
  return new Request("https://worker.example/api/now/table/incident", { method: "POST", body, headers });
}

async function taken(bodies: HeldBodies, request: Request, mustSee = false, tenant = "acme") {
  const body = await bodies.take(request, mustSee, tenant);
  assert.ok(typeof body !== "string", String(body));
  return body;
}

test("short body is read whole, a longer one streams", async () => {
  const bodies = new HeldBodies();
  const short = await taken(bodies, posted("x".repeat(SHORT_BODY_BYTES)));
  assert.ok(short.whole && short.content instanceof Uint8Array && short.content.length === SHORT_BODY_BYTES);
  const long = await taken(bodies, posted("x".repeat(SHORT_BODY_BYTES + 1)));
  assert.ok(!long.whole && long.content instanceof ReadableStream);
  const unannounced = await taken(bodies, posted("x", "none"));
  assert.ok(!unannounced.whole && unannounced.content instanceof ReadableStream);
  const none = await taken(bodies, posted(null));
  assert.deepEqual([none.whole, none.content], [true, null]);
});

test("memory of a body is given back once", async () => {
  const bodies = new HeldBodies();
  const body = await taken(bodies, posted("x".repeat(1_000)));
  assert.equal(bodies.bytes, 1_000);
  body.release();
  body.release();
  assert.equal(bodies.bytes, 0);
  assert.equal(await bodies.take(posted("xx", 1), false, "acme"), "too-long-to-see");
  assert.equal(bodies.bytes, 0);
});

test("bodies that must be seen are refused when memory is short", async () => {
  const bodies = new HeldBodies();
  const full = "x".repeat(2 ** 20);
  const each = Array.from({ length: 32 }, (_, index) => taken(bodies, posted(full), true, `tenant-${index % 4}`));
  const held = await Promise.all(each);
  assert.equal(await bodies.take(posted(full), true, "last"), "memory");
  // What need not be seen streams instead.
  assert.equal((await taken(bodies, posted("x"))).whole, false);
  held[0]?.release();
  assert.equal((await taken(bodies, posted(full), true)).whole, true);
});

test("bodies of one tenant leave memory for the others", async () => {
  const bodies = new HeldBodies();
  const full = "x".repeat(2 ** 20);
  const held = await Promise.all(Array.from({ length: 8 }, () => taken(bodies, posted(full), true, "eager")));
  assert.equal(await bodies.take(posted(full), true, "eager"), "memory");
  assert.equal((await taken(bodies, posted(full), true, "other")).whole, true);
  for (const body of held) body.release();
  assert.equal((await taken(bodies, posted(full), true, "eager")).whole, true);
});

test("body that stalls is given up, and gives its memory back", async () => {
  const bodies = new HeldBodies(20);
  const stalled = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
  const init = { method: "POST", body: stalled, duplex: "half", headers: { "content-length": "10" } };
  const asked = new Request("https://worker.example/", init as RequestInit);
  assert.equal(await bodies.take(asked, false, "acme"), "slow");
  assert.equal(bodies.bytes, 0);
});

test("body that fails while it is read gives its memory back", async () => {
  const bodies = new HeldBodies();
  const failing = new ReadableStream({ pull: (controller) => controller.error(new Error("cut")) });
  const init = { method: "POST", body: failing, duplex: "half", headers: { "content-length": "10" } };
  assert.equal(await bodies.take(new Request("https://worker.example/", init as RequestInit), false, "acme"), "cut");
  assert.equal(bodies.bytes, 0);
});
