/** The test of a policy says what the gateway does: both decide generated requests under generated policies. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import fc from "fast-check";
import { explainDecision } from "../../../www/worker/src/gateway/explain.ts";
import { passThrough } from "../../../www/worker/src/gateway/pass-through.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { envelopeOf } from "../envelope.ts";
import { Choices } from "../policy/choices.ts";
import { METHODS, namesBy, policyBy } from "../policy/generated-policies.ts";
import { requestBy } from "../policy/generated-requests.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { destination, timing } from "./destination.ts";

const HEADERS = ["if-match", "content-encoding", "x-http-method-override"];

/** Requests as the generator makes them, some with what the gateway itself refuses. */
function sampleBy(choices: Choices, policy: Policy): { request: Request; target: string; body: string | undefined } {
  const { method: asked, target, headers: given, body: text } = requestBy(choices, namesBy(choices, policy));
  const method = choices.oneIn(12) ? "PROPFIND" : asked;
  const headers = new Headers(given.map(([name, value]): [string, string] => [name, value]));
  if (choices.oneIn(12)) headers.set(choices.of(HEADERS), "identity2");
  const body = /^(?:GET|HEAD)$/i.test(method) ? undefined : text;
  if (body !== undefined)
    headers.set("content-length", choices.oneIn(12) ? "1048577" : String(Buffer.byteLength(body)));
  const init = body === undefined ? { method, headers } : { method, headers, body };
  return { request: new Request("https://worker.example/", init), target, body };
}

function policyOf(choices: Choices): Policy {
  const policy = choices.oneIn(4) ? { unrestricted: choices.some(METHODS) } : policyBy(choices);
  return policy.unrestricted?.length === 0 ? {} : readPolicy(policy);
}

test("test of a policy and gateway give the same answer", async () => {
  const sent: string[] = [];
  mock.method(globalThis, "fetch", async (input: string) => {
    sent.push(input);
    return Response.json({ result: [] });
  });
  const kinds = new Map<string, number>();
  const property = fc.asyncProperty(fc.integer(), async (seed) => {
    const choices = new Choices(seed);
    const policy = policyOf(choices);
    const { request, target, body } = sampleBy(choices, policy);
    const { method } = request;
    const headers = Object.fromEntries(request.headers);
    const to = destination("https://instance.example", policy);
    sent.splice(0);
    const reply = await passThrough(request, target, to, timing());
    const explained = explainDecision(to.policy, { method, target, headers, body });
    const what = JSON.stringify({ policy, method, target, headers, body, explained });
    const code = reply.ok ? "allowed" : (await envelopeOf(reply)).error.code;
    assert.equal(explained.allowed ? "allowed" : explained.code, code, what);
    if (explained.allowed) assert.deepEqual(sent, [`https://instance.example${explained.sent?.target}`], what);
    else assert.deepEqual([explained.status, sent], [reply.status, []], what);
    kinds.set(code ?? "", (kinds.get(code ?? "") ?? 0) + 1);
  });
  await fc.assert(property, { numRuns: 2_000, seed: 19 });
  for (const code of [
    "allowed",
    "gateway.method",
    "gateway.header",
    "gateway.address",
    "gateway.body-too-long-for-policy",
  ])
    assert.ok(kinds.has(code), `${code} did not occur: ${JSON.stringify([...kinds])}`);
});
