import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { KeySets } from "../../../www/worker/src/callers/key-sets.ts";
import type { SignatureAlgorithm, TokenRecord } from "../../../www/worker/src/callers/token-rules.ts";
import { verifyToken } from "../../../www/worker/src/callers/tokens.ts";
import { AUDIENCE, signingKey, type TestIssuer, type TokenChanges, testIssuer } from "./test-issuer.ts";

let issuer: TestIssuer;
let other: TestIssuer;
let keySets: KeySets;

before(async () => {
  issuer = await testIssuer();
  other = await testIssuer();
});
beforeEach(() => {
  keySets = new KeySets();
  for (const each of [issuer, other]) Object.assign(each, { keys: [each.key.jwk], asked: 0, answer: undefined });
});
after(async () => {
  await issuer?.stop();
  await other?.stop();
});

const seconds = () => Math.floor(Date.now() / 1000);

function rule(changes: Partial<TokenRecord> = {}, caller = "ann") {
  const { url, jwksUrl } = issuer;
  return { caller, issuer: url, audience: AUDIENCE, jwksUrl, algorithms: ["ES256"] as const, ...changes };
}

/** The caller's name, or the reason of the refusal. */
async function outcome(token: string, rules = [rule()], now = Date.now()): Promise<string> {
  const verified = await verifyToken(token, rules, now, keySets);
  return typeof verified === "string" ? verified : verified.caller;
}

async function outcomeOf(changes: TokenChanges, rules = [rule()]): Promise<string> {
  return outcome(await issuer.sign(changes), rules);
}

test("token of the issuer is accepted until it expires", async () => {
  const exp = seconds() + 90;
  const verified = await verifyToken(await issuer.sign({ claims: { exp } }), [rule()], Date.now(), keySets);
  assert.deepEqual(verified, { caller: "ann", expiresAt: exp * 1000 });
});

test("each listed algorithm is accepted", async () => {
  const algorithms: SignatureAlgorithm[] = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"];
  for (const algorithm of algorithms) {
    const key = await signingKey(algorithm);
    issuer.keys = [key.jwk];
    keySets = new KeySets();
    assert.equal(await outcomeOf({ key }, [rule({ algorithms: [algorithm] })]), "ann", algorithm);
  }
});

test("token with an algorithm that is not listed is refused", async () => {
  assert.equal(await outcomeOf({}, [rule({ algorithms: ["RS256", "ES384"] })]), "caller.algorithm");
});

test("audience may be one of several on both sides", async () => {
  const several = [rule({ audience: ["a", "b"] })];
  assert.equal(await outcomeOf({ claims: { aud: "b" } }, several), "ann");
  assert.equal(await outcomeOf({ claims: { aud: ["c", "a"] } }, several), "ann");
  for (const aud of ["c", "", ["c"], [], {}, null, undefined, "a b", ["a b"]])
    assert.equal(await outcomeOf({ claims: { aud } }, several), "caller.audience", JSON.stringify(aud));
});

test("issuer is compared letter by letter, before its keys are asked for", async () => {
  for (const iss of [`${issuer.url}/`, issuer.url.toUpperCase(), "", null, undefined, [issuer.url]])
    assert.equal(await outcomeOf({ claims: { iss } }), "caller.signature", JSON.stringify(iss));
  assert.equal(issuer.asked, 0);
});

test("clock tolerance is 30 seconds, or what the rule says", async () => {
  const now = Date.now();
  const token = await issuer.sign({ claims: { exp: seconds() + 60, nbf: seconds() - 60, iat: undefined } });
  const outcomeAt = (afterSeconds: number, clockToleranceSeconds?: number) =>
    outcome(token, [rule({ clockToleranceSeconds })], now + afterSeconds * 1000);
  assert.equal(await outcomeAt(85), "ann");
  assert.equal(await outcomeAt(95), "caller.expired");
  assert.equal(await outcomeAt(-85), "ann");
  assert.equal(await outcomeAt(-95), "caller.expired");
  assert.equal(await outcomeAt(55, 0), "ann");
  assert.equal(await outcomeAt(65, 0), "caller.expired");
  assert.equal(await outcomeAt(175, 120), "ann");
  assert.equal(await outcomeAt(185, 120), "caller.expired");
});

test("token without a usable expiry is refused", async () => {
  for (const exp of [undefined, null, "2099-01-01", String(seconds() + 600), [], true, 0, -1])
    assert.equal(await outcomeOf({ claims: { exp } }), "caller.expired", JSON.stringify(exp));
});

test("longest age counts from the time of issue", async () => {
  const rules = [rule({ longestAgeSeconds: 300 })];
  assert.equal(await outcomeOf({ claims: { iat: seconds() - 290 } }, rules), "ann");
  for (const iat of [seconds() - 340, seconds() + 100, undefined, "yesterday"])
    assert.equal(await outcomeOf({ claims: { iat } }, rules), "caller.expired", String(iat));
});

