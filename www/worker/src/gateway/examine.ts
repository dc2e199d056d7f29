/**
 * What the gateway refuses without asking the instance. The test of policies decides by the same functions, so that both give the same answer.
 */

import type { CompiledPolicy } from "../policy/policy.ts";
import { changingHeader } from "./passing-headers.ts";
import { judge } from "./path-rule.ts";
import { addressRefusal, headerRefusal, methodRefusal, type OwnRefusal, WRITES } from "./refusals.ts";

/** A request as it came. */
export interface Asked {
  readonly method: string;
  /** Path and query string for the instance. */
  readonly target: string;
  readonly headers: Headers;
}

/** Whether a request changes nothing. */
export function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** What is refused before the body is read. `scripted`: whether scripted APIs pass, if the policy names them. */
export function objectionTo(asked: Asked, policy: CompiledPolicy, scripted: boolean): OwnRefusal | undefined {
  const { method, target, headers } = asked;
  const isRead = isReading(method);
  if (!isRead && !mayPass(policy, method)) return methodRefusal(policy.unrestricted ?? WRITES);
  const passage = judge(target, scripted);
  if (!passage.passes) return addressRefusal(passage.status, passage.why);
  const changing = isRead ? undefined : changingHeader(headers);
  return changing === undefined ? undefined : headerRefusal(changing);
}

/** Whether some request may have the method. */
function mayPass(policy: CompiledPolicy, method: string): boolean {
  return policy.unrestricted ? policy.unrestricted.has(method) : WRITES.has(method);
}
