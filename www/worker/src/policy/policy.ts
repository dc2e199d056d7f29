/** The policy engine as the gateway uses it. Nothing here loads the schema library. */

export { type CompiledPolicy, compilePolicy } from "./compile.ts";
export { type Allowed, type Decision, decide } from "./decide.ts";
export { type Bucket, type RateOutcome, takeFrom } from "./rate.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { type AskedRequest, LONGEST_EXAMINED_BODY, needsBody } from "./request.ts";
