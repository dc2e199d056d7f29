/** The policy of the plain bindings' callers, from the binding POLICY. A module of its own, because it needs the schema library. */

import * as v from "valibot";
import { problemsOf } from "../options.ts";
import { type Policy, policySchema } from "../policy/schema.ts";
import { ConfigurationError, parsedJson } from "./from-bindings.ts";

/** The policy: JSON text, or an object as wrangler's `vars` may have. The error names the binding and its options, and no value. */
export function readPolicy(value: unknown): Policy | ConfigurationError {
  const given = typeof value === "string" ? parsedJson(value) : value;
  if (given === undefined)
    return new ConfigurationError(["POLICY must be a policy as JSON. Without the binding every reading is allowed."]);
  const read = v.safeParse(policySchema, given);
  if (read.success) return read.output;
  return new ConfigurationError(problemsOf(read.issues).map((problem) => `POLICY: ${problem}`));
}
