/** A page's bytes become the text that the platform's own decoder makes of them, whatever they are and however they came. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodePage } from "../../www/glue/src/client/effects/decoding.ts";

const decoded = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Several blocks of them, so that each kind of block follows each other. */
const LETTERS = [
  "a",
  "x".repeat(900),
  "é".repeat(501),
  "Müller",
  "Ż",
  "日本".repeat(301),
  "🚀",
  "\ufeff",
  "\0",
  "\ud800",
];
const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 200, size: "max" }).map((parts) => parts.join(""));
/** Beginnings and continuations of letters, where neither belongs. */
const ODD = [0x80, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xf0, 0xf5, 0xff].map((byte) => [byte]);
const NO_TEXT = fc.array(fc.constantFrom(...ODD, new Array<number>(1400).fill(0x61)), { maxLength: 60, size: "max" });
const lengths = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 20 });

function parted(bytes: Uint8Array, lengths: number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += pieces.at(-1)?.length ?? 0)
    pieces.push(bytes.slice(from, from + (lengths[pieces.length % lengths.length] ?? 1)));
  return pieces;
}

test("text of any letters", () => {
  const holds = fc.property(text, lengths, (text, lengths) => {
    const bytes = new TextEncoder().encode(text);
    assert.equal(decodePage(parted(bytes, lengths)), decoded(bytes));
  });
  fc.assert(holds, { numRuns: 300 });
});

test("bytes that are no text", () => {
  const holds = fc.property(NO_TEXT, lengths, (parts, lengths) => {
    const bytes = Uint8Array.from(parts.flat());
    assert.equal(decodePage(parted(bytes, lengths)), decoded(bytes));
  });
  fc.assert(holds, { numRuns: 300 });
});

test("decoding: letters across block edges, byte order mark first", () => {
  for (const letter of ["é", "日", "🚀"]) {
    for (let before = 4090; before <= 4100; before += 1) {
      const bytes = new TextEncoder().encode(`\ufeff${"a".repeat(before)}${letter}${"b".repeat(5000)}`);
      assert.equal(decodePage([bytes]), decoded(bytes));
    }
  }
  assert.equal(decodePage([]), "");
});
