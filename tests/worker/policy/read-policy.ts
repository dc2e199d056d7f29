/** Policies as an administrator writes them. */

import * as v from "valibot";
import { problemsOf } from "../../../www/worker/src/options.ts";
import { type Policy, policySchema } from "../../../www/worker/src/policy/schema.ts";

/** The problems of some data; empty for a policy. */
export function problemsOfPolicy(data: unknown): string[] {
  const read = v.safeParse(policySchema, data);
  return read.success ? [] : problemsOf(read.issues);
}

/** The policy that some data is. */
export function readPolicy(data: unknown): Policy {
  return v.parse(policySchema, data);
}
