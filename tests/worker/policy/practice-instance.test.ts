import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import type { Received } from "./lenient-server.ts";
import { passing } from "./passing.ts";

let instance: PracticeInstance;

before(async () => {
  instance = await startPracticeInstance();
});
after(async () => {
  await instance?.stop();
});

const AUTHORIZATION = `Basic ${btoa("practice.admin:practice-admin-password")}`;

/** A request without its headers, as its address says it. */
interface Read {
  readonly target: string;
  readonly body: string;
}

/** Reads of the Table API, alone or in a batch, and the bodies of their replies. */
async function readsOf({ method, target, headers, body }: Received): Promise<Read[]> {
  const items: { method: string; url: string }[] = /\/batch/.test(target)
    ? JSON.parse(body ?? "").rest_requests
    : [{ method, url: target }];
  if (items.length === 0 || !items.every((item) => item.method === "GET" && item.url.includes("/table/"))) return [];
  const init = {
    method,
    headers: { ...Object.fromEntries(headers), authorization: AUTHORIZATION, accept: "application/json" },
  };
  const reply = await fetch(instance.url + target, body === undefined ? init : { ...init, body });
  const text = await reply.text();
  if (reply.status !== 200) return [];
  if (!/\/batch/.test(target)) return [{ target, body: text }];
  const { serviced_requests: serviced } = JSON.parse(text) as {
    serviced_requests: { status_code: number; body: string }[];
  };
  return items.flatMap(({ url }, index) => {
    const { status_code: status, body: encoded } = serviced[index] ?? { status_code: 0, body: "" };
    return status === 200 ? [{ target: url, body: Buffer.from(encoded, "base64").toString() }] : [];
  });
}

/** The policy of a table as it is written: whole names before beginnings, and the longest beginning. */
function tableOf(policy: Policy, name: string) {
  const keys = Object.keys(policy.tables ?? {}).filter(
    (key) => key === name || (key.endsWith("*") && name.startsWith(key.slice(0, -1))),
  );
  const [best = ""] = keys.sort(
    (one, other) => Number(other === name) - Number(one === name) || other.length - one.length,
  );
  return policy.tables?.[best] ?? assert.fail(`table ${name} was read`);
}

test("replies hold only what the policy allows", async () => {
  let rowsSeen = 0;
  const requests: [Received, Policy][] = [];
  for (let seed = 0; seed < 400; seed += 1) passing(seed, (received, policy) => requests.push([received, policy]));
  for (const [received, policy] of requests) {
    for (const { target, body } of await readsOf(received)) {
      const name = /\/table\/([^/?]+)/.exec(target)?.[1] ?? "";
      const table = tableOf(policy, name);
      const { result } = JSON.parse(body) as { result: Record<string, unknown> | Record<string, unknown>[] };
      const rows = [result].flat();
      rowsSeen += rows.length;
      const fields: readonly string[] = table.fields ?? ["*"];
      const excess = rows
        .flatMap((row) => Object.keys(row))
        .filter((key) => !fields.includes(key) && (key.includes(".") || !fields.includes("*")));
      assert.deepEqual(excess, [], JSON.stringify({ policy, received }));
      assert.ok(
        rows.length <= (table.maxRows ?? policy.maxRows ?? Number.POSITIVE_INFINITY),
        `${rows.length} rows: ${target}`,
      );
      const shown = rows
        .flatMap((row) => Object.values(row))
        .some((value) => typeof value === "object" && value !== null && "display_value" in value);
      assert.ok(!shown || table.displayValues, `display values: ${target}`);
    }
  }
  assert.ok(rowsSeen > 200, `only ${rowsSeen} rows were read, so little was shown`);
});
