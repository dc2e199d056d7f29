/** Proposals of maps and their check against an instance: loaded when one is asked for, because a map is written once. */
export { checkPlan } from "./check.js";
export { suggestMap } from "./suggest.js";
