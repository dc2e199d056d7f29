import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { connect } from "sysparm";
import { envelope, ownReply } from "../../../www/worker/src/gateway/envelope.ts";
import { CORS_CAUSES, replyToFailure } from "../../../www/worker/src/gateway/failure-reply.ts";
import { envelopeOf } from "../envelope.ts";

test("worker's own replies are JSON without caching or sniffing", () => {
  for (const reply of [
    ownReply("{}", 200),
    envelope(403, "Refused", "why", { allow: "GET", "cache-control": "public" }),
  ]) {
    assert.equal(reply.headers.get("cache-control"), "no-store");
    assert.equal(reply.headers.get("content-type"), "application/json;charset=UTF-8");
    assert.equal(reply.headers.get("x-content-type-options"), "nosniff");
  }
});

test("error detail is truncated at 4,000 characters", async () => {
  for (const [length, kept] of [
    [3_999, 3_999],
    [4_000, 4_000],
    [4_001, 4_000],
    [100_000, 4_000],
  ] as const) {
    const { error } = await envelopeOf(envelope(502, "No usable answer", "d".repeat(length)));
    assert.equal(error.detail, "d".repeat(kept));
  }
});

test("unknown error is shown by its name only", async () => {
  for (const [thrown, name] of [
    [new TypeError("hush-hush"), "TypeError"],
    [new Error("hush-hush", { cause: new RangeError("hush-hush") }), "Error"],
    ["hush-hush", "string"],
    [undefined, "undefined"],
    [{ message: "hush-hush" }, "object"],
  ] as const) {
    const reply = await replyToFailure(thrown);
    assert.equal(reply.status, 500);
    const { message, detail, code } = (await envelopeOf(reply)).error;
    assert.deepEqual(
      [message, detail, code],
      ["Worker failed", `The sysparm worker failed with an error that it does not know (${name}).`, "gateway.failed"],
    );
  }
});

test("body of a page that does not pass is cancelled", { timeout: 10_000 }, async () => {
  let cancelled = 0;
  const endless = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode("<p>Log in</p>".repeat(5_000))),
      cancel() {
        cancelled += 1;
      },
    });
  const instance = await connect({
    url: "https://dev12345.service-now.com",
    auth: { token: "scripted-token" },
    pace: { attempts: 1 },
    fetch: async () => new Response(endless(), { status: 500, headers: { "content-type": "text/html" } }),
  });
  const failure = await instance.request("/api/now/table/incident").catch((thrown: unknown) => thrown);
  const before = cancelled;
  const reply = await replyToFailure(failure);
  assert.equal(reply.status, 502);
  assert.equal(cancelled - before, 1);
  instance.close();
});

test("every cause of CORS in the catalogue is left out of replies", async () => {
  const file = new URL("../../../www/glue/src/explanations/causes.json", import.meta.url);
  const { causes } = JSON.parse(await readFile(file, "utf8")) as { causes: Record<string, unknown> };
  assert.deepEqual(
    Object.keys(causes).filter((code) => code.startsWith("cors.")),
    CORS_CAUSES,
  );
});
