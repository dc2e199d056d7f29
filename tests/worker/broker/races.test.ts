/** What goes wrong where tokens are shared, one test for each race that others have met. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnosis } from "sysparm";
import type { TokenAnswer } from "sysparm/durable-object";
import { AuthenticationError, RateLimitError } from "../../../www/glue/src/errors/index.ts";
import { CredentialMemory } from "../../../www/worker/src/broker/credential-memory.ts";
import type { CredentialAnswer } from "../../../www/worker/src/broker/rpc.ts";
import { FakeObject, storedTokens } from "./fake-object.ts";

const OF = { credentialVersion: 1, instanceUrl: "https://acme.example" };
const ASKED = { credentialVersion: 1 };

function diagnosis(code: string, when: Diagnosis["retry"]["when"]): Diagnosis {
  return { code, kind: "authentication", retry: { when }, causes: [], evidence: [] };
}
const INVALID_GRANT = () => new AuthenticationError("refused", diagnosis("token.refused", "never"), { status: 401 });

const tokenOf = (answer: TokenAnswer) => ("token" in answer ? answer.token : answer.failure.message);

/** A started object that holds a token. */
async function holding(token = "first") {
  const object = new FakeObject();
  const renewal = object.start();
  const answer = renewal.ask(ASKED);
  (await object.request()).grant(token);
  assert.equal(tokenOf(await answer), token);
  return { object, renewal };
}

test("two refreshes race: one request, one token for both", async () => {
  const object = new FakeObject();
  const renewal = object.start();
  const answers = [renewal.ask(ASKED), renewal.ask(ASKED), renewal.ask({ ...ASKED, refused: "older" })];
  (await object.request()).grant("one");
  assert.deepEqual((await Promise.all(answers)).map(tokenOf), ["one", "one", "one"]);
  assert.equal(object.requests.length, 0);
});

test("loser's refresh token is revoked: store is read before flagging", async () => {
  const { object, renewal } = await holding();
  const answer = renewal.ask({ ...ASKED, refused: "first" });
  const loser = await object.request();
  await loser.store.set("n", storedTokens("a", "old refresh token"), { expiresAt: 0 });
  assert.match(String(await loser.store.get("n")), /old refresh token/);
  // The winner stores what replaces it, and the loser is refused.
  await loser.store.set("n", storedTokens("b", "new refresh token"), { expiresAt: 0 });
  loser.fail(INVALID_GRANT());
  const again = await object.request();
  assert.match(String(await again.store.get("n")), /new refresh token/);
  again.grant("second");
  assert.equal(tokenOf(await answer), "second");
  assert.deepEqual(object.states, []);
});

test("newest refresh token is refused: a person must act, once", async () => {
  const { object, renewal } = await holding();
  const answer = renewal.ask({ ...ASKED, refused: "first" });
  const request = await object.request();
  await request.store.set("n", storedTokens("a", "r"), { expiresAt: 0 });
  await request.store.get("n");
  request.fail(INVALID_GRANT());
  // The token held may be refused for the caller's rights, so others keep it.
  assert.equal(tokenOf(await answer), "first");
  assert.deepEqual(object.states, ["needs-attention"]);
  assert.equal(tokenOf(await renewal.ask({ ...ASKED, refused: "first" })), "first");
  assert.equal(object.requests.length, 0);
  assert.equal((await renewal.report()).failure?.message, "refused");
});

test("client retries with the old token: it gets the newest", async () => {
  const { object, renewal } = await holding();
  const answer = renewal.ask({ ...ASKED, refused: "first" });
  (await object.request()).grant("second");
  assert.equal(tokenOf(await answer), "second");
  for (let late = 0; late < 100; late += 1) {
    assert.equal(tokenOf(await renewal.ask({ ...ASKED, refused: "first" })), "second");
  }
  assert.equal(object.requests.length, 0);
});

