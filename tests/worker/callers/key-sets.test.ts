import assert from "node:assert/strict";
import { test } from "node:test";
import { type KeySetHost, KeySets } from "../../../www/worker/src/callers/key-sets.ts";

const NOON = Date.parse("2026-11-30T12:00:00Z");
const SECOND = 1_000;
const MINUTE = 60_000;
const URL = "https://issuer.example/keys";

const key = (kid: string, others: object = {}) => ({ kty: "EC", crv: "P-256", x: "AA", y: "AA", kid, ...others });
const keySet = (...kids: string[]) => Response.json({ keys: kids.map((kid) => key(kid)) });

/** An issuer whose answers and clock the test moves. */
interface ScriptedHost extends KeySetHost {
  time: number;
  asked: RequestInit[];
  answer: () => Response | Promise<Response>;
}

function scripted() {
  const host: ScriptedHost = {
    time: NOON,
    asked: [],
    answer: () => keySet("a"),
    now: () => host.time,
    async pause(ms) {
      host.time += ms;
      await new Promise((wake) => setImmediate(wake));
    },
    async fetch(_, init) {
      host.asked.push(init);
      return host.answer();
    },
  };
  const sets = new KeySets(host);
  const kids = async (kid?: string, url = URL) => (await sets.find(url, kid))?.map(({ kid }) => kid);
  return { host, kids };
}

test("keys are asked for once in ten minutes", async () => {
  const { host, kids } = scripted();
  for (let minute = 0; minute < 30; minute += 1) {
    assert.deepEqual(await kids("a"), ["a"]);
    host.time += MINUTE;
  }
  assert.equal(host.asked.length, 3);
});

test("unknown key id asks once more, so a rotated key is found", async () => {
  const { host, kids } = scripted();
  await kids("a");
  host.answer = () => keySet("a", "b");
  host.time += 31 * SECOND;
  assert.deepEqual(await kids("b"), ["a", "b"]);
  assert.equal(host.asked.length, 2);
});

test("invented key ids make one request in 30 seconds", async () => {
  const { host, kids } = scripted();
  for (let index = 0; index < 1_000; index += 1) {
    await kids(`invented ${index}`);
    host.time += 100;
  }
  assert.equal(host.asked.length, 4);
});

test("concurrent requests ask once, without a shared promise", async () => {
  const { host, kids } = scripted();
  host.answer = () => new Promise((resolve) => setTimeout(resolve, 5, keySet("a")));
  const found = await Promise.all(Array.from({ length: 50 }, () => kids("a")));
  assert.deepEqual(new Set(found.map(String)), new Set(["a"]));
  assert.equal(host.asked.length, 1);
});

test("request of a client that has gone holds others back for six seconds", async () => {
  const { host, kids } = scripted();
  host.answer = () => new Promise<Response>(() => {});
  void kids("a");
  host.answer = () => keySet("a");
  assert.deepEqual(await kids("a"), ["a"]);
  assert.equal(host.time - NOON, 6 * SECOND);
});

test("clock that stands still does not make a request wait for ever", async () => {
  const { host, kids } = scripted();
  host.answer = () => new Promise<Response>(() => {});
  host.pause = () => new Promise((wake) => setImmediate(wake));
  void kids("a");
  assert.equal(await kids("a"), undefined);
});

test("keys stay in use for an hour while the issuer is down", async () => {
  const { host, kids } = scripted();
  await kids("a");
  host.answer = () => {
    throw new TypeError("connection refused");
  };
  host.time += 59 * MINUTE;
  assert.deepEqual(await kids("a"), ["a"]);
  host.time += MINUTE;
  assert.equal(await kids("a"), undefined);
});

test("issuer that was down is asked again after five seconds", async () => {
  const { host, kids } = scripted();
  host.answer = () => new Response("", { status: 503 });
  assert.equal(await kids("a"), undefined);
  host.answer = () => keySet("a");
  host.time += 4 * SECOND;
  assert.equal(await kids("a"), undefined);
  host.time += SECOND;
  assert.deepEqual(await kids("a"), ["a"]);
});

