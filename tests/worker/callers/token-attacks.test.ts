/** Tokens that nobody but their author has signed, or that are signed for something else. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { exportSPKI, importJWK } from "jose";
import { KeySets } from "../../../www/worker/src/callers/key-sets.ts";
import { looksLikeToken } from "../../../www/worker/src/callers/presented.ts";
import { verifyToken } from "../../../www/worker/src/callers/tokens.ts";
import { AUDIENCE, type SigningKey, signingKey, type TestIssuer, testIssuer, writtenToken } from "./test-issuer.ts";

let issuer: TestIssuer;
let attackers: TestIssuer;
let rsa: SigningKey;
const keySets = new KeySets();

before(async () => {
  issuer = await testIssuer();
  attackers = await testIssuer();
  rsa = await signingKey("RS256");
  issuer.keys = [issuer.key.jwk, rsa.jwk];
});
after(async () => {
  await issuer?.stop();
  await attackers?.stop();
});

async function outcome(token: string): Promise<string> {
  const { url, jwksUrl } = issuer;
  const rules = [{ caller: "ann", issuer: url, audience: AUDIENCE, jwksUrl, algorithms: ["ES256", "RS256"] as const }];
  const verified = await verifyToken(token, rules, Date.now(), keySets);
  return typeof verified === "string" ? verified : verified.caller;
}

function claims(changes: object = {}): object {
  return { iss: issuer.url, aud: AUDIENCE, sub: "ann", exp: Math.floor(Date.now() / 1000) + 600, ...changes };
}

test("unsigned token is refused, in every spelling of none", async () => {
  const { kid } = issuer.key.jwk;
  for (const alg of ["none", "None", "NONE", "nOnE", "", null, undefined, 0, [], ["none"], "none "])
    for (const signature of ["", "x"])
      assert.equal(await outcome(writtenToken({ alg, kid }, claims(), signature)), "caller.signature", String(alg));
  const [header, payload] = (await issuer.sign()).split(".");
  assert.equal(await outcome(`${header}.${payload}.`), "caller.signature");
});

test("public key used as an HMAC secret is refused", async () => {
  const secrets = [
    await exportSPKI((await importJWK(rsa.jwk, "RS256", { extractable: true })) as CryptoKey),
    JSON.stringify(rsa.jwk),
    rsa.jwk.n ?? "",
    "",
  ];
  for (const alg of ["HS256", "HS384", "HS512"])
    for (const secret of secrets) {
      const signed = writtenToken({ alg, kid: rsa.jwk.kid, typ: "JWT" }, claims()).replace(/\.$/, "");
      const mac = createHmac(`sha${alg.slice(2)}`, secret)
        .update(signed)
        .digest("base64url");
      assert.equal(await outcome(`${signed}.${mac}`), "caller.signature", alg);
    }
});

test("token signed with another key is refused, with any key id", async () => {
  for (const kid of [
    issuer.key.jwk.kid,
    rsa.jwk.kid,
    attackers.key.jwk.kid,
    undefined,
    "",
    "../../keys",
    "a' OR 1=1",
    7,
  ]) {
    const forged = await attackers.sign({ claims: { iss: issuer.url }, header: { kid } });
    assert.equal(await outcome(forged), "caller.signature", String(kid));
  }
});

test("key that the token brings or points to is not used", async () => {
  const asked = attackers.asked;
  const { jwk } = attackers.key;
  for (const header of [
    { jwk },
    { jwk, kid: issuer.key.jwk.kid },
    { jku: attackers.jwksUrl },
    { x5u: attackers.jwksUrl, kid: issuer.key.jwk.kid },
    { x5c: ["MIIB"], kid: issuer.key.jwk.kid },
    { jku: `${issuer.jwksUrl}@${new URL(attackers.url).host}` },
    { kid: attackers.jwksUrl },
  ]) {
    const forged = await attackers.sign({ claims: { iss: issuer.url }, header });
    assert.equal(await outcome(forged), "caller.signature", JSON.stringify(header));
  }
  assert.equal(attackers.asked, asked);
});

test("extension that must be understood is refused", async () => {
  for (const header of [{ crit: ["exp"], exp: 1 }, { crit: ["b64"], b64: false }, { crit: [] }]) {
    const { kid } = issuer.key.jwk;
    assert.equal(await outcome(writtenToken({ alg: "ES256", kid, ...header }, claims(), "x")), "caller.signature");
  }
});

test("of a claim that is there twice the last one counts", async () => {
  const { iss, exp } = claims() as Record<string, unknown>;
  const payload = (first: string, last: string) => `{"iss":"${iss}","exp":${exp},"aud":"${first}","aud":"${last}"}`;
  assert.equal(await outcome(await issuer.sign({ payload: payload("other", AUDIENCE) })), "ann");
  assert.equal(await outcome(await issuer.sign({ payload: payload(AUDIENCE, "other") })), "caller.audience");
});

test("claims that are no JSON object are refused", async () => {
  for (const payload of ["", "null", "[]", '"text"', "{", '{"exp":1e999}', "\u0000", '{"__proto__":{"iss":"x"}}'])
    assert.match(await outcome(await issuer.sign({ payload })), /^caller\.(signature|audience)$/, payload);
});

test("text that is no token is not taken for one", async () => {
  const token = await issuer.sign();
  assert.ok(looksLikeToken(token));
  for (const text of [
    "",
    "key",
    "a.b.c",
    `${token}.x`,
    token.replace(".", ""),
    ` ${token}`,
    `${token}=`,
    `eyJ${"a".repeat(8_200)}.b.c`,
  ])
    assert.ok(!looksLikeToken(text), text.slice(0, 40));
});

test("no token that is changed in any place passes", async () => {
  const tokens = [await issuer.sign(), await issuer.sign({ key: rsa })];
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \u0000\u00e9";
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...tokens),
      fc.array(
        fc.record({
          kind: fc.constantFrom("replace", "insert", "remove", "cut", "repeat"),
          at: fc.nat(10_000),
          letter: fc.constantFrom(...letters),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      async (token, changes) => {
        const changed = changes.reduce(change, token);
        fc.pre(decodedParts(changed) !== decodedParts(token));
        assert.match(await outcome(changed), /^caller\.[a-z]+$/);
      },
    ),
    { numRuns: Number(process.env.SYSPARM_MUTATED_TOKENS ?? 500) },
  );
});

interface Change {
  kind: string;
  at: number;
  letter: string;
}

function change(token: string, { kind, at, letter }: Change): string {
  const index = token.length === 0 ? 0 : at % token.length;
  const [before, after] = [token.slice(0, index), token.slice(index)];
  if (kind === "replace") return before + letter + after.slice(1);
  if (kind === "insert") return before + letter + after;
  if (kind === "remove") return before + after.slice(1);
  return kind === "cut" ? before : before + after.slice(0, 8) + after;
}

/** The last letter of a signature has bits that mean nothing: the first two parts count as text, the last one as bytes. */
function decodedParts(token: string): string {
  const [header, payload, signature = "", ...others] = token.split(".");
  return JSON.stringify([header, payload, Buffer.from(signature, "base64url").toString("hex"), others]);
}
