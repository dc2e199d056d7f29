/** A password or an API key that the instance refuses: what the broker hands out, stores and reports. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Attention, RefusedHeaders } from "../../../www/worker/src/broker/refused-headers.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const BASIC = { version: 3, url: "https://acme.example", auth: { username: "anna", password: "wrong" } };
const VALUE = `Basic ${Buffer.from("anna:wrong").toString("base64")}`;

/** A broker's storage, and the object on it. */
function broker() {
  let stored: string | undefined;
  const reports: (Attention | null)[] = [];
  const start = () =>
    new RefusedHeaders({
      read: async () => stored,
      write: async (text) => {
        stored = text;
      },
      remove: async () => {
        stored = undefined;
      },
      report: (attention) => void reports.push(attention),
    });
  return { start, reports, stored: () => stored };
}

/** What a question at this moment gets: the credential, or when it may be asked for again. */
async function answerOf(headers: RefusedHeaders, now: number, refusal: object = {}, known = BASIC) {
  const answer = await headers.answer(known, refusal, now);
  if ("value" in answer) return answer.value;
  const { retry, kind } = answer.failure.diagnosis;
  assert.equal(kind, "authentication");
  return retry.when === "after" ? retry.afterMs : retry.when;
}

test("wrong password is handed out three times, also by a restarted object", async () => {
  const { start, reports } = broker();
  let headers = start();
  let sent = 0;
  for (let second = 0; second < 100_000; second += 7) {
    if (second % 700 === 0) headers = start();
    const now = NOW + second * 1_000;
    if ((await answerOf(headers, now)) !== VALUE) continue;
    sent += 1;
    await answerOf(headers, now + 300, { refused: VALUE });
  }
  assert.equal(sent, 3);
  assert.equal(await answerOf(headers, NOW + 1_000 * HOUR), "never");
  assert.deepEqual(
    reports.map((report) => [report?.code, report?.credentialVersion]),
    [
      ["credential.refused", 3],
      ["credential.refused", 3],
    ],
  );
  assert.match(reports[0]?.message ?? "", /not sent again at once/);
  assert.match(reports[1]?.message ?? "", /three times, so it is not sent again: five wrong passwords lock the user/);
});

test("operator's resume or another version sends a password again", async () => {
  const { start, stored } = broker();
  const headers = start();
  for (const at of [0, HOUR, 2 * HOUR]) await answerOf(headers, NOW + at, { refused: VALUE });
  assert.equal(await answerOf(headers, NOW + 3 * HOUR), "never");
  assert.equal(await answerOf(headers, NOW + 3 * HOUR, {}, { ...BASIC, version: 4 }), VALUE);
  await headers.forget();
  assert.equal(stored(), undefined);
  assert.equal(await answerOf(headers, NOW + 3 * HOUR), VALUE);
});

test("after a pause one isolate gets the password, others later", async () => {
  const headers = broker().start();
  await answerOf(headers, NOW, { refused: VALUE });
  assert.equal(await answerOf(headers, NOW + 5_000), VALUE);
  for (const others of [0, 1, 1_999]) assert.equal(await answerOf(headers, NOW + 5_000 + others), 2_000 - others);
  // The first was refused: nobody else has sent it.
  assert.equal(await answerOf(headers, NOW + 5_200, { refused: VALUE }), 20_000);
  assert.equal(await answerOf(headers, NOW + 25_200), VALUE);
  // It was not, so all get it.
  for (const others of [2_000, 2_000, 60_000]) assert.equal(await answerOf(headers, NOW + 25_200 + others), VALUE);
  // Another credential waits for nothing.
  assert.equal(await answerOf(headers, NOW + 25_300, {}, { ...BASIC, version: 4 }), VALUE);
});

test("caller without rights does not stop a right password", async () => {
  const { start, reports } = broker();
  const headers = start();
  let now = NOW;
  for (let count = 0; count < 20; count += 1) {
    const acceptedSince = now;
    assert.equal(await answerOf(headers, now, { refused: VALUE, acceptedSince }), 5_000);
    assert.equal(await answerOf(headers, now + 4_999), 1);
    now += 5_000;
    assert.equal(await answerOf(headers, now), VALUE);
  }
  assert.deepEqual(reports, []);
});

test("attention ends an hour after the credential is in use again", async () => {
  const { start, reports, stored } = broker();
  const headers = start();
  await answerOf(headers, NOW, { refused: VALUE });
  await answerOf(headers, NOW + 5_000, { refused: VALUE });
  assert.equal(await answerOf(headers, NOW + HOUR), VALUE);
  assert.equal(await answerOf(headers, NOW + 2 * HOUR - 1), VALUE);
  assert.equal(reports.length, 1);
  assert.equal(await answerOf(headers, NOW + 2 * HOUR), VALUE);
  assert.equal(reports[1], null);
  assert.equal(stored(), undefined);
});

test("attention ends where a refusal says that the password is right", async () => {
  const { start, reports } = broker();
  const headers = start();
  await answerOf(headers, NOW, { refused: VALUE });
  await answerOf(headers, NOW + 5_000, { refused: VALUE });
  assert.deepEqual(
    reports.map((report) => report?.code),
    ["credential.refused"],
  );
  await answerOf(headers, NOW + HOUR, { refused: VALUE, acceptedSince: NOW + HOUR - 1_000 });
  assert.deepEqual(reports.slice(1), [null]);
});

test("refusal of another value changes nothing", async () => {
  const { start, stored } = broker();
  const headers = start();
  assert.equal(await answerOf(headers, NOW, { refused: "Basic b2xk" }), VALUE);
  assert.equal(stored(), undefined);
});
