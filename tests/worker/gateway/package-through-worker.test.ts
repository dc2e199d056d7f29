import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AuthenticationError, connect, InstanceError, RequestError } from "sysparm";
import type { RunningWorker } from "../../../www/worker/serve.ts";
import { type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";
import { KEY, workerFor } from "../worker-under-test.ts";

let practice: PracticeInstance;
let worker: RunningWorker;

before(async () => {
  practice = await startPracticeInstance("--quiet", "--rows", "2500", "--hidden", "0.1");
  worker = await workerFor(practice.url);
});
after(async () => {
  await worker?.stop();
  await practice?.stop();
});

async function numbersRead(url: string, auth: Parameters<typeof connect>[0]["auth"]): Promise<string[]> {
  const instance = await connect({ url, auth });
  const numbers: string[] = [];
  let last: unknown;
  for await (const page of instance.table("incident").pages({ fields: ["number"], pageSize: 200 })) {
    numbers.push(...page.rows.map((row) => String(row.number)));
    last = { seen: page.seen, total: page.total, hidden: page.hidden, complete: page.complete };
  }
  instance.close();
  assert.deepEqual(last, { seen: numbers.length, total: 2500, hidden: 2500 - numbers.length, complete: true });
  return numbers;
}

test("package reads the same rows through the worker", async () => {
  const direct = await numbersRead(practice.url, {
    grant: "client_credentials",
    clientId: "practice-client",
    clientSecret: "practice-secret",
  });
  const through = await numbersRead(worker.url, { token: KEY });
  assert.ok(direct.length > 2000 && direct.length < 2500, `${direct.length} rows are not hidden`);
  assert.deepEqual(through, direct);
});

test("package diagnoses the worker's refusals", async () => {
  const stranger = await connect({ url: worker.url, auth: { token: "unknown-key" } });
  await assert.rejects(stranger.table("incident").list({ limit: 1 }), (error) => {
    assert.ok(error instanceof AuthenticationError);
    assert.match(error.message, /The sysparm worker, not the instance, refused this call/);
    return true;
  });
  const caller = await connect({ url: worker.url, auth: { token: KEY } });
  await assert.rejects(
    caller.table("no_such_table").list({ limit: 1 }),
    (error) => error instanceof RequestError && error.code === "table.unknown",
  );
});

test("table is read to its end while tokens are revoked", async () => {
  const instance = await connect({ url: worker.url, auth: { token: KEY } });
  let rows = 0;
  let pages = 0;
  for await (const page of instance.table("incident").pages({ fields: ["number"], pageSize: 500 })) {
    rows += page.rows.length;
    pages += 1;
    if (pages === 2) await practice.control("revoke-tokens", {});
  }
  assert.ok(pages >= 5 && rows > 2000, `${rows} rows in ${pages} pages`);
});

test("hibernating instance is diagnosed through the worker", async (t) => {
  await practice.control("switches", { hibernating: true });
  t.after(() => practice.control("switches", { hibernating: false }));
  const caller = await connect({ url: worker.url, auth: { token: KEY } });
  await assert.rejects(caller.table("incident").list({ limit: 1 }), (error) => {
    assert.ok(error instanceof InstanceError);
    assert.match(error.message, /hibernating|asleep/);
    return true;
  });
});
