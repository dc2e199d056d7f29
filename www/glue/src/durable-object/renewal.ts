/**
 * When the token of one credential is obtained, handed out and left alone: a pure function of state, event, time and randomness. No
 * secret is in it: what calls it holds the token.
 *
 * ```text
 *   idle --obtain--> obtaining --renewed, failed--> idle        one request at a time
 *                     |     ^
 *   needs a person    v     | the store has changed
 *                    rereading --it has not--> idle, needs attention
 * ```
 */
import {
  alarmTime,
  askAgainAt,
  isBeforeAlarms,
  isReportDue,
  shifted,
  type TokenTimes,
  usableUntil,
} from "./renewal-times.js";

/** What is known of a credential and its token. Plain JSON. */
export interface RenewalState {
  readonly step: "idle" | "obtaining" | "rereading";
  /** Of the credential that the token was obtained with. A higher one is newer. */
  readonly credentialVersion: number;
  /** Of the newest token. */
  readonly token: TokenTimes | null;
  /** Whether the request under way replaces a refused token, which is not handed out meanwhile. */
  readonly isRefused: boolean;
  /** Whether the request under way is the one after a second look into the store. */
  readonly isSecondTry: boolean;
  /** Requests that failed in a row. */
  readonly failures: number;
  /** No token is requested before. */
  readonly pausedUntil: number;
  /** Renewals after a refusal, in a row, and when the last one was. */
  readonly refusals: number;
  readonly refusedAt: number;
  /** Whether the credential was refused. It is not sent again until it changes, an operator resumes, or `attemptAt`. */
  readonly needsAttention: boolean;
  /** From then on one question sends a refused credential once more: the instance may have been repaired, and nobody has resumed. */
  readonly attemptAt: number;
  /** Whether an operator has paused the tenant. */
  readonly isPaused: boolean;
  /** Whether a use of the newest token was reported. */
  readonly isInUse: boolean;
  /** When the alarm is due. Null when there is none, or nobody knows of one. */
  readonly alarmAt: number | null;
}

/** What has happened. */
export type RenewalEvent =
  | { readonly type: "asked"; readonly credentialVersion: number }
  /** `isNewest`: whether the refused token is the one held. */
  | { readonly type: "refused"; readonly credentialVersion: number; readonly isNewest: boolean }
  | { readonly type: "used" }
  /** @see https://developers.cloudflare.com/durable-objects/api/alarms/ */
  | { readonly type: "alarm"; readonly retryCount: number }
  /** `credentialVersion`: of what was sent. */
  | { readonly type: "renewed"; readonly credentialVersion: number; readonly times: TokenTimes }
  | Failed
  /** `isNewer`: whether the store holds another token than the one that was sent. */
  | { readonly type: "reread"; readonly credentialVersion: number; readonly isNewer: boolean }
  | { readonly type: "paused" }
  | { readonly type: "resumed" };

