import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cause, classify } from "sysparm";
import type { Failure } from "../src/failure/failure";
import { blockedBy } from "../src/tester/blocked";
import { type Asked, withReachability } from "../src/tester/reachability";

const asked: Asked = { method: "GET", origin: "https://dev.test", path: "/api/now/table/incident", release: "" };

/** As in a browser: Node's diagnosis leaves the browser out. */
async function lost(...codes: string[]): Promise<Failure> {
  const diagnosis = await classify({ transport: "unreachable", request: { url: `${asked.origin}${asked.path}` } });
  const causes = codes.map(
    (code): Cause => ({ code, likelihood: 0.4, title: code, tellApart: "", fix: [], source: "" }),
  );
  return { message: "No answer.", repeat: "Later.", diagnosis: { ...diagnosis, causes } };
}

test("origin that answers shows that the reply was withheld", async () => {
  const probed: string[] = [];
  const found = await withReachability(await lost("network.down", "cors.api"), asked, undefined, async (origin) => {
    probed.push(origin);
    return true;
  });
  assert.deepEqual(probed, [asked.origin]);
  assert.equal(found.diagnosis?.code, "cors.refused");
  assert.notEqual(found.message, "No answer.");
  assert.match(found.repeat, /^Sending the same request again will not help/);
  assert.equal(blockedBy(found)?.certain, true);
});

test("origin that does not answer is unreachable", async () => {
  const found = await withReachability(await lost("cors.api", "network.down"), asked, undefined, async () => false);
  assert.equal(found.diagnosis?.code, "network.unreachable");
  assert.equal(blockedBy(found), null);
});

test("write of unknown outcome keeps its advice to look first", async () => {
  const failure = await lost("cors.api");
  if (failure.diagnosis) failure.diagnosis.retry = { when: "look-first" };
  const found = await withReachability(failure, { ...asked, method: "POST" }, undefined, async () => true);
  assert.deepEqual([found.repeat, found.diagnosis?.retry.when], ["Later.", "look-first"]);
});

test("failure with a reply or another cause is not probed", async () => {
  const probe = () => Promise.reject(new Error("probed"));
  const refused = { ...(await lost("cors.api")), status: 403 };
  assert.equal(await withReachability(refused, asked, undefined, probe), refused);
  const down = await lost("network.down");
  assert.equal(await withReachability(down, asked, undefined, probe), down);
});

test("cancelled probe leaves the failure as it is", async () => {
  const abort = new AbortController();
  const failure = await lost("cors.api");
  const found = await withReachability(failure, asked, abort.signal, async () => {
    abort.abort();
    return true;
  });
  assert.equal(found, failure);
});
