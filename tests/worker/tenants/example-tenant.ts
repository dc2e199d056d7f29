/** A tenant as an operator writes it, and credentials of every kind. */

import { generateKeyPairSync } from "node:crypto";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
/** PKCS #8. */
export const PRIVATE_KEY = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const client = { clientId: "0123456789abcdef", clientSecret: "hush-hush-hush" };

export const AUTHS = {
  clientCredentials: { grant: "client_credentials", ...client },
  rotatedSecret: { grant: "client_credentials", clientId: "a", clientSecret: ["old-secret", "new-secret"], scope: "s" },
  password: { grant: "password", ...client, username: "anna", password: "pass word ö", clientAuth: "basic" },
  refreshToken: { grant: "refresh_token", clientId: "public", refreshToken: "refresh-token" },
  jwtBearer: {
    grant: "jwt_bearer",
    ...client,
    subject: "anna@example.com",
    key: PRIVATE_KEY,
    algorithm: "ES256",
    keyId: "k1",
    audience: "https://dev12345.service-now.com/oauth_token.do",
  },
  apiKey: { apiKey: "now_key", expires: { apiKey: 1_798_675_200_000 } },
  basic: { username: "anna", password: "pass:word" },
} as const;

/** `printf key | sha256sum` */
const KEY_HASH = "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683";

export const CALLER = { name: "reporting", policy: "incidents", key: { sha256: KEY_HASH } };

export const TENANT = {
  id: "acme",
  instanceUrl: "https://DEV12345.service-now.com/",
  auth: AUTHS.clientCredentials,
  allowedOrigins: ["https://console.example.com"],
  policies: { incidents: { tables: { incident: {} } } },
  callers: [CALLER],
};
