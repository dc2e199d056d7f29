/** The policy engine as the gateway uses it. Nothing here loads the schema library. */

export { type CompiledPolicy, compilePolicy } from "./compile.ts";
export { decide } from "./decide.ts";
export { type Bucket, takeFrom } from "./rate.ts";
export type { Refusal } from "./refusal.ts";
export { LONGEST_EXAMINED_BODY, LONGEST_TARGET, METHOD_OVERRIDES, needsBody } from "./request.ts";
