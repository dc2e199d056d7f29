/** `POST /admin/policies/test`: what a request would get under a policy, and why. Sends nothing. */

import * as v from "valibot";
import { type Explanation, explainDecision } from "../gateway/explain.ts";
import { options, problemsOf, text } from "../options.ts";
import { compilePolicy } from "../policy/compile.ts";
import { policySchema } from "../policy/schema.ts";

const MOST_HEADERS = 50;
const LONGEST_BODY = 200_000;

const TARGET_MESSAGE = "Pass path and query string as a caller sends them, beginning with /api/.";
const BODY_MESSAGE = `Pass the body as text of at most ${LONGEST_BODY} characters.`;

const sampleSchema = options({
  policy: policySchema,
  method: text(20),
  target: v.pipe(v.string(TARGET_MESSAGE), v.maxLength(20_000, TARGET_MESSAGE), v.startsWith("/", TARGET_MESSAGE)),
  headers: v.optional(
    v.pipe(
      v.record(text(100), v.pipe(v.string(), v.maxLength(10_000)), "Pass an object of headers by name."),
      v.maxEntries(MOST_HEADERS, `Pass at most ${MOST_HEADERS} headers.`),
    ),
  ),
  body: v.optional(v.pipe(v.string(BODY_MESSAGE), v.maxLength(LONGEST_BODY, BODY_MESSAGE))),
});

/** Decides a sample request, or says what is wrong with it. */
export function testPolicy(given: unknown): Explanation | { readonly problems: readonly string[] } {
  const read = v.safeParse(sampleSchema, given);
  if (!read.success) return { problems: problemsOf(read.issues) };
  const { policy, ...sample } = read.output;
  try {
    new Headers(sample.headers);
  } catch {
    return { problems: ["Invalid option `headers`. Pass names and values that HTTP allows."] };
  }
  return explainDecision(compilePolicy(policy), sample);
}
