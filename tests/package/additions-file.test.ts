/** The file of `headers` and `params`, where it does not come: the signal and `close()` end the wait for it. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import { copyInto } from "./installed.js";

const project = copyInto("additions-file");
after(() => project.remove());
const dist = join(project.folder, "node_modules/sysparm/dist");
// The import waits as long as the module does.
writeFileSync(join(dist, "additions.js"), "await new Promise(() => {}); export const added = undefined;");
const { connect }: typeof Sysparm = await import(pathToFileURL(join(dist, "node.js")).href);

let sent = 0;
let instance: Sysparm.Instance;

beforeEach(async () => {
  sent = 0;
  const answer: typeof fetch = async () => {
    sent += 1;
    return Response.json({ result: [] });
  };
  instance = await connect({ url: "http://127.0.0.1:1", auth: { token: "t" }, fetch: answer });
});

const params = { sysparm_query_no_domain: true };
const calls: [string, (signal?: AbortSignal) => Promise<unknown>][] = [
  ["get()", (signal) => instance.table("incident").get("a", { params, signal })],
  ["list()", (signal) => instance.table("incident").list({ params, signal })],
];

for (const [name, call] of calls) {
  test(`${name} ends with its signal before the file comes`, async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const calling = call(controller.signal);
    await new Promise(setImmediate);
    controller.abort(reason);
    await assert.rejects(calling, reason);
    await assert.rejects(call(AbortSignal.abort(reason)), reason);
    assert.equal(sent, 0);
    instance.close();
  });

  test(`${name} ends with close() before the file comes`, async () => {
    const calling = call();
    await new Promise(setImmediate);
    instance.close();
    await assert.rejects(calling, { code: "instance.closed" });
    assert.equal(sent, 0);
  });
}

test("signal of many waiting calls has one listener", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const { addEventListener: add, removeEventListener: remove } = signal;
  signal.addEventListener = (...given: unknown[]) => {
    listeners.add(given[1]);
    return add.apply(signal, given as never);
  };
  signal.removeEventListener = (...given: unknown[]) => {
    listeners.delete(given[1]);
    return remove.apply(signal, given as never);
  };
  const waiting = Array.from({ length: 20 }, () => instance.table("incident").get("a", { params, signal }));
  const all = Promise.allSettled(waiting);
  await new Promise(setImmediate);
  assert.equal(listeners.size, 1);
  controller.abort(new Error("enough"));
  assert.equal((await all).filter(({ status }) => status === "rejected").length, 20);
  assert.equal(listeners.size, 0);
  instance.close();
});
