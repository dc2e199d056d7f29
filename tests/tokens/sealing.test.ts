/** Sealed texts: what opens them, what does not, and what messages say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Sealing, SealingError } from "../../www/glue/src/durable-object/sealing.ts";

const key = (fill: number) => Buffer.alloc(32, fill).toString("base64");
const OLD = `k1:${key(1)}`;
const NEW = `k2:${key(2)}`;

/** The error of a promise that must reject. */
async function refusal(promise: Promise<unknown>): Promise<SealingError> {
  const thrown = await promise.then(
    () => assert.fail("it opened"),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SealingError, String(thrown));
  return thrown;
}

test("every text opens in its context, and no other context opens it", async () => {
  const sealing = Sealing.fromText(OLD);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), async (plain, context, other) => {
      const sealed = await sealing.seal(plain, context);
      assert.equal(await sealing.open(sealed, context), plain);
      if (other !== context) await refusal(sealing.open(sealed, other));
    }),
  );
});

test("one text sealed twice looks different each time", async () => {
  const sealing = Sealing.fromText(OLD);
  const sealed = await Promise.all(Array.from({ length: 100 }, () => sealing.seal("token", "tenant")));
  assert.equal(new Set(sealed).size, 100);
  assert.ok(sealed.every((text) => text.startsWith("sealed:1:k1:") && !text.includes("token")));
});

test("changed byte anywhere in a sealed text is noticed", async () => {
  const sealing = Sealing.fromText(OLD);
  const sealed = await sealing.seal("refresh-token", "tenant");
  const bytes = Buffer.from(sealed.slice("sealed:1:k1:".length), "base64");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const error = await refusal(sealing.open(`sealed:1:k1:${changed.toString("base64")}`, "tenant"));
    assert.equal(error.keyId, "k1");
  }
});

test("rotated key seals and the old one still opens", async () => {
  const before = Sealing.fromText(OLD);
  const rotated = Sealing.fromText(`${NEW}, ${OLD}`);
  const sealed = await before.seal("secret", "a");
  assert.equal(await rotated.open(sealed, "a"), "secret");

  const first = await rotated.reseal(sealed, "a");
  assert.ok(first.wasOlder && first.text.startsWith("sealed:1:k2:"));
  assert.equal(await Sealing.fromText(NEW).open(first.text, "a"), "secret");
  assert.deepEqual(await rotated.reseal(first.text, "a"), { text: first.text, wasOlder: false });
});

test("text of a removed key is refused by the name of the key", async () => {
  const sealed = await Sealing.fromText(OLD).seal("hush", "a");
  const error = await refusal(Sealing.fromText(NEW).open(sealed, "a"));
  assert.equal(error.keyId, "k1");
  assert.match(error.message, /`k1`.*not among the sealing keys/);
});

test("another key under the same id does not open the text", async () => {
  const sealed = await Sealing.fromText(OLD).seal("hush", "a");
  assert.equal((await refusal(Sealing.fromText(`k1:${key(9)}`).open(sealed, "a"))).keyId, "k1");
});

test("text of an unknown form is refused without its content", async () => {
  const sealing = Sealing.fromText(OLD);
  const whole = await sealing.seal("hush", "a");
  const forms = [
    "",
    "plain-hush",
    "sealed:2:k1:aHVzaA==",
    "sealed:1:k1:",
    "sealed:1:k1:a",
    "sealed:1::aHVzaA==",
    `${whole}!`,
  ];
  for (const text of forms) {
    const { message } = await refusal(sealing.open(text, "a"));
    assert.doesNotMatch(message, /hush|aHVzaA/);
  }
});

test("invalid keys are refused by their position", () => {
  const cases: [string, RegExp][] = [
    ["", /position 1/],
    [`${NEW},${key(3)}`, /position 2/],
    [`k1:${Buffer.alloc(16).toString("base64")}`, /position 1/],
    [`k 1:${key(1)}`, /position 1/],
    [`${"k".repeat(33)}:${key(1)}`, /position 1/],
    [`${OLD},k1:${key(2)}`, /`k1`/],
    [Array.from({ length: 17 }, (_, at) => `k${at}:${key(at)}`).join(), /1 to 16/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => Sealing.fromText(text),
      (error: Error) => {
        assert.ok(error instanceof SealingError);
        assert.match(error.message, message);
        for (const part of text.split(/[:,]/))
          if (part.length > 20 && part.length < 60) assert.ok(part === "k".repeat(33) || !error.message.includes(part));
        return true;
      },
    );
  }
});

test("keys cannot be printed", () => {
  const sealing = Sealing.fromText(`${NEW},${OLD}`);
  assert.doesNotMatch(`${JSON.stringify(sealing)} ${String(sealing)} ${Object.keys(sealing)}`, /AgIC|AQEB/);
});
