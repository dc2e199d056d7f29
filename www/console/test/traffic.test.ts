/** The pure parts of the view Traffic: the waterfall of a call, the log, the numbers of the plots. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ReceivedResponse, SysparmEvent } from "sysparm";
import type { Exchange, Recording, Sample } from "../src/activity/recording";
import { exportLines, filtered, KINDS, logOf } from "../src/traffic/log";
import { quantile, seriesOf, summaryOf, tableOf, usedPercent } from "../src/traffic/series";
import { waterfallOf } from "../src/traffic/waterfall";

const at = 1_800_000_000_000;

function exchange(part: Partial<ReceivedResponse>, isOpen = false): Exchange {
  const received: ReceivedResponse = {
    ...{ id: 1, at, method: "GET", path: "/api/now/table/incident", search: "", isForToken: false, call: 1 },
    ...{ waitedMs: 0, attempt: 1, durationMs: 10, headersMs: 8, status: 200, bytes: 5, transactionId: null },
    ...part,
  };
  return { sent: received, received: isOpen ? null : received };
}

const forToken = (id: number, began: number, durationMs: number) =>
  exchange({ id, at: began, durationMs, isForToken: true, call: null, method: "POST", path: "/oauth_token.do" });
const renewed = (from: number, until: number): SysparmEvent => ({
  type: "token.renewed",
  at: from,
  detail: "request",
  until,
});

test("first call waits for its token, then in the queue", () => {
  const token = forToken(1, at, 100);
  const call = exchange({ id: 2, at: at + 130, waitedMs: 130, durationMs: 50, headersMs: 40 });
  const found = waterfallOf([call], [token, call], [renewed(at + 100, at + 1_800_000)], at + 200);
  assert.deepEqual(
    found?.steps.map(({ kind, fromMs, ms, end }) => [kind, fromMs, ms, end]),
    [
      ["token", 0, 100, undefined],
      ["queue", 100, 30, undefined],
      ["reply", 130, 40, undefined],
      ["body", 170, 10, "200"],
    ],
  );
  assert.equal(found?.totalMs, 180);
});

test("renewal in the background is no wait of a call", () => {
  const token = forToken(1, at, 100);
  const call = exchange({ id: 2, at: at + 60, waitedMs: 50 });
  const events = [renewed(at - 1_000_000, at + 100_000), renewed(at + 100, at + 1_800_000)];
  const found = waterfallOf([call], [token, call], events, at + 200);
  assert.deepEqual(
    found?.steps.map(({ kind }) => kind),
    ["queue", "reply", "body"],
  );
});

test("call that is repeated after a 401 waits for the new token", () => {
  const refused = exchange({ id: 1, status: 401, durationMs: 20, headersMs: 20 });
  const token = forToken(2, at + 22, 60);
  const again = exchange({ id: 3, at: at + 85, waitedMs: 65, attempt: 2 });
  const events = [renewed(at - 10_000, at + 1_000_000), renewed(at + 82, at + 1_800_000)];
  const found = waterfallOf([refused, again], [refused, token, again], events, at + 200);
  assert.deepEqual(
    found?.steps.map(({ kind, attempt, ms }) => [attempt, kind, Math.round(ms)]),
    [
      [1, "reply", 20],
      [2, "token", 60],
      [2, "queue", 5],
      [2, "reply", 8],
      [2, "body", 2],
    ],
  );
});

test("steps of a waterfall never overlap and fill its time", () => {
  const waits = fc.record({ waitedMs: fc.nat(500), headersMs: fc.nat(300), bodyMs: fc.nat(300) });
  fc.assert(
    fc.property(fc.array(waits, { minLength: 1, maxLength: 4 }), fc.nat(1_000), (attempts, tokenMs) => {
      let now = at;
      const all = attempts.map(({ waitedMs, headersMs, bodyMs }, index) => {
        now += waitedMs;
        const durationMs = headersMs + bodyMs;
        const one = exchange({ id: index + 2, at: now, waitedMs, headersMs, durationMs, attempt: index + 1 });
        now += durationMs;
        return one;
      });
      const found = waterfallOf(all, [forToken(1, at - 100, tokenMs), ...all], [], now);
      assert.ok(found);
      let reached = 0;
      for (const { fromMs, ms } of found.steps) {
        assert.ok(fromMs >= reached - 0.001 && ms >= 0);
        reached = fromMs + ms;
      }
      assert.ok(Math.abs(found.totalMs - (now - at)) < 1);
    }),
  );
});

test("request without a reply stays open in the waterfall", () => {
  const call = exchange({}, true);
  const found = waterfallOf([call], [call], [], at + 70);
  assert.deepEqual(found?.steps, [{ kind: "open", attempt: 1, fromMs: 0, ms: 70 }]);
  assert.equal(found?.open, true);
  assert.equal(waterfallOf([], [], [], at), null);
});

test("log is filtered by words, kinds and problems, and exported", () => {
  const events: SysparmEvent[] = [
    renewed(at + 1, at + 1_000),
    { type: "rate.limited", at: at + 4, until: at + 9_000 },
    { type: "reply.repaired", at: at + 5, detail: "3" },
  ];
  const exchanges = [
    forToken(1, at, 5),
    exchange({ id: 2, at: at + 2, search: "?sysparm_query=active%3Dtrue%5Epriority%3C%3D2" }),
    exchange({ id: 3, at: at + 3, status: 403 }),
    exchange({ id: 4, at: at + 6, status: null, error: "AbortError" }),
  ];
  const rows = logOf({ events, exchanges });
  assert.deepEqual(
    rows.map(({ at: time }) => time - at),
    [6, 5, 4, 3, 2, 1, 0],
  );
  const kinds = new Set(KINDS);
  const found = (text: string, problemsOnly = false, only = kinds) =>
    filtered(rows, { text, kinds: only, problemsOnly }).map(({ end }) => end);
  assert.deepEqual(found("active=true^priority<=2"), ["200"]);
  assert.deepEqual(found("", true), ["AbortError", "reply.repaired", "rate.limited", "403"]);
  assert.deepEqual(found("", false, new Set(["token"])), ["token.renewed", "200"]);
  const lines = exportLines(rows)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { at: number });
  assert.deepEqual(
    lines.map(({ at: time }) => time - at),
    [0, 1, 2, 3, 4, 5, 6],
  );
});

const sample = (time: number, used: number): Sample => ({
  at: time,
  concurrency: { limit: 4, out: 2, waiting: 1 },
  breaker: "closed",
  rate: [
    { limit: 100, used, resetsAt: at + 3_600_000 },
    { limit: 10, used: 9, resetsAt: at - 1 },
  ],
});

test("plots count what lies in their span, and the tightest live rule", () => {
  const exchanges = [
    exchange({ at: at - 1 }),
    exchange({ id: 2, durationMs: 30 }),
    exchange({ id: 3, attempt: 2, status: 500 }),
  ];
  const recording: Recording = { events: [], exchanges, samples: [sample(at, 25)], dropped: 0 };
  const span = { from: at, until: at + 60_000 };
  const series = seriesOf(recording, span);
  assert.deepEqual(series.latency[1], [30, 10]);
  assert.deepEqual(series.rate[1], [25]);
  assert.equal(series.repeats[1]?.[0], 1);
  assert.equal(series.repeats[2]?.[0], 1);
  const summary = summaryOf(recording, span);
  assert.equal(summary.latency, "median 10 ms, 95 % within 30 ms");
  assert.match(summary.concurrency, /^2 out of 4, 1 waiting; most 2$/);
  assert.match(summary.rate, /^25 of 100, until /);
  assert.equal(tableOf(recording, span)[0]?.requests, 2);
  assert.equal(usedPercent({ at, rate: [] }), null);
});

test("quantile is one of the numbers, and no smaller than its share", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const sorted = values.sort((one, other) => one - other);
        const found = quantile(sorted, share);
        assert.ok(sorted.includes(found));
        assert.ok(sorted.filter((value) => value <= found).length >= share * sorted.length - 1e-9);
      },
    ),
  );
});