interface Failed {
  readonly type: "failed";
  readonly credentialVersion: number;
  /** Whether the instance has refused the credential. */
  readonly needsPerson: boolean;
  /** Whether no reply came and the connection may have been closed meanwhile. */
  readonly isUnanswered?: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** What is to be done, in this order. */
export type RenewalEffect =
  /** Requests a token, and reports `renewed` or `failed`. */
  | { readonly type: "obtain" }
  /** Reads the stored tokens again, and reports `reread`. */
  | { readonly type: "reread" }
  /** Removes token and stored tokens. */
  | { readonly type: "forget" }
  /** Stores state and token. Nothing is answered before that has happened. */
  | { readonly type: "store" }
  /** The caller is answered when the request under way has ended. */
  | { readonly type: "wait" }
  /** Answers the caller, or after a request all that wait. `until`: when another attempt may be made. */
  | { readonly type: "answer"; readonly with: "token" }
  | { readonly type: "answer"; readonly with: "failure" | "paused"; readonly until?: number }
  | { readonly type: "set-alarm"; readonly at: number }
  | { readonly type: "delete-alarm" }
  | { readonly type: "notify"; readonly state: "active" | "paused" | "needs-attention" };

/** A state and what is to be done. */
export interface RenewalDecision {
  readonly state: RenewalState;
  readonly effects: readonly RenewalEffect[];
}

/** Pauses after failures: 1 s, doubled up to this. */
export const LONGEST_PAUSE_MS = 300_000;
/** What the instance asks for by Retry-After counts up to this. */
export const LONGEST_ASKED_PAUSE_MS = 900_000;
/** Renewals after refusals: the second in a row 5 s after the first, then four times as long, up to this. */
export const LONGEST_REFUSAL_PAUSE_MS = 900_000;
/** Four attempts a day lock no user out, and cost an instance nothing. */
export const ATTEMPT_AFTER_MS = 21_600_000;
/** Refusals that far apart are not in a row. */
const REFUSALS_APART_MS = 3_600_000;
/** Cloudflare gives up an alarm that has failed six times. One set anew is counted from 0. */
const MOST_ALARM_RETRIES = 4;
const ALARM_RETRY_MS = 30_000;

/** Before the first request. */
export function firstState(credentialVersion: number): RenewalState {
  return {
    step: "idle",
    credentialVersion,
    token: null,
    isRefused: false,
    isSecondTry: false,
    failures: 0,
    pausedUntil: 0,
    refusals: 0,
    refusedAt: 0,
    needsAttention: false,
    attemptAt: 0,
    isPaused: false,
    isInUse: false,
    alarmAt: null,
  };
}

/** A stored state after a restart: no request survives the object, and an alarm that may be lost is set again by the next use. */
export function restored(state: RenewalState): RenewalState {
  return { ...state, step: "idle", isRefused: false, isSecondTry: false, alarmAt: null };
}

/** @param random 0 to 1 */
export function decideRenewal(given: RenewalState, event: RenewalEvent, now: number, random: number): RenewalDecision {
  const state = afterClockChange(given, now);
  const isOfRequest = event.type === "renewed" || event.type === "failed" || event.type === "reread";
  if (isOfRequest && event.credentialVersion < state.credentialVersion) return again(state);
  switch (event.type) {
    case "asked":
    case "refused": {
      const { credentialVersion: version } = event;
      if (version <= state.credentialVersion) return answered(state, event, now);
      const changed = credentialChanged(state, version);
      const decision = answered(changed.state, event, now);
      return { ...decision, effects: [...changed.effects, ...decision.effects] };
    }
    case "used":
      return used(state, now, random);
    case "alarm":
      return alarm({ ...state, alarmAt: null }, event.retryCount, now);
    case "renewed":
      return renewed({ ...state, credentialVersion: event.credentialVersion }, event.times, now);
    case "failed":
      return failed({ ...state, credentialVersion: event.credentialVersion }, event, now, random);
    case "reread":
      if (event.isNewer)
        return { state: { ...state, step: "obtaining", isSecondTry: true }, effects: [{ type: "obtain" }] };
      return flagged(state, now);
    case "paused":
      return {
        state: { ...state, isPaused: true, isInUse: false, alarmAt: null },
        effects: [{ type: "delete-alarm" }, { type: "store" }, { type: "notify", state: "paused" }],
      };
    case "resumed":
      return {
        state: {
          ...state,
          isPaused: false,
          needsAttention: false,
          failures: 0,
          pausedUntil: 0,
          refusals: 0,
          refusedAt: 0,
        },
        effects: [{ type: "store" }, { type: "notify", state: "active" }],
      };
  }
}

/** The pause after this number of failures in a row. */
export function pauseAfter(failures: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(failures - 1, 20)) * (1 - random / 4);
}

function refusalPause(refusals: number): number {
  return Math.min(LONGEST_REFUSAL_PAUSE_MS, 5_000 * 4 ** Math.min(refusals - 1, 10));
}

/** Nothing ends later than it could have begun. */
function afterClockChange(state: RenewalState, now: number): RenewalState {
  return {
    ...state,
    token: state.token && shifted(state.token, now),
    pausedUntil: Math.min(state.pausedUntil, now + LONGEST_ASKED_PAUSE_MS),
    refusedAt: Math.min(state.refusedAt, now),
    // A state that an earlier version has stored knows of no attempt.
    attemptAt: Math.min(state.attemptAt ?? 0, now + ATTEMPT_AFTER_MS),
  };
}

function isUsable({ token, isRefused }: RenewalState, now: number): boolean {
  return token !== null && !isRefused && now < usableUntil(token);
}

function isUnexpired({ token, isRefused }: RenewalState, now: number): boolean {
  return (
    token !== null && !isRefused && now < Math.max(usableUntil(token), token.expiresAt ?? Number.POSITIVE_INFINITY)
  );
}

function answered(
  state: RenewalState,
  event: RenewalEvent & { type: "asked" | "refused" },
  now: number,
): RenewalDecision {
  const { step, isPaused, pausedUntil, token } = state;
  const needsPerson = state.needsAttention && now < state.attemptAt;
  const answer = (effect: RenewalEffect): RenewalDecision => ({ state, effects: [effect] });
  const TOKEN = { type: "answer", with: "token" } as const;
  if (isPaused) return answer({ type: "answer", with: "paused" });
  const refused = event.type === "refused" && event.isNewest;
  if (!refused && token && isUsable(state, now) && now < askAgainAt(token)) return answer(TOKEN);
  if (step !== "idle") return answer({ type: "wait" });
  // The token held is the best there is: it may be refused for the caller's rights.
  const cannot = needsPerson || now < pausedUntil || (refused && now < state.refusedAt + refusalPause(state.refusals));
  if (cannot && isUnexpired(state, now)) return answer(TOKEN);
  if (needsPerson) return answer({ type: "answer", with: "failure" });
  if (now < pausedUntil) return answer({ type: "answer", with: "failure", until: pausedUntil });
  const effects: RenewalEffect[] = [{ type: "obtain" }, { type: "wait" }];
  const obtaining: RenewalState = { ...state, step: "obtaining", isRefused: refused, isSecondTry: false };
  if (!refused) return { state: obtaining, effects };
  const inRow = now - state.refusedAt < REFUSALS_APART_MS ? state.refusals : 0;
  return { state: { ...obtaining, refusals: inRow + 1, refusedAt: now }, effects };
}