test("token is remembered no longer than the longest age", async () => {
  const iat = seconds() - 290;
  for (const [longestAgeSeconds, exp, last] of [
    [300, seconds() + 600, iat + 300],
    [300, seconds() + 5, seconds() + 5],
    [undefined, seconds() + 600, seconds() + 600],
  ] as const) {
    const token = await issuer.sign({ claims: { iat, exp } });
    const verified = await verifyToken(token, [rule({ longestAgeSeconds })], Date.now(), keySets);
    assert.ok(typeof verified !== "string");
    assert.equal(verified.expiresAt, last * 1000);
  }
});

test("claims are compared exactly, or as members of a list", async () => {
  const rules = [rule({ claims: { tier: 2, groups: { contains: "itsm" } } })];
  const accepted = [["itsm"], ["hr", "itsm"], "itsm", "hr itsm"];
  for (const groups of accepted) assert.equal(await outcomeOf({ claims: { tier: 2, groups } }, rules), "ann");
  const refused = [[], "", "itsm2", ["itsm hr"], ["ITSM"], { itsm: true }, [["itsm"]], undefined, null, 1];
  for (const groups of refused)
    assert.equal(await outcomeOf({ claims: { tier: 2, groups } }, rules), "caller.unknown", JSON.stringify(groups));
  for (const tier of ["2", 3, [2], true, undefined])
    assert.equal(await outcomeOf({ claims: { tier, groups: "itsm" } }, rules), "caller.unknown", JSON.stringify(tier));
  const inherited = [rule({ claims: { constructor: { contains: "x" } } })];
  assert.equal(await outcomeOf({}, inherited), "caller.unknown");
});

test("claims choose between callers of one issuer", async () => {
  const rules = [
    rule({ claims: { roles: { contains: "writer" } } }, "writers"),
    rule({ claims: { roles: { contains: "reader" } } }, "readers"),
    rule({ issuer: other.url, jwksUrl: other.jwksUrl }, "others"),
  ];
  assert.equal(await outcomeOf({ claims: { roles: ["reader", "writer"] } }, rules), "writers");
  assert.equal(await outcomeOf({ claims: { roles: ["reader"] } }, rules), "readers");
  assert.equal(await outcomeOf({ claims: { roles: [] } }, rules), "caller.unknown");
  assert.equal(await outcome(await other.sign(), rules), "others");
});

test("reason is the one of the rule that fits best", async () => {
  const rules = [rule({ audience: "another" }), rule({ claims: { tier: 2 } }), rule({ issuer: "https://x.example" })];
  assert.equal(await outcomeOf({}, rules), "caller.unknown");
});

test("rotated key is found, and the withdrawn one is not used again", async () => {
  const rotated = await signingKey();
  let now = Date.now();
  keySets = new KeySets({ now: () => now, pause: async () => {}, fetch });
  const old = await issuer.sign();
  assert.equal(await outcome(old), "ann");
  issuer.keys = [rotated.jwk];
  const renewed = await issuer.sign({ key: rotated });
  assert.equal(await outcome(renewed), "caller.signature");
  now += 31_000;
  assert.equal(await outcome(renewed), "ann");
  assert.equal(await outcome(old), "caller.signature");
  assert.equal(issuer.asked, 2);
});

test("token without a key id is accepted from an issuer with one key", async () => {
  assert.equal(await outcomeOf({ header: { kid: undefined } }), "ann");
  issuer.keys = [issuer.key.jwk, (await signingKey()).jwk];
  keySets = new KeySets();
  assert.equal(await outcomeOf({ header: { kid: undefined } }), "caller.signature");
});

test("issuer without keys is named as the reason", async () => {
  issuer.answer = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>sign in</html>");
  assert.equal(await outcomeOf({}), "caller.jwks");
  issuer.answer = (response) => response.writeHead(302, { location: other.jwksUrl }).end();
  keySets = new KeySets();
  assert.equal(await outcomeOf({}), "caller.jwks");
  assert.equal(other.asked, 0);
});

test("token of another issuer learns nothing about one without keys", async () => {
  issuer.answer = (response) => response.writeHead(503).end();
  assert.equal(await outcome(await other.sign()), "caller.signature");
});

test("one signature is tried for each key set, not for each caller", async () => {
  const rules = Array.from({ length: 50 }, (_, index) => rule({ claims: { tier: index } }));
  const forged = await other.sign({ claims: { iss: issuer.url }, header: { kid: issuer.key.jwk.kid } });
  const verify = crypto.subtle.verify;
  let verified = 0;
  crypto.subtle.verify = (...given: Parameters<typeof verify>) => {
    verified += 1;
    return verify.apply(crypto.subtle, given);
  };
  try {
    assert.equal(await outcome(forged, rules), "caller.signature");
  } finally {
    crypto.subtle.verify = verify;
  }
  assert.equal(verified, 1);
});
