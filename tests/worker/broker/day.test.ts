/**
 * The broker's decisions over a day of 200 tenants that differ: steady and idle ones, outages, refused credentials, revoked tokens, callers
 * without rights, resets of the object. SYSPARM_DAYS=10 runs ten days.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { randomOf } from "./random.ts";
import { type Endpoint, HOUR, MINUTE, mostInAnHour, SECOND, SimulatedTenant } from "./simulated-tenant.ts";
import { Clock } from "./virtual-clock.ts";

const DAY = 24 * HOUR;
const TENANTS = 200;
/** In make test one; in make slow more. */
const DAYS = Number(process.env.SYSPARM_DAYS ?? 1);

const KINDS = ["steady", "idle", "outage", "limited", "refused", "revoked", "no rights", "reset"] as const;
type Kind = (typeof KINDS)[number];

/** Longest between two calls: far below the time in which a use is reported. */
const STEADY_MS = 40 * SECOND;

function tenantOf(kind: Kind, clock: Clock, random: () => number) {
  const start = clock.now;
  const trouble = start + 2 * HOUR + random() * 10 * HOUR;
  const isTrouble = (now: number) => now >= trouble && now < trouble + 2 * HOUR;
  let isRepaired = false;
  const endpoint: Endpoint = (now) => {
    if (kind === "outage" && isTrouble(now)) return "fails";
    if (kind === "limited" && isTrouble(now)) return { retryAfterMs: random() < 0.5 ? 0 : random() * 2 * HOUR };
    if (kind === "refused" && now >= trouble && !isRepaired) return "refuses";
    return "grants";
  };
  const lifetimeMs = [1_799 * SECOND, 1_799 * SECOND, 300 * SECOND, 7_200 * SECOND][Math.floor(random() * 4)] ?? 0;
  const isolates = 1 + Math.floor(random() * 4);
  const latencyMs = () => 50 + random() * 3_000;
  const tenant = new SimulatedTenant(clock, { lifetimeMs, isolates, latencyMs, endpoint, random });
  const isolate = () => Math.floor(random() * isolates);
  const repeat = (pause: () => number, run: () => void) => {
    const next = (): void => {
      if (clock.now >= start + DAY) return;
      run();
      clock.after(pause(), next);
    };
    clock.after(pause(), next);
  };
  if (kind === "idle") {
    // Few calls, then hours without one.
    repeat(
      () => (random() < 0.7 ? random() * MINUTE : random() * 5 * HOUR),
      () => tenant.call(isolate()),
    );
  } else
    repeat(
      () => random() * STEADY_MS,
      () => tenant.call(isolate()),
    );
  if (kind === "revoked")
    repeat(
      () => 3 * HOUR * random(),
      () => tenant.refusedCall(isolate()),
    );
  if (kind === "no rights") {
    repeat(
      () => SECOND,
      () => (isTrouble(clock.now) ? tenant.refusedCall(isolate()) : undefined),
    );
  }
  if (kind === "reset")
    repeat(
      () => 20 * MINUTE * random(),
      () => tenant.reset(random() < 0.5),
    );
  if (kind === "refused") {
    clock.after(trouble + 90 * MINUTE - start, () => {
      isRepaired = true;
      tenant.credentialVersion += 1;
    });
  }
  return { kind, tenant, lifetimeMs, trouble };
}

for (let seed = 1; seed <= DAYS; seed += 1) {
  test(`24 hours of 200 tenants keep every bound, seed ${seed}`, () => {
    const clock = new Clock();
    const random = randomOf(seed);
    const tenants = Array.from({ length: TENANTS }, (_, at) =>
      tenantOf(KINDS[at % KINDS.length] ?? "idle", clock, random),
    );
    clock.pass(DAY + HOUR);
    for (const { kind, tenant, lifetimeMs, trouble } of tenants) {
      const hourly = mostInAnHour(tenant.requests);
      // A token serves at least half its life. Pauses of 1 s to 5 min allow 26 failures in an hour, those after refusals 9 renewals.
      const renewals = Math.ceil(HOUR / (lifetimeMs / 2)) + 1;
      const extra = { outage: 27, limited: 26, revoked: 9, "no rights": 9, refused: 3, reset: 6, steady: 0, idle: 0 }[
        kind
      ];
      assert.ok(
        hourly <= renewals + extra,
        `${kind}: ${hourly} requests in an hour, lifetime ${lifetimeMs / SECOND} s`,
      );
      assert.ok(tenant.served > 5, `${kind}: ${tenant.served} calls served`);
      if (kind === "steady") {
        assert.equal(tenant.blocked, 1, "only the first call waits for the token endpoint");
        assert.equal(tenant.unanswered, 0);
      }
      if (kind === "idle" || kind === "revoked" || kind === "reset")
        assert.ok(tenant.unanswered <= tenant.requests.length);
      if (kind === "refused") {
        const during = tenant.requests.filter((at) => at >= trouble && at < trouble + 90 * MINUTE);
        assert.ok(during.length <= 1, `${during.length} requests with a refused credential`);
        assert.equal(tenant.needsAttention, false);
        assert.ok(tenant.notified.length <= 2);
      }
    }
  });
}
