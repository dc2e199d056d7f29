/** Random requests that pass random policies, as the instance receives them. */

import { judge } from "../../../www/worker/src/gateway/path-rule.ts";
import { type CompiledPolicy, compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { decide } from "../../../www/worker/src/policy/decide.ts";
import { needsBody } from "../../../www/worker/src/policy/request.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { Choices } from "./choices.ts";
import { namesBy, policyBy } from "./generated-policies.ts";
import { requestBy } from "./generated-requests.ts";
import type { Received } from "./lenient-server.ts";
import { readPolicy } from "./read-policy.ts";

/** Requests of one policy. */
export const EACH = 4;

/** What the gateway would do: the rule about paths, then the policy. The body arrives unexamined where the policy does not need it. */
export function sent(policy: CompiledPolicy, asked: Received): Received | undefined {
  // The rule is about how paths are written, whatever the API's namespace.
  if (!judge(asked.target.replace(/^\/api\/x_acme\//, "/api/now/")).passes) return undefined;
  const needed = needsBody(policy, asked.method, asked.target);
  const body = needed && asked.body !== undefined ? new TextEncoder().encode(asked.body) : undefined;
  const headers = new Headers(asked.headers.map(([name, value]): [string, string] => [name, value]));
  const decision = decide(policy, { method: asked.method, target: asked.target, headers, body });
  return decision.allowed ? { ...asked, target: decision.target } : undefined;
}

/** Calls back with each request that passes the policy of a number. */
export function passing(
  seed: number,
  found: (received: Received, policy: Policy, compiled: CompiledPolicy) => void,
): void {
  const choices = new Choices(seed);
  const policy = readPolicy(policyBy(choices));
  const compiled = compilePolicy(policy);
  for (let count = 0; count < EACH; count += 1) {
    const received = sent(compiled, requestBy(choices, namesBy(choices, policy)));
    if (received) found(received, policy, compiled);
  }
}
