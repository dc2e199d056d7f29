/** The broker's decisions, one by one, and for random orders of events. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decideRenewal,
  firstState,
  LONGEST_ASKED_PAUSE_MS,
  LONGEST_PAUSE_MS,
  LONGEST_REFUSAL_PAUSE_MS,
  type RenewalEffect,
  type RenewalEvent,
  type RenewalState,
  restored,
} from "../../../www/glue/src/durable-object/renewal.ts";
import { askAgainAt, reportFrom, usableUntil } from "../../../www/glue/src/durable-object/renewal-times.ts";

const NOW = 1_800_000_000_000;
const ASKED: RenewalEvent = { type: "asked", credentialVersion: 1 };
const refused = (isNewest: boolean): RenewalEvent => ({ type: "refused", credentialVersion: 1, isNewest });
const renewed = (obtainedAt: number, lifetimeMs: number | null, isSame = false): RenewalEvent => ({
  type: "renewed",
  credentialVersion: 1,
  times: { obtainedAt, expiresAt: lifetimeMs === null ? null : obtainedAt + lifetimeMs, isSame },
});
const failed = (needsPerson: boolean, retryAfterMs?: number): RenewalEvent => ({
  type: "failed",
  credentialVersion: 1,
  needsPerson,
  retryAfterMs,
});

/** What the last of these events leads to. */
function after(...events: [event: RenewalEvent, at: number][]): {
  state: RenewalState;
  effects: readonly RenewalEffect[];
} {
  let decision = { state: firstState(1), effects: [] as readonly RenewalEffect[] };
  for (const [event, at] of events) decision = decideRenewal(decision.state, event, at, 0.5);
  return decision;
}

const types = ({ effects }: { effects: readonly RenewalEffect[] }) => effects.map(({ type }) => type);
const HALF_HOUR = 1_800_000;
const HELD = [
  [ASKED, NOW],
  [renewed(NOW, HALF_HOUR), NOW + 100],
] as [RenewalEvent, number][];

test("first question obtains one token, and further ones wait for it", () => {
  assert.deepEqual(types(after([ASKED, NOW])), ["obtain", "wait"]);
  assert.deepEqual(types(after([ASKED, NOW], [ASKED, NOW + 1])), ["wait"]);
});

test("token is stored before it is answered", () => {
  assert.deepEqual(types(after(...HELD)), ["store", "delete-alarm", "answer"]);
});

test("token in use is renewed by an alarm 180 to 60 s before its end", () => {
  const end = NOW + HALF_HOUR;
  for (const random of [0, 0.25, 0.999]) {
    const { state } = after(...HELD);
    const { effects } = decideRenewal(state, { type: "used" }, end - 299_000, random);
    const [effect] = effects;
    assert.ok(effect?.type === "set-alarm");
    assert.ok(effect.at >= end - 180_000 && effect.at <= end - 60_000, `${end - effect.at} ms before the end`);
    assert.deepEqual(
      types(decideRenewal({ ...state, alarmAt: effect.at }, { type: "alarm", retryCount: 0 }, effect.at, 0)),
      ["obtain"],
    );
  }
});

test("use in the first part of a token's life sets no alarm", () => {
  const { state } = after(...HELD);
  assert.deepEqual(decideRenewal(state, { type: "used" }, NOW + HALF_HOUR - 311_000, 0.5), { state, effects: [] });
});

test("use that is reported late sets the alarm at once", () => {
  const end = NOW + HALF_HOUR;
  const [effect] = decideRenewal(after(...HELD).state, { type: "used" }, end - 50_000, 0.5).effects;
  assert.deepEqual(effect, { type: "set-alarm", at: end - 50_000 });
});

test("times of a short token are proportionate", () => {
  const times = { obtainedAt: NOW, expiresAt: NOW + 36_000, isSame: false };
  const before = [reportFrom(times), askAgainAt(times), usableUntil(times)].map((at) => NOW + 36_000 - at);
  assert.deepEqual(before, [30_000, 6_000, 3_000]);
  const [effect] = decideRenewal({ ...firstState(1), token: times }, { type: "used" }, NOW + 7_000, 0).effects;
  assert.deepEqual(effect, { type: "set-alarm", at: NOW + 18_000 });
});