test("object is overloaded: isolates ask it once for each token", async () => {
  const questions: unknown[] = [];
  const answer: CredentialAnswer = {
    name: "authorization",
    value: "Bearer one",
    expiresAt: Date.now() + 1_800_000,
    usableUntil: Date.now() + 1_770_000,
    askAgainAt: Date.now() + 1_740_000,
    reportFrom: Date.now() + 1_500_000,
    ...OF,
  };
  const getByName = () => ({
    credential: async (question: unknown) => {
      questions.push(question);
      return answer;
    },
    inUse: async () => assert.fail("reported too early"),
  });
  const memory = new CredentialMemory({ id: "acme", ...OF, broker: "acme" });
  for (let calls = 0; calls < 10_000; calls += 1) {
    const credentials = memory.for({ getByName }, { waitUntil: () => assert.fail("no background work") });
    const credential = credentials.held() ?? (await credentials.obtain());
    assert.equal(credential.value, "Bearer one");
  }
  assert.equal(questions.length, 1);
});

test("overloaded object is not asked twice, a reset one is", async () => {
  for (const [error, questions] of [
    [{ retryable: true, overloaded: true }, 1],
    [{ retryable: true }, 2],
    [{}, 1],
  ] as const) {
    let asked = 0;
    const getByName = () => ({
      credential: async () => {
        asked += 1;
        throw Object.assign(new Error("gone"), error);
      },
      inUse: async () => undefined,
    });
    const memory = new CredentialMemory({ id: "acme", ...OF, broker: "acme" });
    await assert.rejects(memory.credential({ getByName }), { name: "BrokerUnavailable" });
    assert.equal(asked, questions);
  }
});

test("object is reset before the reply: one more request", async () => {
  const object = new FakeObject();
  void object.start().ask(ASKED);
  const lost = await object.request();
  const renewal = object.start();
  const answer = renewal.ask(ASKED);
  lost.grant("lost");
  (await object.request()).grant("second");
  assert.equal(tokenOf(await answer), "second");
  assert.equal(object.requests.length, 0);
});

test("object is reset after the reply: stored token needs no request", async () => {
  const { object } = await holding();
  assert.equal(tokenOf(await object.start().ask(ASKED)), "first");
  assert.equal(object.requests.length, 0);
});

test("object is reset while it stores: nothing was answered", async () => {
  const object = new FakeObject();
  let isAnswered = false;
  object.beforeWrite = () => new Promise(() => undefined);
  void object
    .start()
    .ask(ASKED)
    .then(() => {
      isAnswered = true;
    });
  (await object.request()).grant("unstored");
  for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isAnswered, false);
});

test("refused 429 without Retry-After: all callers pause together", async () => {
  const object = new FakeObject();
  const renewal = object.start();
  const first = renewal.ask(ASKED);
  const limited: Diagnosis = { ...diagnosis("rate.limited", "backoff"), kind: "rate" };
  (await object.request()).fail(new RateLimitError("too many", limited, { status: 429 }));
  const answers = [await first, ...(await Promise.all(Array.from({ length: 50 }, () => renewal.ask(ASKED))))];
  for (const answer of answers) assert.ok("failure" in answer && (answer.until ?? 0) > Date.now());
  assert.equal(object.requests.length, 0);
});

test("credential changes during a request: its token is dropped", async () => {
  const object = new FakeObject();
  const renewal = object.start();
  const old = renewal.ask(ASKED);
  const outdated = await object.request();
  const asked = renewal.ask({ credentialVersion: 2 });
  while ((await renewal.report()).credentialVersion !== 2) await new Promise((resolve) => setImmediate(resolve));
  outdated.grant("of the old credential");
  const next = await object.request();
  assert.equal(next.credentialVersion, 2);
  next.grant("of the new one");
  assert.deepEqual([tokenOf(await old), tokenOf(await asked)], ["of the new one", "of the new one"]);
});

test("everything that is stored is sealed", async () => {
  const { object, renewal } = await holding("access-token-in-clear");
  const answer = renewal.ask({ ...ASKED, refused: "access-token-in-clear" });
  const request = await object.request();
  await request.store.set("n", storedTokens("another-access-token", "refresh-token-in-clear"), { expiresAt: 0 });
  request.grant("another-access-token");
  await answer;
  assert.ok(object.texts.size >= 2);
  for (const text of object.texts.values()) {
    assert.match(String(text), /^sealed:1:k1:/);
    assert.doesNotMatch(Buffer.from(String(text).slice(12), "base64").toString("latin1"), /clear|another/);
  }
});