function used(state: RenewalState, now: number, random: number): RenewalDecision {
  const { token, step, isPaused, needsAttention, alarmAt } = state;
  const isSet = alarmAt !== null && now < alarmAt + ALARM_RETRY_MS;
  const mayRenew = step === "idle" && !isPaused && !needsAttention && !isSet;
  const at = token && mayRenew && isReportDue(token, now) ? alarmTime(token, now, random) : undefined;
  if (at === undefined) return { state: { ...state, isInUse: state.isInUse || isSet }, effects: [] };
  const due = Math.max(at, state.pausedUntil);
  return { state: { ...state, isInUse: true, alarmAt: due }, effects: [{ type: "set-alarm", at: due }] };
}

function alarm(state: RenewalState, retryCount: number, now: number): RenewalDecision {
  const { token, step, isPaused, needsAttention, pausedUntil } = state;
  const nothing = { state, effects: [] };
  if (!token || step !== "idle" || isPaused || needsAttention) return nothing;
  // Another renewal was first, or nobody has used the tenant since its token expired.
  if (isBeforeAlarms(token, now) || !isUnexpired(state, now)) return nothing;
  const later = retryCount > MOST_ALARM_RETRIES ? now + ALARM_RETRY_MS : pausedUntil;
  if (later > now) return { state: { ...state, alarmAt: later }, effects: [{ type: "set-alarm", at: later }] };
  return { state: { ...state, step: "obtaining", isInUse: true, isSecondTry: false }, effects: [{ type: "obtain" }] };
}

function renewed(state: RenewalState, times: TokenTimes, now: number): RenewalDecision {
  const { needsAttention } = state;
  // After a restart the object does not know of an alarm that was set before.
  const effects: RenewalEffect[] = [{ type: "store" }, { type: "delete-alarm" }];
  // Kept in pause, so that resuming needs no request.
  effects.push(state.isPaused ? { type: "answer", with: "paused" } : { type: "answer", with: "token" });
  if (needsAttention) effects.push({ type: "notify", state: "active" });
  const token = shifted(times, now);
  return {
    state: { ...restored(state), token, failures: 0, pausedUntil: 0, needsAttention: false, isInUse: false },
    effects,
  };
}

/** The request was made with a credential that has changed since. */
function again(state: RenewalState): RenewalDecision {
  const next: RenewalState = { ...state, step: "obtaining", isSecondTry: false };
  return { state: next, effects: [{ type: "forget" }, { type: "obtain" }] };
}

function failed(state: RenewalState, event: Failed, now: number, random: number): RenewalDecision {
  if (event.needsPerson) {
    if (state.isSecondTry) return flagged(state, now);
    return { state: { ...state, step: "rereading" }, effects: [{ type: "reread" }] };
  }
  const failures = state.failures + 1;
  // A server closes a connection that was idle. The next request opens another one, and callers need not know.
  if (event.isUnanswered && failures === 1) return { state: { ...state, failures }, effects: [{ type: "obtain" }] };
  const asked = Math.min(event.retryAfterMs ?? 0, LONGEST_ASKED_PAUSE_MS);
  const pausedUntil = now + Math.max(pauseAfter(failures, random), asked);
  const next = { ...state, step: "idle", isRefused: false, isSecondTry: false, failures, pausedUntil } as const;
  const effects: RenewalEffect[] = [{ type: "store" }, answerAfter(next, now)];
  if (!next.isInUse || next.isPaused || !next.token || pausedUntil >= usableUntil(next.token))
    return { state: next, effects };
  return { state: { ...next, alarmAt: pausedUntil }, effects: [...effects, { type: "set-alarm", at: pausedUntil }] };
}

function answerAfter(state: RenewalState, now: number): RenewalEffect {
  if (state.isPaused) return { type: "answer", with: "paused" };
  if (isUnexpired(state, now)) return { type: "answer", with: "token" };
  return { type: "answer", with: "failure", ...(!state.needsAttention && { until: state.pausedUntil }) };
}

function flagged(state: RenewalState, now: number): RenewalDecision {
  const flags = { needsAttention: true, attemptAt: now + ATTEMPT_AFTER_MS, isInUse: false };
  const next: RenewalState = { ...restored(state), ...flags, failures: state.failures + 1 };
  const effects: RenewalEffect[] = [{ type: "store" }, { type: "delete-alarm" }, answerAfter(next, now)];
  return { state: next, effects: [...effects, { type: "notify", state: "needs-attention" }] };
}

function credentialChanged(state: RenewalState, version: number): RenewalDecision {
  const { step, isPaused, needsAttention } = state;
  const effects: RenewalEffect[] = [{ type: "forget" }, { type: "store" }, { type: "delete-alarm" }];
  if (needsAttention && !isPaused) effects.push({ type: "notify", state: "active" });
  return { state: { ...firstState(version), step, isPaused }, effects };
}
