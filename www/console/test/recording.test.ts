/** What is recorded of a connection is bounded, and holds no secret of the vault. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReceivedResponse, SentRequest, Status } from "sysparm";
import { createRecordings, MOST_EVENTS, MOST_EXCHANGES } from "../src/activity/recording";
import { createVault } from "../src/vault/vault";

const request = (id: number, part: Partial<SentRequest> = {}): SentRequest => ({
  ...{ id, at: id, method: "GET", path: "/api/now/table/incident", search: "", isForToken: false },
  ...{ call: id, waitedMs: 0, attempt: 1 },
  ...part,
});
const reply = (sent: SentRequest): ReceivedResponse => ({
  ...sent,
  ...{ durationMs: 5, headersMs: 4, status: 200, bytes: 10, transactionId: null },
});

test("recording keeps the newest and says how many it dropped", () => {
  const recordings = createRecordings((text) => text);
  const { onRequest, onResponse, onEvent } = recordings.hooksFor("dev", () => undefined);
  const sent = 2 * MOST_EXCHANGES;
  for (let id = 1; id <= sent; id += 1) {
    onRequest(request(id));
    onResponse(reply(request(id)));
    onEvent({ type: "breaker.closed", at: id });
  }
  const { exchanges, events, dropped } = recordings.of("dev");
  assert.ok(exchanges.length <= MOST_EXCHANGES && events.length <= MOST_EVENTS);
  assert.equal(exchanges.length + events.length + dropped, 2 * sent);
  assert.equal(exchanges.at(-1)?.sent.id, sent);
  assert.ok(exchanges.every(({ received }) => received !== null));
  recordings.clear("dev");
  assert.deepEqual(recordings.of("dev").exchanges, []);
});

test("secret of the vault is in no recorded address", async () => {
  const vault = createVault(null);
  await vault.put("pl&nted s/cret");
  const recordings = createRecordings(vault.conceal);
  const { onRequest } = recordings.hooksFor("dev", () => undefined);
  const search = `?${new URLSearchParams({ q: "a pl&nted s/cret b" })}`;
  const { pathname } = new URL("https://x.test/api/pl&nted s/cret/b");
  onRequest(request(1, { search, path: pathname }));
  onRequest(request(2, { path: `/api/${encodeURIComponent("pl&nted s/cret")}` }));
  assert.doesNotMatch(JSON.stringify(recordings.of("dev")), /pl&nted|pl%26nted|cret/);
});

test("samples of one moment become one with the most requests out", () => {
  const recordings = createRecordings((text) => text);
  const status = (out: number) => ({
    concurrency: { limit: 4, out, waiting: 0 },
    breaker: { state: "closed" },
    rate: [],
  });
  for (const [now, out] of [
    [1_000, 1],
    [1_050, 3],
    [1_100, 0],
    [2_000, 1],
  ] as const)
    recordings.sample("dev", status(out) as unknown as Status, now);
  assert.deepEqual(
    recordings.of("dev").samples.map(({ at, concurrency }) => [at, concurrency.out]),
    [
      [1_000, 3],
      [2_000, 1],
    ],
  );
});
