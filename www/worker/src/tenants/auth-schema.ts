/**
 * The credentials of a tenant as an operator writes them: the options of `connect({ auth })` for every grant that needs no page. Two differ,
 * because they must be text: `key` of a JWT bearer grant, and `in` of an API key, which the worker always sends as a header.
 */

import * as v from "valibot";
import { options, text } from "../options.ts";

/** ServiceNow accepts secrets of up to 4,096 characters since Zurich ("Create an inbound integration", field help). */
const LONGEST_SECRET = 4096;
/** A PKCS #8 key of RSA with 8,192 bits is 6,500 characters long. */
const LONGEST_KEY = 10_000;

/** Copying often adds a space, which the instance refuses without saying so. */
const SECRET_MESSAGE = `Pass text of 1 to ${LONGEST_SECRET} printable ASCII characters without a space at either end.`;
const secret = v.pipe(
  v.string(SECRET_MESSAGE),
  v.maxLength(LONGEST_SECRET, SECRET_MESSAGE),
  v.regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, SECRET_MESSAGE),
);

const SECRETS_MESSAGE = "Pass a client secret, or a list of the old and the new one while it is being rotated.";
const clientSecret = v.union([secret, v.strictTuple([secret, secret])], SECRETS_MESSAGE);

const expires = v.optional(
  v.record(text(100), v.pipe(v.number(), v.safeInteger(), v.minValue(0)), "Pass times in milliseconds by name."),
);

const client = {
  clientId: secret,
  clientAuth: v.optional(v.picklist(["body", "basic"], "Pass body or basic.")),
  expires,
};
const scope = v.optional(secret);

/** The signature algorithms of ServiceNow's JWT verifier (ES since Zurich; HS in the Machine Identity Console). */
export const JWT_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "ES256",
  "ES384",
  "ES512",
  "HS256",
  "HS384",
  "HS512",
] as const;

const clientCredentials = options({ grant: v.literal("client_credentials"), ...client, clientSecret, scope });
const password = options({
  grant: v.literal("password"),
  ...client,
  clientSecret,
  username: text(255),
  password: text(LONGEST_SECRET),
  scope,
});
const refreshToken = options({
  grant: v.literal("refresh_token"),
  ...client,
  clientSecret: v.optional(clientSecret),
  refreshToken: secret,
});

const KEY_MESSAGE = "Pass a private key as PEM text (PKCS #8), or the shared secret of an HS algorithm.";
const jwtBearer = options({
  grant: v.literal("jwt_bearer"),
  ...client,
  clientSecret: v.optional(clientSecret),
  subject: text(255),
  key: v.pipe(v.string(KEY_MESSAGE), v.minLength(1, KEY_MESSAGE), v.maxLength(LONGEST_KEY, KEY_MESSAGE)),
  algorithm: v.picklist(JWT_ALGORITHMS, `Pass one of ${JWT_ALGORITHMS.join(", ")}.`),
  keyId: v.optional(text(255)),
  audience: v.optional(text(1000)),
  scope,
});

const apiKey = options({ apiKey: secret, expires });

const USERNAME_MESSAGE = "Pass a user name without a colon (RFC 7617).";
const basic = options({
  username: v.pipe(text(255), v.regex(/^[^:]*$/, USERNAME_MESSAGE)),
  password: text(LONGEST_SECRET),
  expires,
});

const byGrant = { client_credentials: clientCredentials, password, refresh_token: refreshToken, jwt_bearer: jwtBearer };
const GRANTS = Object.keys(byGrant).join(", ");

/** What fits none of them: its other options are not unknown, its grant is. */
const unknownGrant = v.looseObject(
  {
    grant: v.picklist(
      Object.keys(byGrant),
      `Pass one of ${GRANTS}, or leave it out with apiKey, or with username and password.`,
    ),
  },
  "Pass an object.",
);

const anyOf = v.union([clientCredentials, password, refreshToken, jwtBearer, apiKey, basic]);

/** A tenant's credentials. */
export type TenantAuth = v.InferOutput<typeof anyOf>;

/** By its grant, so that a problem names the option of that grant. The published schema has them all. */
export const authSchema: v.GenericSchema<TenantAuth> = v.lazy((given: unknown) => {
  if (given === undefined) return anyOf;
  const { grant } = (given ?? {}) as { grant?: unknown };
  if (typeof given === "object" && given !== null && grant === undefined) return "apiKey" in given ? apiKey : basic;
  const schema = typeof grant === "string" && Object.hasOwn(byGrant, grant) && byGrant[grant as keyof typeof byGrant];
  return (schema || unknownGrant) as v.GenericSchema<TenantAuth>;
});
