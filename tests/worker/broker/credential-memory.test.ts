/** What an isolate remembers, when it asks the broker again, and when it reports a use. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { Diagnosis } from "sysparm";
import { CredentialMemory, TenantChanged, TokenFailure } from "../../../www/worker/src/broker/credential-memory.ts";
import type { CredentialAnswer, CredentialQuestion } from "../../../www/worker/src/broker/rpc.ts";

const START = 1_800_000_000_000;
const OF = { instanceUrl: "https://acme.example", credentialVersion: 3 };
const diagnosis: Diagnosis = {
  code: "token.refused",
  kind: "authentication",
  retry: { when: "never" },
  causes: [],
  evidence: [],
};
const NONE: CredentialAnswer = { failure: { message: "no token", diagnosis } };

/** A token of half an hour, from this second on. */
function token(text: string, from = 0): CredentialAnswer {
  const end = START + (from + 1_800) * 1_000;
  const times = { expiresAt: end, usableUntil: end - 30_000, askAgainAt: end - 60_000, reportFrom: end - 300_000 };
  return { name: "authorization", value: `Bearer ${text}`, ...times, ...OF };
}

const KEY: CredentialAnswer = {
  ...{ name: "x-sn-apikey", value: "key" },
  ...{ expiresAt: null, usableUntil: null, askAgainAt: null, reportFrom: null },
  ...OF,
} as const;

let now = START;
beforeEach(() => {
  now = START;
  mock.method(Date, "now", () => now);
});

/** One isolate, with these answers of the broker. */
function isolate(...answers: CredentialAnswer[]) {
  const questions: CredentialQuestion[] = [];
  const uses: number[] = [];
  const work: Promise<unknown>[] = [];
  const memory = new CredentialMemory({ id: "acme", ...OF, broker: "tenant acme" });
  const broker = {
    credential: async (question: CredentialQuestion) => {
      questions.push(question);
      return answers.shift() ?? NONE;
    },
    inUse: async () => void uses.push(now),
  };
  const credentials = memory.for(
    { getByName: () => broker },
    { waitUntil: (promise: Promise<unknown>) => void work.push(promise) },
  );
  /** A request at this second; `refused` is what it was refused. */
  const request = async (second: number, refused?: string) => {
    now = START + second * 1_000;
    const again = refused === undefined ? undefined : { value: refused };
    const held = again ? undefined : credentials.held();
    const credential = held ?? (await credentials.obtain(again));
    await Promise.all(work.splice(0));
    return credential.value;
  };
  return { questions, uses, request, credentials };
}

test("credential is asked for once, by tenant and version", async () => {
  const { request, questions } = isolate(token("one"));
  for (let second = 0; second < 1_500; second += 10) assert.equal(await request(second), "Bearer one");
  assert.deepEqual(questions, [{ tenant: "acme", credentialVersion: 3, refused: undefined }]);
});

test("use is reported once for each token, in its last five minutes", async () => {
  const { request, uses } = isolate(token("one"), token("two", 1_745));
  for (let second = 0; second < 3_500; second += 7) await request(second);
  assert.deepEqual(
    uses.map((at) => Math.floor((at - START) / 10_000)),
    [150, 324],
  );
});

test("next token is fetched in the background while this one is sent", async () => {
  const { request, questions } = isolate(token("one"), token("two", 1_700));
  assert.equal(await request(0), "Bearer one");
  assert.equal(await request(1_741), "Bearer one");
  assert.equal(questions.length, 2);
  assert.equal(await request(1_742), "Bearer two");
});

test("background question that failed is repeated seldom", async () => {
  const { request, questions } = isolate(token("one"));
  await request(0);
  for (let second = 1_740; second < 1_770; second += 1) assert.equal(await request(second), "Bearer one");
  assert.equal(questions.length, 2);
  await assert.rejects(request(1_770), TokenFailure);
});

test("token in its last 30 s is not sent", async () => {
  const { request, questions } = isolate(token("one"), token("two", 1_770));
  await request(0);
  assert.equal(await request(1_771), "Bearer two");
  assert.equal(questions.length, 2);
});

test("refused token is removed even if no other can be obtained", async () => {
  const { request, questions } = isolate(token("one"), NONE, token("two"));
  await request(0);
  await assert.rejects(request(1, "Bearer one"), (error: TokenFailure) => error.report.message === "no token");
  assert.equal(await request(2), "Bearer two");
  assert.deepEqual(
    questions.map(({ refused }) => refused),
    [undefined, "one", undefined],
  );
});

test("late refusal of an older token gets the newer one unasked", async () => {
  const { request, questions } = isolate(token("new"));
  await request(0);
  for (let late = 0; late < 50; late += 1) assert.equal(await request(1, "Bearer old"), "Bearer new");
  assert.equal(questions.length, 1);
});

test("API key is kept until it is refused", async () => {
  const { request, questions, uses } = isolate(KEY, KEY);
  for (let day = 0; day < 30; day += 1) assert.equal(await request(day * 86_400), "key");
  assert.equal(questions.length, 1);
  await request(1, "key");
  assert.equal(questions[1]?.refused, "key");
  assert.deepEqual(uses, []);
});

test("refusal says since when the credential was right", async () => {
  const { request, questions, credentials } = isolate(KEY, KEY, KEY, token("one"));
  await request(10);
  await request(20, "key");
  credentials.accepted({ value: "another" });
  await request(30, "key");
  credentials.accepted({ value: "key" });
  await request(40, "key");
  await request(50);
  assert.deepEqual(
    questions.map(({ acceptedSince }) => acceptedSince && acceptedSince - START),
    [undefined, undefined, undefined, 30_000],
  );
});

test("use is reported from the named moment on", async () => {
  const { request, uses } = isolate(token("one"));
  await request(0);
  await request(1_499);
  assert.deepEqual(uses, []);
  await request(1_500);
  assert.deepEqual(uses, [START + 1_500_000]);
});

test("requests at once ask together, and the last answer counts", async () => {
  const { request, credentials, questions } = isolate(token("one"), token("one"));
  await Promise.all([credentials.obtain(), credentials.obtain()]);
  assert.equal(await request(10), "Bearer one");
  assert.equal(questions.length, 2);
});

test("credential of another address or version is never used", async () => {
  for (const other of [{ instanceUrl: "https://new.example" }, { credentialVersion: 4 }, { credentialVersion: 2 }]) {
    const { request, credentials } = isolate({ ...KEY, ...other }, { ...KEY, ...other });
    await assert.rejects(request(0), TenantChanged);
    assert.equal(credentials.held(), undefined);
    await assert.rejects(request(1, "refused"), TenantChanged);
  }
});

test("plain bindings compare the address alone", async () => {
  const memory = new CredentialMemory({ id: null, ...OF, credentialVersion: 0, broker: "plain" });
  const answering = (answer: CredentialAnswer) => ({
    getByName: () => ({ credential: async () => answer, inUse: async () => undefined }),
  });
  assert.equal((await memory.credential(answering(KEY))).value, "key");
  const elsewhere = { ...KEY, instanceUrl: "https://new.example" };
  await assert.rejects(memory.credential(answering(elsewhere)), TenantChanged);
});

test("broker that does not answer holds no call for long", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const memory = new CredentialMemory({ id: "acme", ...OF, broker: "tenant acme" });
  const silent = { credential: () => new Promise<never>(() => undefined), inUse: async () => undefined };
  const asked = memory.credential({ getByName: () => silent });
  t.mock.timers.tick(20_000);
  await assert.rejects(asked, { name: "BrokerUnavailable" });
});
