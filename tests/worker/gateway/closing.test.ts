/** The worker closes the instance of a request with the request: the reply continues to stream, and no timer is left. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { passThrough } from "../../../www/worker/src/gateway/pass-through.ts";
import { liveTimers } from "../../harness/live-timers.ts";
import { destination, timing } from "./destination.ts";

const replies: ServerResponse[] = [];
const server = createServer((_, response) => void replies.push(response));
before(() => once(server.listen(0, "127.0.0.1"), "listening"));
after(() => {
  server.closeAllConnections();
  server.close();
});

/** Shorter than the time limits of the package. */
const LONG_MS = 10_000;

/** One request through the worker, with this status and the beginning of a body as the reply. */
async function passing(status: number) {
  const { port } = server.address() as AddressInfo;
  const target = "/api/now/table/incident";
  const request = new Request(`https://worker.example${target}`);
  const passes = passThrough(request, target, destination(`http://127.0.0.1:${port}`), timing());
  while (replies.length === 0) await new Promise((wake) => setTimeout(wake, 5));
  const answer = replies.shift() as ServerResponse;
  answer.writeHead(status, { "content-type": "application/json" });
  answer.write('{"error":{"message":"first');
  if (status >= 400) answer.end(' and last"}}');
  return { reply: await passes, answer };
}

test("body streams after its instance is closed, without a timer", async () => {
  await (await passing(400)).reply.text();
  const before = liveTimers(LONG_MS);
  const { reply, answer } = await passing(200);
  assert.equal(liveTimers(LONG_MS), before);
  answer.end(' and last"}}');
  assert.equal(await reply.text(), '{"error":{"message":"first and last"}}');
});

test("refused call leaves no timer, and its body passes", async () => {
  await (await passing(400)).reply.text();
  const before = liveTimers(LONG_MS);
  const { reply } = await passing(403);
  assert.equal(liveTimers(LONG_MS), before);
  assert.equal(reply.status, 403);
  assert.match(await reply.text(), /first and last/);
});
