import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HeldBodies,
  LONGEST_BODY_BYTES,
  lengthOf,
  objectionToLength,
  type RequestBody,
  SHORT_BODY_BYTES,
} from "../../../www/worker/src/gateway/request-body.ts";

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

test("length is read from a plain number of at most 15 digits", () => {
  const read = (text?: string) => lengthOf(new Headers(text === undefined ? {} : { "content-length": text }));
  assert.deepEqual([read("0"), read("12"), read("9".repeat(15))], [0, 12, 999_999_999_999_999]);
  for (const text of [undefined, "", "x1", "1x", "-1", "1.5", "9".repeat(16)])
    assert.equal(read(text), undefined, text);
});

test("announced length is refused above the limit only", () => {
  assert.equal(objectionToLength(undefined, true), undefined);
  assert.equal(objectionToLength(LONGEST_BODY_BYTES, false), undefined);
  assert.equal(objectionToLength(LONGEST_BODY_BYTES + 1, false), "too-long");
  assert.equal(objectionToLength(LONGEST_BODY_BYTES + 1, true), "too-long");
  assert.equal(objectionToLength(2 ** 20, true), undefined);
  assert.equal(objectionToLength(2 ** 20 + 1, true), "too-long-to-see");
  assert.equal(objectionToLength(2 ** 20 + 1, false), undefined);
});

/** A body in these pieces, with this announced length. */
function inPieces(pieces: readonly Uint8Array[], length?: number, isCancelled = () => {}): Request {
  const waiting = [...pieces];
  const body = new ReadableStream({
    pull(controller) {
      const piece = waiting.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
    cancel: isCancelled,
  });
  const headers = length === undefined ? {} : { "content-length": String(length) };
  return new Request("https://worker.example/", { method: "POST", body, duplex: "half", headers } as RequestInit);
}

test("body that arrives in pieces is joined in order", async () => {
  const bodies = new HeldBodies();
  const pieces = ["first ", "and ", "last"].map((text) => new TextEncoder().encode(text));
  const body = await taken(bodies, inPieces(pieces, 14));
  assert.equal(new TextDecoder().decode(body.content as Uint8Array), "first and last");
  assert.equal((body.content as Uint8Array).byteLength, 14);
  const empty = await taken(bodies, inPieces([], undefined), true);
  assert.equal((empty.content as Uint8Array).byteLength, 0);
});

test("body of no announced length is read when it must be seen", async () => {
  const bodies = new HeldBodies();
  const body = await taken(bodies, inPieces([new Uint8Array(3)]), true);
  assert.ok(body.whole && !body.isTooLong());
  // It may become that long.
  assert.equal(bodies.bytes, 2 ** 20);
  body.release();
  assert.equal(bodies.bytes, 0);
});

test("body longer than may be seen is cancelled", async () => {
  const bodies = new HeldBodies();
  let cancelled = 0;
  const pieces = [new Uint8Array(2 ** 20), new Uint8Array(1), new Uint8Array(1)];
  const asked = inPieces(pieces, undefined, () => {
    cancelled += 1;
  });
  assert.equal(await bodies.take(asked, true, "acme"), "too-long-to-see");
  assert.deepEqual([cancelled, bodies.bytes], [1, 0]);
});

test("streamed body of no announced length ends at 100 MB", async () => {
  const piece = new Uint8Array(LONGEST_BODY_BYTES / 2);
  const atLimit = await taken(new HeldBodies(), inPieces([piece, piece]));
  const beyond = await taken(new HeldBodies(), inPieces([piece, piece, new Uint8Array(1)]));
  const lengthOfAll = async ({ content }: RequestBody) => {
    let length = 0;
    for await (const part of content as ReadableStream<Uint8Array>) length += part.byteLength;
    return length;
  };
  assert.equal(await lengthOfAll(atLimit), LONGEST_BODY_BYTES);
  assert.equal(atLimit.isTooLong(), false);
  await assert.rejects(lengthOfAll(beyond), RangeError);
  assert.equal(beyond.isTooLong(), true);
  beyond.release();
});

test("stream of an announced length is handed over as it is", async () => {
  const bodies = new HeldBodies();
  const body = await taken(bodies, inPieces([new Uint8Array(2)], SHORT_BODY_BYTES + 1));
  assert.deepEqual([body.whole, body.isTooLong(), bodies.bytes], [false, false, 0]);
});
