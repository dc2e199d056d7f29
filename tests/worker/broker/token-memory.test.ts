import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnosis } from "sysparm";
import { TokenFailure, TokenMemory, type TokenReport } from "../../../www/worker/src/broker/token-source.ts";

const TENANT = {
  instanceUrl: "https://dev12345.service-now.com",
  clientId: "client",
  clientSecret: "hush-hush",
  callerKeys: [],
  allowedOrigins: new Set<string>(),
};

const diagnosis: Diagnosis = {
  code: "token.refused",
  kind: "authentication",
  retry: { when: "never" },
  causes: [],
  evidence: [],
};
const NONE: TokenReport = { failure: { message: "no token", diagnosis } };

function token(text: string, lifetime: number | null = 1_800_000): TokenReport {
  return { token: text, expiresAt: lifetime === null ? null : Date.now() + lifetime };
}

/** Consecutive requests to one isolate's memory; returns the tokens, and the requests to the keeper. */
async function asked(reports: TokenReport[], asks: (string | undefined)[]) {
  const memory = new TokenMemory(TENANT);
  const questions: (string | undefined)[] = [];
  const source = memory.source({
    getByName: () => ({
      async token(refused) {
        questions.push(refused);
        return reports.shift() ?? NONE;
      },
    }),
  });
  const tokens: unknown[] = [];
  for (const refused of asks) {
    try {
      const given = await source(refused);
      tokens.push(typeof given === "string" ? given : given.token);
    } catch (thrown) {
      assert.ok(thrown instanceof TokenFailure);
      tokens.push(thrown.report.message);
    }
  }
  return { tokens, questions };
}

test("token with time left is cached", async () => {
  const { tokens, questions } = await asked([token("one")], [undefined, undefined]);
  assert.deepEqual(tokens, ["one", "one"]);
  assert.deepEqual(questions, [undefined]);
});

test("token with at most 30 s left or no expiry is not cached", async () => {
  for (const lifetime of [30_000, 0, -1, null]) {
    const { tokens } = await asked([token("one", lifetime), token("two")], [undefined, undefined]);
    assert.deepEqual(tokens, ["one", "two"], `${lifetime}`);
  }
});

test("refused token is removed even if no other can be obtained", async () => {
  const { tokens, questions } = await asked([token("one"), NONE, token("two")], [undefined, "one", undefined]);
  assert.deepEqual(tokens, ["one", "no token", "two"]);
  assert.deepEqual(questions, [undefined, "one", undefined]);
});

test("late refusal of an older token keeps the cached one", async () => {
  const { tokens, questions } = await asked([token("new"), NONE], [undefined, "old", undefined]);
  assert.deepEqual(tokens, ["new", "no token", "new"]);
  assert.deepEqual(questions, [undefined, "old"]);
});
