/** A caller as an operator writes it. Only the registry and the administration load this file. */

import * as v from "valibot";
import { isLoopback } from "../instance-url.ts";
import { list, options, text } from "../options.ts";
import { TIME_FORM, timeOf, ZONED_TIME } from "./expiry.ts";
import type { CallerRecord } from "./record.ts";
import { LONGEST_TOLERANCE_SECONDS, MOST_KEY_SETS, SIGNATURE_ALGORITHMS } from "./token-rules.ts";

const MOST_CALLERS = 200;

const SHA256_MESSAGE = "Pass the SHA-256 of the key as 64 hex digits, never the key itself.";
const TIME_MESSAGE = `Pass ${TIME_FORM}.`;

const key = options({
  sha256: v.pipe(v.string(SHA256_MESSAGE), v.regex(/^[0-9a-f]{64}$/i, SHA256_MESSAGE), v.toLowerCase()),
  expiresAt: v.optional(
    v.pipe(
      v.string(TIME_MESSAGE),
      v.regex(ZONED_TIME, TIME_MESSAGE),
      v.check((time) => timeOf(time) !== undefined, TIME_MESSAGE),
    ),
  ),
});

const JWKS_MESSAGE = "Pass the https:// address of the issuer's key set (http:// is accepted for loopback only).";
const ALGORITHM_MESSAGE = `Pass one or more of ${SIGNATURE_ALGORITHMS.join(", ")}. HS algorithms and none would let everyone who can verify a token write one.`;
const CLAIM_MESSAGE = 'Pass a claim\'s exact value, or { "contains": "a member of its list" }.';
const MOST_AUDIENCES = 20;
const MOST_CLAIMS = 20;
const TOLERANCE_MESSAGE = `Pass whole seconds from 0 to ${LONGEST_TOLERANCE_SECONDS}.`;
const AGE_MESSAGE = "Pass whole seconds from 1 to 604800 (a week).";

const jwt = options({
  issuer: text(1000),
  audience: v.union(
    [text(1000), v.pipe(list(text(1000), MOST_AUDIENCES), v.minLength(1))],
    `Pass text, or a list of 1 to ${MOST_AUDIENCES} texts.`,
  ),
  jwksUrl: v.pipe(text(2000), v.check(isKeySetUrl, JWKS_MESSAGE)),
  algorithms: v.pipe(
    v.array(v.picklist(SIGNATURE_ALGORITHMS, ALGORITHM_MESSAGE), ALGORITHM_MESSAGE),
    v.minLength(1, ALGORITHM_MESSAGE),
    v.maxLength(SIGNATURE_ALGORITHMS.length, ALGORITHM_MESSAGE),
  ),
  claims: v.optional(
    v.pipe(
      v.record(
        text(255),
        v.union([text(1000), v.number(), v.boolean(), options({ contains: text(255) })], CLAIM_MESSAGE),
        "Pass an object of claims by name.",
      ),
      v.maxEntries(MOST_CLAIMS, `Pass at most ${MOST_CLAIMS} claims.`),
    ),
  ),
  clockToleranceSeconds: v.optional(
    v.pipe(
      v.number(TOLERANCE_MESSAGE),
      v.integer(TOLERANCE_MESSAGE),
      v.minValue(0, TOLERANCE_MESSAGE),
      v.maxValue(LONGEST_TOLERANCE_SECONDS, TOLERANCE_MESSAGE),
    ),
  ),
  longestAgeSeconds: v.optional(
    v.pipe(v.number(AGE_MESSAGE), v.integer(AGE_MESSAGE), v.minValue(1, AGE_MESSAGE), v.maxValue(604_800, AGE_MESSAGE)),
  ),
});

const withKey = options({ name: text(100), policy: text(100), key });
const withTokens = options({ name: text(100), policy: text(100), jwt });

const anyOf = v.union([withKey, withTokens]);

/** By what the caller presents, so that a problem names the option of that kind. The published schema has both. */
const callerSchema: v.GenericSchema<CallerRecord> = v.lazy((given: unknown): v.GenericSchema<CallerRecord> => {
  if (given === undefined) return anyOf;
  return typeof given === "object" && given !== null && "jwt" in given ? withTokens : withKey;
});

const TWICE_MESSAGE = "Pass a caller whose key no other caller has.";
const SETS_MESSAGE = `Pass callers with at most ${MOST_KEY_SETS} different values of jwksUrl.`;

/** The callers of a tenant. */
export const callersSchema = v.pipe(
  list(callerSchema, MOST_CALLERS),
  v.checkItems((caller, index, all) => all.findIndex((other) => haveSameKey(caller, other)) >= index, TWICE_MESSAGE),
  v.check((all) => new Set(all.flatMap(keySetUrls)).size <= MOST_KEY_SETS, SETS_MESSAGE),
);

function haveSameKey(one: CallerRecord, other: CallerRecord): boolean {
  return one === other || ("key" in one && "key" in other && one.key.sha256 === other.key.sha256);
}

function keySetUrls(caller: CallerRecord): string[] {
  return "jwt" in caller ? [caller.jwt.jwksUrl] : [];
}

function isKeySetUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== "" || password !== "" || hash !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
