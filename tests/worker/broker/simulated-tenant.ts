/**
 * One tenant in virtual time: isolates that hold its token, a token endpoint, an alarm, and the broker's decisions between them. Every bound is
 * checked at the moment at which it could be broken.
 */
import assert from "node:assert/strict";
import {
  decideRenewal,
  firstState,
  LONGEST_ASKED_PAUSE_MS,
  type RenewalEvent,
  type RenewalState,
  restored,
} from "../../../www/glue/src/durable-object/renewal.ts";
import {
  askAgainAt,
  isReportDue,
  reportFrom,
  usableUntil,
} from "../../../www/glue/src/durable-object/renewal-times.ts";
import type { Clock } from "./virtual-clock.ts";

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** What the token endpoint does with a request at this time. */
export type Endpoint = (now: number) => "grants" | "fails" | "refuses" | { retryAfterMs: number };

export interface TenantOptions {
  lifetimeMs: number;
  isolates: number;
  latencyMs: () => number;
  endpoint: Endpoint;
  random: () => number;
}

interface Held {
  token: number;
  usableUntil: number;
  askAgainAt: number;
  reportFrom: number;
  expiresAt: number;
  isReported: boolean;
}

export class SimulatedTenant {
  readonly #clock: Clock;
  readonly #options: TenantOptions;
  #state: RenewalState = firstState(1);
  /** What a restart leaves. */
  #stored: string | undefined;
  #isDirty = false;
  #token = 0;
  #alarm: (() => void) | undefined;
  #inFlight = 0;
  #life = 0;
  #waiting: ((token: number | undefined) => void)[] = [];
  readonly #memories: (Held | undefined)[];
  #lastUse = Number.NEGATIVE_INFINITY;
  #reported = Number.NEGATIVE_INFINITY;
  credentialVersion = 1;
  /** When token requests were sent. */
  readonly requests: number[] = [];
  /** Calls of callers that waited for the token endpoint. */
  blocked = 0;
  unanswered = 0;
  served = 0;
  readonly notified: string[] = [];

  constructor(clock: Clock, options: TenantOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#memories = Array.from({ length: options.isolates }, () => undefined);
  }

  /** A call of a caller that arrives at an isolate. */
  call(isolate: number): void {
    const { now } = this.#clock;
    this.#lastUse = now;
    const held = this.#memories[isolate];
    if (!held || now >= held.usableUntil) {
      this.#ask(isolate, { type: "asked", credentialVersion: this.credentialVersion }, true);
      return;
    }
    assert.ok(now < held.expiresAt, "an expired token is presented");
    this.served += 1;
    if (now >= held.askAgainAt) this.#ask(isolate, { type: "asked", credentialVersion: this.credentialVersion }, false);
    else if (now >= held.reportFrom && !held.isReported) {
      held.isReported = true;
      this.#reported = now;
      this.#take({ type: "used" });
    }
  }

  /** A call whose token the instance refuses. */
  refusedCall(isolate: number): void {
    const held = this.#memories[isolate];
    if (!held) {
      this.call(isolate);
      return;
    }
    this.#lastUse = this.#clock.now;
    const isNewest = held.token === this.#token;
    this.#memories[isolate] = undefined;
    this.#ask(isolate, { type: "refused", credentialVersion: this.credentialVersion, isNewest }, true);
  }

  /** The object is reset, as by a deployment; its requests end, and their callers ask again. */
  reset(isAlarmLost: boolean): void {
    this.#life += 1;
    this.#inFlight = 0;
    const waiting = this.#waiting.splice(0);
    this.#state = this.#stored === undefined ? firstState(1) : restored(JSON.parse(this.#stored));
    if (isAlarmLost) this.#setAlarm(undefined);
    for (const answer of waiting) answer(undefined);
  }

  pause(): void {
    this.#take({ type: "paused" });
  }

  resume(): void {
    this.#take({ type: "resumed" });
  }

  get needsAttention(): boolean {
    return this.#state.needsAttention;
  }

