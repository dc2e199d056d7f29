/** What a broker stores of the plain bindings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprintOf } from "../../../www/worker/src/broker/fingerprint.ts";

const of = (secret: string) => fingerprintOf("https://acme.example", "client", secret);

test("fingerprint changes with each of the bindings", async () => {
  const all = await Promise.all([
    of("secret"),
    of("other"),
    fingerprintOf("https://other.example", "client", "secret"),
    fingerprintOf("https://acme.example", "other", "secret"),
  ]);
  assert.equal(new Set(all).size, all.length);
  assert.equal(await of("secret"), all[0]);
});

test("fingerprint does not tell a guessed secret from many others", async () => {
  const all = await Promise.all(Array.from({ length: 3_000 }, (_, at) => of(`secret ${at}`)));
  assert.ok(new Set(all).size < all.length, "some secrets share theirs");
});
