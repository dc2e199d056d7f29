/** Shorthands for decisions about sample requests. */

import assert from "node:assert/strict";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { type Decision, decide } from "../../../www/worker/src/policy/decide.ts";
import { readPolicy } from "./read-policy.ts";

/** How a policy decides: `GET /api/...`, and what comes with it. */
export type Decider = (request: string, more?: { headers?: Record<string, string>; body?: unknown }) => Decision;

/** Decides by a policy as an administrator writes it. */
export function decider(policy: unknown): Decider {
  const compiled = compilePolicy(readPolicy(policy));
  return (request, more = {}) => {
    const [method = "", target = ""] = request.split(/ (.*)/s);
    const body = more.body === undefined ? undefined : new TextEncoder().encode(textOf(more.body));
    const type = body === undefined ? {} : { "content-type": "application/json" };
    return decide(compiled, { method, target, headers: new Headers({ ...type, ...more.headers }), body });
  };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** Asserts that a request passes as it is, or as given. */
export function passes(decision: Decision, target?: string): void {
  assert.ok(decision.allowed, decision.allowed ? "" : `${decision.code}: ${decision.why}`);
  if (target !== undefined) assert.equal(decision.target, target);
}

/** Asserts that a request is refused with a code, and that the sentence names something. */
export function refuses(decision: Decision, code: string, names?: string): void {
  assert.ok(!decision.allowed, "the request passes");
  assert.equal(decision.code, code, decision.why);
  const words = `${decision.why} ${decision.fix ?? ""}`;
  if (names !== undefined) assert.ok(words.includes(names), `${words} does not name ${names}`);
}