test("clock that was set back neither stops requests nor makes keys last", async () => {
  const { host, kids } = scripted();
  await kids("a");
  host.time -= 60 * MINUTE;
  host.answer = () => keySet("b");
  assert.deepEqual(await kids("b"), ["b"]);
});

test("only a key set counts as an answer", async () => {
  const large = JSON.stringify({ keys: [key("a", { x5c: "x".repeat(70_000) })] });
  const answers: Record<string, () => Response> = {
    page: () => new Response("<html>sign in</html>", { headers: { "content-type": "text/html" } }),
    empty: () => new Response(""),
    list: () => Response.json([key("a")]),
    object: () => Response.json({ keys: {} }),
    null: () => Response.json(null),
    large: () => new Response(large),
    missing: () => new Response(JSON.stringify({ keys: [key("a")] }), { status: 404 }),
    redirect: () => new Response(null, { status: 302, headers: { location: "https://evil.example/keys" } }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    const { host, kids } = scripted();
    host.answer = answer;
    assert.equal(await kids("a"), undefined, name);
    assert.equal(host.asked.length, 1, name);
    assert.equal(host.asked[0]?.redirect, "manual", name);
    assert.ok(host.asked[0]?.signal, name);
  }
});

test("keys that are no public signature keys are left out", async () => {
  const { host, kids } = scripted();
  const others = [
    null,
    "key",
    {},
    { kty: "oct", k: "AA", kid: "secret" },
    key("private", { d: "AA" }),
    key("encryption", { use: "enc" }),
    { kty: "RSA", n: "A".repeat(1_367), e: "AQAB", kid: "larger than 8192 bits" },
    { kty: "RSA", n: 7, e: "AQAB", kid: "modulus of another type" },
    { kty: "RSA", e: "AQAB", kid: "no modulus" },
    { kty: "XYZ", n: "A".repeat(342), kid: "unknown type" },
    key("signature", { use: "sig" }),
    { kty: "RSA", n: "A".repeat(1_366), e: "AQAB", kid: "rsa" },
    { kty: "OKP", crv: "Ed25519", x: "AA", kid: "okp" },
  ];
  host.answer = () => Response.json({ keys: others });
  assert.deepEqual(await kids(), ["signature", "rsa", "okp"]);
});

test("issuers of many tenants are asked once each", async () => {
  const { host, kids } = scripted();
  for (let round = 0; round < 3; round += 1)
    for (let index = 0; index < 512; index += 1) await kids("a", `${URL}/${index}`);
  assert.equal(host.asked.length, 512);
});

test("number of key sets in memory is bounded, by least recent use", async () => {
  const { host, kids } = scripted();
  for (let index = 0; index < 512; index += 1) await kids("a", `${URL}/${index}`);
  host.time += MINUTE;
  await kids("a", `${URL}/0`);
  await kids("a", `${URL}/512`);
  assert.equal(host.asked.length, 513);
  for (const index of [0, 2, 511, 512]) await kids("a", `${URL}/${index}`);
  assert.equal(host.asked.length, 513);
  await kids("a", `${URL}/1`);
  assert.equal(host.asked.length, 514);
});

test("bytes of key sets in memory are bounded", async () => {
  const { host, kids } = scripted();
  host.answer = () => Response.json({ keys: [key("a", { x5c: ["x".repeat(60_000)] })] });
  for (let index = 0; index < 140; index += 1) await kids("a", `${URL}/${index}`);
  host.time += MINUTE;
  await kids("a", `${URL}/140`);
  const before = host.asked.length;
  await kids("a", `${URL}/139`);
  assert.equal(host.asked.length, before);
  await kids("a", `${URL}/0`);
  assert.equal(host.asked.length, before + 1);
});

test("invented key ids are held back when many issuers are used", async () => {
  const { host, kids } = scripted();
  const asked = async (kid: string) => {
    for (let index = 0; index < 600; index += 1) await kids(kid, `${URL}/${index}`);
    return host.asked.length;
  };
  assert.equal(await asked("a"), 600);
  assert.equal(await asked("invented"), 600);
});