test("alarm without a token in its last minutes does nothing", () => {
  const alarm: RenewalEvent = { type: "alarm", retryCount: 0 };
  assert.deepEqual(types(after([alarm, NOW])), []);
  assert.deepEqual(types(after(...HELD, [alarm, NOW + 60_000])), []);
  assert.deepEqual(types(after(...HELD, [alarm, NOW + HALF_HOUR + 1])), []);
});

test("alarm that has failed often is set anew", () => {
  const at = NOW + HALF_HOUR - 100_000;
  assert.deepEqual(types(after(...HELD, [{ type: "alarm", retryCount: 4 }, at])), ["obtain"]);
  assert.deepEqual(types(after(...HELD, [{ type: "alarm", retryCount: 5 }, at])), ["set-alarm"]);
});

test("token that the instance hands out again is used to its end", () => {
  const end = NOW + 20_000;
  const same = after([ASKED, NOW], [renewed(NOW, 20_000, true), NOW + 1]).state;
  assert.deepEqual(types(decideRenewal(same, { type: "used" }, NOW + 2, 0)), []);
  assert.deepEqual(decideRenewal(same, ASKED, end - 1, 0).effects, [{ type: "answer", with: "token" }]);
  assert.deepEqual(types(decideRenewal(same, ASKED, end, 0)), ["obtain", "wait"]);
});

test("token that has expired when it arrives is used for a second", () => {
  const { state } = after([ASKED, NOW], [renewed(NOW, 0), NOW + 1]);
  assert.deepEqual(types(decideRenewal(state, ASKED, NOW + 999, 0)), ["answer"]);
  assert.deepEqual(types(decideRenewal(state, ASKED, NOW + 1_000, 0)), ["obtain", "wait"]);
});

test("token without an end is used until it is refused", () => {
  const { state } = after([ASKED, NOW], [renewed(NOW, null), NOW + 1]);
  assert.deepEqual(types(decideRenewal(state, ASKED, NOW + 1e12, 0)), ["answer"]);
  assert.deepEqual(types(decideRenewal(state, refused(true), NOW + 1e12, 0)), ["obtain", "wait"]);
});

