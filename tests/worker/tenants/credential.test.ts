import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { TenantAuth } from "../../../www/worker/src/tenants/auth-schema.ts";
import {
  connectAuth,
  credentialContext,
  credentialOf,
  credentialText,
  KeyError,
} from "../../../www/worker/src/tenants/credential.ts";
import { credentialKind } from "../../../www/worker/src/tenants/registry-rpc.ts";
import { AUTHS } from "./example-tenant.ts";

test("kind of a credential is its grant, or what it presents", () => {
  const kinds = Object.fromEntries(
    Object.entries(AUTHS).map(([name, auth]) => [name, credentialKind(auth as TenantAuth)]),
  );
  assert.deepEqual(kinds, {
    clientCredentials: "client_credentials",
    rotatedSecret: "client_credentials",
    password: "password",
    refreshToken: "refresh_token",
    jwtBearer: "jwt_bearer",
    apiKey: "api_key",
    basic: "basic",
  });
});

test("credential comes back from its text, and is bound to its tenant", () => {
  for (const auth of Object.values(AUTHS)) assert.deepEqual(credentialOf(credentialText(auth as TenantAuth)), auth);
  assert.notEqual(credentialContext("acme"), credentialContext("globex"));
});

test("credential without a key is passed to connect() as it is", async () => {
  for (const [name, auth] of Object.entries(AUTHS))
    if (name !== "jwtBearer") assert.equal(await connectAuth(auth as TenantAuth), auth);
});

/** PKCS #8 keys by the algorithm that signs with them. */
const KEYS = {
  RS: pem(generateKeyPairSync("rsa", { modulusLength: 2048 })),
  ES256: pem(generateKeyPairSync("ec", { namedCurve: "P-256" })),
  ES384: pem(generateKeyPairSync("ec", { namedCurve: "P-384" })),
  ES512: pem(generateKeyPairSync("ec", { namedCurve: "P-521" })),
};

function pem({ privateKey }: ReturnType<typeof generateKeyPairSync>): string {
  return String(privateKey.export({ type: "pkcs8", format: "pem" }));
}

test("key becomes one that signs and cannot be read out", async () => {
  const expected = {
    RS256: [KEYS.RS, "RSASSA-PKCS1-v1_5", "SHA-256"],
    RS384: [KEYS.RS, "RSASSA-PKCS1-v1_5", "SHA-384"],
    RS512: [KEYS.RS, "RSASSA-PKCS1-v1_5", "SHA-512"],
    ES256: [KEYS.ES256, "ECDSA", "P-256"],
    ES384: [KEYS.ES384, "ECDSA", "P-384"],
    ES512: [KEYS.ES512, "ECDSA", "P-521"],
    HS256: ["shared secret", "HMAC", "SHA-256"],
    HS512: ["shared secret", "HMAC", "SHA-512"],
  } as const;
  for (const [algorithm, [key, name, detail]] of Object.entries(expected)) {
    const auth = await connectAuth({ ...AUTHS.jwtBearer, algorithm, key } as TenantAuth);
    assert.ok("key" in auth, algorithm);
    const { extractable, usages, algorithm: used } = auth.key;
    assert.deepEqual([extractable, usages, used.name], [false, ["sign"], name]);
    const { hash, namedCurve } = used as { hash?: { name: string }; namedCurve?: string };
    assert.equal(hash?.name ?? namedCurve, detail);
  }
});

test("key of another form or algorithm is refused without its text", async () => {
  const base64 = KEYS.ES256.replace(/-.*-|\s/g, "");
  for (const key of [
    "",
    base64,
    KEYS.ES256.replaceAll("PRIVATE KEY", "EC PRIVATE KEY"),
    KEYS.ES256.replaceAll("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
    `${KEYS.ES256}${KEYS.ES256}`,
    KEYS.ES384,
    KEYS.RS,
  ]) {
    await assert.rejects(connectAuth({ ...AUTHS.jwtBearer, key }), (error) => {
      assert.ok(error instanceof KeyError);
      assert.match(error.message, /^Invalid option `auth\.key`\. Pass the PKCS #8 private key/);
      return !error.message.includes(base64.slice(0, 20));
    });
  }
  assert.ok("key" in (await connectAuth({ ...AUTHS.jwtBearer, key: `\n ${KEYS.ES256} \n` })), "spaces around it");
});
