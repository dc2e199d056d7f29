/** An issuer of tokens on loopback: a key set that tests change, and a signature for any claims and header. */

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CompactSign, exportJWK, generateKeyPair, type JWK } from "jose";

export const AUDIENCE = "sysparm";

/** What a token has instead of the usual. `undefined` removes a claim or a member of the header. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** The claims as text, for what no JSON writer writes. */
  readonly payload?: string;
  readonly key?: SigningKey;
}

/** A private key, and its public half as a key set lists it. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK & { readonly kid: string; readonly alg: string };
}

export interface TestIssuer {
  readonly url: string;
  readonly jwksUrl: string;
  readonly key: SigningKey;
  /** What the key set lists. */
  keys: object[];
  /** How often it was asked for. */
  asked: number;
  /** Answers instead of the key set. */
  answer: ((response: ServerResponse) => void) | undefined;
  sign(changes?: TokenChanges): Promise<string>;
  stop(): Promise<void>;
}

let made = 0;

export async function signingKey(algorithm = "ES256"): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  made += 1;
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: `key-${made}`, alg: algorithm, use: "sig" } };
}

export async function testIssuer(algorithm = "ES256"): Promise<TestIssuer> {
  const key = await signingKey(algorithm);
  const server = createServer((_, response) => {
    issuer.asked += 1;
    if (issuer.answer) return issuer.answer(response);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: issuer.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    url,
    jwksUrl: `${url}/keys`,
    key,
    keys: [key.jwk],
    asked: 0,
    answer: undefined,
    sign: (changes = {}) => sign(url, changes.key ?? key, changes),
    async stop() {
      const stopped = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await stopped;
    },
  };
  return issuer;
}

async function sign(issuer: string, { privateKey, jwk }: SigningKey, changes: TokenChanges): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: AUDIENCE, sub: "ann", iat: now, exp: now + 600, ...changes.claims };
  const header = JSON.parse(JSON.stringify({ alg: jwk.alg, kid: jwk.kid, ...changes.header }));
  return new CompactSign(new TextEncoder().encode(changes.payload ?? JSON.stringify(claims)))
    .setProtectedHeader(header)
    .sign(privateKey);
}

/** A token from its parts, for what no library signs. */
export function writtenToken(header: unknown, claims: unknown, signature: Uint8Array | string = ""): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(claims)}.${Buffer.from(signature as string).toString("base64url")}`;
}