test("pauses after failures grow up to five minutes", () => {
  let state = firstState(1);
  let now = NOW;
  const pauses: number[] = [];
  for (let count = 0; count < 14; count += 1) {
    state = decideRenewal(state, ASKED, now, 0).state;
    state = decideRenewal(state, failed(false), now, 0).state;
    pauses.push(state.pausedUntil - now);
    const { effects } = decideRenewal(state, ASKED, now + 1, 0);
    assert.deepEqual(effects[0], { type: "answer", with: "failure", until: state.pausedUntil });
    now = state.pausedUntil;
  }
  assert.deepEqual(pauses.slice(0, 5), [1_000, 2_000, 4_000, 8_000, 16_000]);
  assert.deepEqual(pauses.slice(-2), [LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
});

test("request without a reply is sent once more before callers know", () => {
  const unanswered: RenewalEvent = { type: "failed", credentialVersion: 1, needsPerson: false, isUnanswered: true };
  assert.deepEqual(types(after([ASKED, NOW], [unanswered, NOW + 1])), ["obtain"]);
  const again = after([ASKED, NOW], [unanswered, NOW + 1], [unanswered, NOW + 2]);
  assert.deepEqual(types(again), ["store", "answer"]);
  assert.equal(again.state.failures, 2);
});

test("Retry-After of the token endpoint counts up to 15 minutes", () => {
  for (const [asked, pause] of [
    [0, 875],
    [60_000, 60_000],
    [86_400_000, LONGEST_ASKED_PAUSE_MS],
  ] as const) {
    const { state } = after([ASKED, NOW], [failed(false, asked), NOW]);
    assert.equal(state.pausedUntil - NOW, pause);
  }
});

test("failed renewal keeps the token in use, and is tried again", () => {
  const at = NOW + HALF_HOUR - 170_000;
  const begun = after(...HELD, [{ type: "used" }, at], [{ type: "alarm", retryCount: 0 }, at + 1]).state;
  const { state, effects } = decideRenewal(begun, failed(false), at + 2, 0);
  assert.deepEqual(effects, [
    { type: "store" },
    { type: "answer", with: "token" },
    { type: "set-alarm", at: at + 2 + 1_000 },
  ]);
  assert.deepEqual(types(decideRenewal(state, { type: "alarm", retryCount: 0 }, at + 1_002, 0)), ["obtain"]);
});

test("refused credential is sent when it changes, is resumed, or after 6 h", () => {
  const { state } = after(
    [ASKED, NOW],
    [failed(true), NOW],
    [{ type: "reread", credentialVersion: 1, isNewer: false }, NOW],
  );
  assert.equal(state.needsAttention, true);
  const SIX_HOURS = 21_600_000;
  assert.deepEqual(decideRenewal(state, ASKED, NOW + SIX_HOURS - 1, 0).effects, [{ type: "answer", with: "failure" }]);
  const attempt = decideRenewal(state, ASKED, NOW + SIX_HOURS, 0);
  assert.deepEqual(types(attempt), ["obtain", "wait"]);
  const again = decideRenewal(attempt.state, failed(true), NOW + SIX_HOURS, 0).state;
  const reread: RenewalEvent = { type: "reread", credentialVersion: 1, isNewer: false };
  const flagged = decideRenewal(again, reread, NOW + SIX_HOURS, 0).state;
  assert.deepEqual(types(decideRenewal(flagged, ASKED, NOW + 2 * SIX_HOURS - 1, 0)), ["answer"]);
  const repaired = decideRenewal(attempt.state, renewed(NOW + SIX_HOURS, HALF_HOUR), NOW + SIX_HOURS, 0);
  assert.deepEqual([repaired.state.needsAttention, types(repaired).at(-1)], [false, "notify"]);
  const changed = decideRenewal(state, { type: "asked", credentialVersion: 2 }, NOW + 1, 0);
  assert.deepEqual(types(changed), ["forget", "store", "delete-alarm", "notify", "obtain", "wait"]);
  const resumed = decideRenewal(state, { type: "resumed" }, NOW + 1, 0).state;
  assert.deepEqual(types(decideRenewal(resumed, ASKED, NOW + 2, 0)), ["obtain", "wait"]);
});

test("caller without rights causes few renewals", () => {
  let state = after(...HELD).state;
  let requests = 0;
  for (let second = 1; second < 3_600; second += 1) {
    const now = NOW + second * 1_000;
    const decision = decideRenewal(state, refused(true), now, 0);
    state = decision.state;
    if (!types(decision).includes("obtain")) {
      assert.deepEqual(types(decision), ["answer"]);
      continue;
    }
    requests += 1;
    state = decideRenewal(state, renewed(now, HALF_HOUR), now, 0).state;
  }
  assert.ok(requests <= 9, `${requests} renewals in an hour`);
  assert.ok(LONGEST_REFUSAL_PAUSE_MS <= 900_000);
});

test("paused tenant gets no token and sends nothing", () => {
  const paused = after(...HELD, [{ type: "paused" }, NOW + 200]);
  assert.deepEqual(types(paused), ["delete-alarm", "store", "notify"]);
  for (const event of [ASKED, refused(true)]) {
    assert.deepEqual(decideRenewal(paused.state, event, NOW + 300, 0).effects, [{ type: "answer", with: "paused" }]);
  }
  assert.deepEqual(types(decideRenewal(paused.state, { type: "used" }, NOW + HALF_HOUR - 100_000, 0)), []);
  const resumed = decideRenewal(paused.state, { type: "resumed" }, NOW + 400, 0).state;
  assert.deepEqual(types(decideRenewal(resumed, ASKED, NOW + 500, 0)), ["answer"]);
});

test("clock that is set back lengthens neither a token nor a pause", () => {
  const back = NOW - 86_400_000;
  const { state } = decideRenewal(after(...HELD).state, ASKED, back, 0);
  assert.ok((state.token?.expiresAt ?? 0) <= back + HALF_HOUR);
  const paused = decideRenewal(after([ASKED, NOW], [failed(false, 1e9), NOW]).state, ASKED, back, 0).state;
  assert.ok(paused.pausedUntil <= back + LONGEST_ASKED_PAUSE_MS);
});

const version = fc.integer({ min: 1, max: 3 });
const anyEvent = fc.oneof(
  fc.record({ type: fc.constant("asked" as const), credentialVersion: version }),
  fc.record({ type: fc.constant("refused" as const), credentialVersion: version, isNewest: fc.boolean() }),
  fc.constant({ type: "used" as const }),
  fc.record({ type: fc.constant("alarm" as const), retryCount: fc.nat(7) }),
  fc.constantFrom({ type: "paused" as const }, { type: "resumed" as const }, { type: "reset" as const }),
  fc.record({
    type: fc.constant("ends" as const),
    how: fc.constantFrom("granted", "fails", "refuses"),
    life: fc.nat(4_000_000),
  }),
);

test("any order of events keeps one request and answers all that wait", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyEvent, fc.nat(600_000)), { maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (events, random) => {
        let state = firstState(1);
        let now = NOW;
        let requestVersion: number | undefined;
        let waiting = 0;
        const take = (event: RenewalEvent): void => {
          const before = state;
          const decision = decideRenewal(state, event, now, random);
          state = decision.state;
          assert.deepEqual(JSON.parse(JSON.stringify(state)), state, "the state is JSON");
          let isStored = false;
          for (const effect of decision.effects) {
            if (effect.type === "obtain") {
              assert.equal(requestVersion, undefined, "two requests at once");
              assert.ok(
                !before.isPaused || event.type === "renewed" || event.type === "failed" || event.type === "reread",
              );
              const isNewer = state.credentialVersion > before.credentialVersion;
              assert.ok(!before.needsAttention || isNewer || now >= before.attemptAt);
              requestVersion = state.credentialVersion;
            }
            if (effect.type === "store") isStored = true;
            if (effect.type === "wait") waiting += 1;
            if (effect.type === "set-alarm") assert.ok(effect.at >= now && effect.at <= now + 4_000_000);
            if (
              effect.type === "answer" &&
              (event.type === "renewed" || event.type === "failed" || event.type === "reread")
            ) {
              assert.ok(isStored, "answered before it was stored");
              waiting = 0;
            }
            if (effect.type === "reread") {
              const credentialVersion = requestVersion ?? state.credentialVersion;
              requestVersion = undefined;
              take({ type: "reread", credentialVersion, isNewer: random < 0.3 });
            }
          }
          if (state.step === "idle") assert.equal(waiting, 0, "somebody waits for nothing");
        };
        for (const [event, pause] of events) {
          now += pause;
          if (event.type === "reset") {
            state = restored(state);
            requestVersion = undefined;
            waiting = 0;
          } else if (event.type !== "ends") take(event);
          else if (requestVersion !== undefined) {
            const credentialVersion = requestVersion;
            if (event.how !== "refuses") requestVersion = undefined;
            if (event.how === "granted") {
              const times = { obtainedAt: now, expiresAt: now + event.life, isSame: false };
              take({ type: "renewed", credentialVersion, times });
            } else {
              const isRereadNext =
                event.how === "refuses" && !state.isSecondTry && credentialVersion >= state.credentialVersion;
              if (!isRereadNext) requestVersion = undefined;
              take({ type: "failed", credentialVersion, needsPerson: event.how === "refuses" });
            }
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});
