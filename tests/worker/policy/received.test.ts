import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  received,
  resetInstance,
  startInstance,
  stopInstance,
  toInstance,
  write,
} from "../gateway/receiving-instance.ts";
import { Choices } from "./choices.ts";
import { namesBy, policyBy } from "./generated-policies.ts";
import { requestBy } from "./generated-requests.ts";
import { touchedBy } from "./lenient-server.ts";
import { excessOf } from "./permitted.ts";
import { readPolicy } from "./read-policy.ts";

/** More by SYSPARM_HOSTILE_REQUESTS. */
const REQUESTS = Number(process.env.SYSPARM_HOSTILE_REQUESTS ?? 1_600);
const EACH = 4;

before(startInstance);
after(stopInstance);

test("what an instance receives is what the policy allows", async () => {
  let arrived = 0;
  for (let seed = 0; seed < REQUESTS / EACH; seed += 1) {
    const choices = new Choices(seed);
    const policy = readPolicy(policyBy(choices));
    const to = toInstance(policy);
    for (let count = 0; count < EACH; count += 1) {
      const { method, target, headers, body } = requestBy(choices, namesBy(choices, policy));
      resetInstance();
      const asked = { method, target, headers: Object.fromEntries(headers) };
      const reply = await write(body === undefined ? asked : { ...asked, body }, to);
      await reply.arrayBuffer();
      assert.ok(received.length <= 1, `${received.length} requests for one`);
      for (const request of received) {
        arrived += 1;
        const fields = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
        const touched = touchedBy({ ...request, headers: fields, body: request.body || undefined });
        assert.deepEqual(
          touched.flatMap((one) => excessOf(policy, one)),
          [],
          JSON.stringify({ seed, policy, request }),
        );
      }
      if (received.length === 0)
        assert.ok(reply.status >= 400 && reply.status < 500, `status ${reply.status} of the gateway`);
    }
  }
  assert.ok(arrived > REQUESTS / 10, `only ${arrived} of ${REQUESTS} arrived, so little was shown`);
});
