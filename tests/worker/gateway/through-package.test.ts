/** What follows a refused credential, by the kind of the request. No server: `fetch` is replaced. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { CredentialSource, PresentedCredential } from "../../../www/worker/src/gateway/credentials.ts";
import { attempt, type OutgoingRequest } from "../../../www/worker/src/gateway/first-attempt.ts";
import { throughPackage } from "../../../www/worker/src/gateway/through-package.ts";
import { envelopeOf } from "../envelope.ts";

const ORIGIN = "https://dev12345.service-now.com";

interface Case {
  readonly method?: string;
  readonly isRepeatable?: boolean;
  readonly mayHaveHappened?: boolean;
  /** Of the replies in turn. */
  readonly statuses: readonly number[];
  readonly credentials?: readonly PresentedCredential[];
}

const bearer = (value: string): PresentedCredential => ({ name: "authorization", value: `Bearer ${value}` });

/** One request whose first attempt has been made with the first credential. */
async function sent(t: TestContext, { method = "GET", credentials, statuses, ...rest }: Case) {
  const [first = bearer("old"), second = bearer("new")] = credentials ?? [];
  const seen: (string | null)[] = [];
  const remaining = [...statuses];
  t.mock.method(globalThis, "fetch", async (_: string, options: RequestInit) => {
    const headers = new Headers(options.headers);
    seen.push(headers.get("authorization") ?? headers.get("x-sn-apikey"));
    return Response.json({ result: [] }, { status: remaining.shift() ?? 500 });
  });
  const refused: PresentedCredential[] = [];
  const source: CredentialSource = {
    held: () => first,
    async obtain(given) {
      if (given) refused.push(given);
      return second;
    },
  };
  const request: OutgoingRequest = { url: `${ORIGIN}/api/now/table/incident`, method, headers: {}, body: null };
  const repeatable = { request, isRepeatable: true, mayHaveHappened: false, ...rest };
  const reply = await throughPackage(ORIGIN, repeatable, source, attempt(request, first));
  return { reply, seen, refused, headers: request.headers };
}

test("refused credential is replaced and the call repeated", async (t) => {
  const { reply, seen, refused } = await sent(t, { statuses: [401, 200] });
  assert.equal(reply.status, 200);
  assert.deepEqual(seen, ["Bearer old", "Bearer new"]);
  assert.deepEqual(refused, [bearer("old")]);
});

test("credential of another header leaves no former one behind", async (t) => {
  const credentials = [bearer("old"), { name: "x-sn-apikey", value: "key" } as const];
  const { reply, headers, seen } = await sent(t, { statuses: [401, 200], credentials });
  assert.equal(reply.status, 200);
  assert.deepEqual(seen, ["Bearer old", "key"]);
  assert.equal(headers.authorization, undefined);
});

test("credential that did not change is not sent again", async (t) => {
  const { reply, seen } = await sent(t, { statuses: [401], credentials: [bearer("same"), bearer("same")] });
  assert.deepEqual(seen, ["Bearer same"]);
  assert.equal(reply.status, 502);
  assert.match((await envelopeOf(reply)).error.code ?? "", /^token\./);
});

test("body that streamed asks the caller to send again", async (t) => {
  const { reply, seen } = await sent(t, { method: "POST", isRepeatable: false, statuses: [401, 201] });
  assert.deepEqual(seen, ["Bearer old"]);
  assert.deepEqual([reply.status, (await envelopeOf(reply)).error.code], [503, "gateway.send-again"]);
});

test("write to a scripted API has an unknown outcome after 401", async (t) => {
  const scripted = { method: "POST", isRepeatable: false, mayHaveHappened: true, statuses: [401] };
  const { reply, seen } = await sent(t, scripted);
  assert.deepEqual(seen, ["Bearer old"]);
  assert.deepEqual([reply.status, (await envelopeOf(reply)).error.code], [502, "gateway.outcome-unknown"]);
});

test("scripted write that fails otherwise keeps its own failure", async (t) => {
  const { reply } = await sent(t, { method: "POST", isRepeatable: false, mayHaveHappened: true, statuses: [404] });
  assert.equal(reply.status, 404);
  assert.deepEqual(await reply.json(), { result: [] });
});

test("refusal of a limit passes unchanged and is sent once", async (t) => {
  const { reply, seen } = await sent(t, { statuses: [429, 200] });
  assert.deepEqual([reply.status, seen.length], [429, 1]);
});