  #ask(isolate: number, event: RenewalEvent, isBlocking: boolean): void {
    const count = this.requests.length;
    const answered = (token: number | undefined): void => {
      if (token === undefined || !this.#state.token) {
        if (isBlocking) this.unanswered += 1;
        return;
      }
      const times = this.#state.token;
      if (isBlocking) this.served += 1;
      const before = this.#memories[isolate];
      this.#memories[isolate] = {
        token,
        usableUntil: usableUntil(times),
        askAgainAt: askAgainAt(times),
        reportFrom: reportFrom(times),
        expiresAt: times.expiresAt ?? Number.POSITIVE_INFINITY,
        isReported: before?.token === token && before.isReported,
      };
    };
    const answer = this.#take(event);
    if (answer === "wait") {
      if (isBlocking && this.requests.length > count) this.blocked += 1;
      this.#waiting.push(answered);
    } else answered(answer);
  }

  #take(event: RenewalEvent): "wait" | number | undefined {
    const { now } = this.#clock;
    const wasPaused = this.#state.pausedUntil > now && event.type !== "resumed";
    const before = this.#state;
    const { state, effects } = decideRenewal(before, event, now, this.#options.random());
    this.#state = state;
    this.#isDirty = true;
    assert.ok(state.pausedUntil - now <= LONGEST_ASKED_PAUSE_MS, "a pause is bounded");
    const isEnd = event.type === "renewed" || event.type === "failed" || event.type === "reread";
    let result: "wait" | number | undefined;
    for (const effect of effects) {
      switch (effect.type) {
        case "obtain":
          assert.ok(!state.isPaused || isEnd, "a paused tenant sends nothing new");
          assert.ok(!wasPaused || state.credentialVersion > before.credentialVersion, "nothing is sent in a pause");
          if (event.type === "alarm") this.#checkUse(state);
          this.#obtain();
          break;
        case "reread":
          this.#clock.after(
            1,
            this.#inLife(() =>
              this.#take({ type: "reread", credentialVersion: this.credentialVersion, isNewer: false }),
            ),
          );
          break;
        case "forget":
          this.#token = -1;
          break;
        case "store":
          this.#stored = JSON.stringify(this.#state);
          this.#isDirty = false;
          break;
        case "wait":
          result = "wait";
          break;
        case "answer": {
          assert.ok(!isEnd || !this.#isDirty, "an answer before the state is stored");
          const token = effect.with === "token" ? this.#token : undefined;
          if (isEnd) for (const answer of this.#waiting.splice(0)) answer(token);
          else result = token;
          break;
        }
        case "set-alarm":
          assert.ok(effect.at >= now, "an alarm in the past");
          this.#setAlarm(effect.at);
          break;
        case "delete-alarm":
          this.#setAlarm(undefined);
          break;
        case "notify":
          this.notified.push(effect.state);
      }
    }
    return result;
  }

  /** An alarm renews only what was used in the last part of the token's life. */
  #checkUse({ token }: RenewalState): void {
    assert.ok(token && isReportDue(token, this.#reported), "an idle tenant is renewed");
    assert.ok(isReportDue(token, this.#lastUse), "a tenant is renewed that nobody has used since");
  }

  #obtain(): void {
    assert.equal(this.#inFlight, 0, "two requests for one credential at once");
    this.#inFlight += 1;
    const sentAt = this.#clock.now;
    const { credentialVersion } = this.#state;
    this.requests.push(sentAt);
    const replies = this.#inLife(() => {
      this.#inFlight -= 1;
      const outcome = this.#options.endpoint(this.#clock.now);
      if (outcome !== "grants") {
        const retryAfterMs = typeof outcome === "object" ? outcome.retryAfterMs : undefined;
        const needsPerson = outcome === "refuses";
        const isUnanswered = outcome === "fails" && this.#options.random() < 0.5;
        this.#take({ type: "failed", credentialVersion, needsPerson, isUnanswered, retryAfterMs });
        return;
      }
      this.#token = this.requests.length;
      const expiresAt = sentAt + this.#options.lifetimeMs;
      this.#take({ type: "renewed", credentialVersion, times: { obtainedAt: sentAt, expiresAt, isSame: false } });
    });
    this.#clock.after(this.#options.latencyMs(), replies);
  }

  #setAlarm(at: number | undefined): void {
    this.#alarm?.();
    this.#alarm = undefined;
    if (at === undefined) return;
    this.#alarm = this.#clock.after(at - this.#clock.now, () => {
      this.#alarm = undefined;
      this.#take({ type: "alarm", retryCount: 0 });
    });
  }

  /** What a reset object had begun has no effect. */
  #inLife(run: () => void): () => void {
    const life = this.#life;
    return () => {
      if (life === this.#life) run();
    };
  }
}

/** The largest number of token requests in any hour. */
export function mostInAnHour(requests: readonly number[]): number {
  let most = 0;
  let from = 0;
  requests.forEach((at, index) => {
    while (at - (requests[from] ?? 0) >= HOUR) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}
