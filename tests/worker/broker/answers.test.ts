/** The broker's answers as data: what callers may know, and when they may ask again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnosis } from "sysparm";
import { failureAnswer, headerOf, unavailable } from "../../../www/worker/src/broker/answers.ts";

const NOW = 1_800_000_000_000;
const REFUSED: Diagnosis = {
  code: "token.refused",
  kind: "authentication",
  retry: { when: "never" },
  causes: [],
  evidence: ["401"],
};

/** The diagnosis of an answer that has no credential. */
function diagnosisOf(answer: ReturnType<typeof unavailable>): Diagnosis {
  assert.ok("failure" in answer);
  return answer.failure.diagnosis;
}

const NEVER = { expiresAt: null, usableUntil: null, askAgainAt: null, reportFrom: null };

test("API key is a header that does not expire", () => {
  assert.deepEqual(headerOf({ apiKey: "key" }), { name: "x-sn-apikey", value: "key", ...NEVER });
});

test("Basic is UTF-8 in base64", () => {
  const value = `Basic ${Buffer.from("anna:pass:wörd").toString("base64")}`;
  const answer = headerOf({ username: "anna", password: "pass:wörd" });
  assert.deepEqual(answer, { name: "authorization", value, ...NEVER });
});

test("credential of a grant is no header", () => {
  const client = { clientId: "c", clientSecret: "s" };
  assert.throws(() => headerOf({ grant: "client_credentials", ...client }), TypeError);
  assert.throws(() => headerOf({ grant: "password", ...client, username: "u", password: "p" }), TypeError);
});

test("failure keeps its diagnosis until a person acts", () => {
  const failure = { message: "refused", diagnosis: REFUSED };
  assert.deepEqual(failureAnswer({ failure, isPaused: false, until: null }, NOW), { failure });
});

test("failure with a pause says when to ask again", () => {
  const failure = { message: "refused", diagnosis: REFUSED };
  for (const [until, afterMs] of [
    [NOW + 5_000, 5_000],
    [NOW - 1, 0],
  ] as const) {
    const diagnosis = diagnosisOf(failureAnswer({ failure, isPaused: false, until }, NOW));
    assert.deepEqual(diagnosis, { ...REFUSED, retry: { when: "after", afterMs } });
  }
});

test("failure without a diagnosis gets one", () => {
  const failure = { message: "no token" };
  const paused = diagnosisOf(failureAnswer({ failure, isPaused: true, until: null }, NOW));
  assert.deepEqual([paused.code, paused.kind, paused.retry.when], ["tenant.paused", "capacity", "never"]);
  assert.deepEqual([paused.causes.length, paused.evidence], [1, []]);
  const unknown = diagnosisOf(failureAnswer({ failure, isPaused: false, until: null }, NOW));
  assert.deepEqual([unknown.code, unknown.kind, unknown.retry.when], ["token.none", "unknown", "backoff"]);
  for (const { causes } of [paused, unknown]) assert.ok(causes[0]?.fix.length, "says what to do");
});

test("unexpected error shows its name, and a known one its words", () => {
  const words = (error: unknown) => {
    const answer = unavailable(error);
    assert.equal(diagnosisOf(answer).code, "broker.unavailable");
    const { kind, retry, causes, evidence } = diagnosisOf(answer);
    assert.deepEqual([kind, retry.when, causes.length, evidence], ["request", "backoff", 1, []]);
    return "failure" in answer ? answer.failure.message : "";
  };
  assert.match(words(new TypeError("secret hush")), /failed with TypeError\.$/);
  assert.doesNotMatch(words(new TypeError("secret hush")), /hush/);
  assert.match(words("hush"), /failed with string\.$/);
  const named = (name: string) => Object.assign(new Error("Missing binding SEALING_KEYS."), { name });
  for (const name of ["CredentialError", "SealingError", "ConfigurationError", "KeyError"]) {
    assert.match(words(named(name)), /Missing binding SEALING_KEYS\.$/);
  }
});
