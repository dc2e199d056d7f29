/** When requests are sent, and when again. The instance's answers are scripted where a practice instance cannot give them. */
import type * as Sysparm from "sysparm";
import type { Case, World } from "./cases.js";

const PATH = "/api/now/table/incident";

export const PACING_CASES: Record<string, Case> = {
  "busy instance is asked again after the time that it names": async (world) => {
    const { instance, sent } = await scripted(world, [refusal(429, { "retry-after": "1" }), rows]);
    const begun = Date.now();
    same((await instance.table("incident").list()).rows.length, 1);
    same(Date.now() - begun >= 990, true);
    same(sent.length, 2);
    same(instance.status().concurrency.limit, 2);
  },

  "full queue is asked again without a word from it": async (world) => {
    const { instance, sent, events } = await scripted(world, [refusal(429), refusal(202), rows]);
    same((await instance.table("incident").list()).rows.length, 1);
    same(sent.length, 3);
    same(events.filter(({ type }) => type === "request.retried").length, 2);
  },

  "hourly limit ends calls with resumesAt, unsent": async (world) => {
    const headers = { "retry-after": "1800", "x-ratelimit-limit": "100", "x-ratelimit-rule": "rule" };
    const { instance, sent, events } = await scripted(world, [refusal(429, headers)]);
    for (const attempt of [1, 2]) {
      const error = await world.thrown(() => instance.request(PATH));
      same(`${error.name} ${error.code} ${attempt}`, `RateLimitError rate.rule ${attempt}`);
      same(Math.abs((error.resumesAt ?? 0) - Date.now() - 1_800_000) < 5000, true);
      same(error.message.includes(new Date(error.resumesAt ?? 0).toISOString()), true);
      same(error.diagnosis.causes[0]?.code, "rate.rule-reached");
    }
    same(sent.length, 1);
    same(events.map(({ type }) => type).join(), "rate.limited");
    const [rule] = instance.status().rate;
    same(rule?.limit, 100);
    same(rule?.used, 100);
  },

  "headers that a proxy repeats are read as one": async (world) => {
    const twice = (value: string) => `${value}, ${value}`;
    const [date, end] = [0, 1800].map((seconds) => new Date(1_577_836_800_000 + seconds * 1000).toUTCString());
    const headers = {
      date: twice(date ?? ""),
      "retry-after": twice(end ?? ""),
      "x-ratelimit-limit": twice("100"),
      "x-ratelimit-rule": "rule",
    };
    const { instance } = await scripted(world, [refusal(429, headers)]);
    const error = await world.thrown(() => instance.request(PATH));
    same(`${error.name} ${error.code}`, "RateLimitError rate.rule");
    same(Math.abs((error.resumesAt ?? 0) - Date.now() - 1_800_000) < 5000, true);
  },

  // RFC 9110 section 5.6.7: recipients accept the form of asctime(), which is in UTC and names no time zone.
  "dates in the form of asctime() are read": async (world) => {
    const dates = [0, 1800].map((seconds) => new Date(1_577_836_800_000 + seconds * 1000).toUTCString());
    const [date = "", end = ""] = dates;
    const asctime = (text: string) => text.replace(/^(\w+), 0?(\d+) (\w+) (\d+) (.*) GMT$/, "$1 $3  $2 $5 $4");
    same(asctime(date), "Wed Jan  1 00:00:00 2020");
    for (const [now, then] of [
      [date, asctime(end)],
      [asctime(date), end],
    ] as const) {
      const headers = { date: now, "retry-after": then, "x-ratelimit-limit": "100", "x-ratelimit-rule": "rule" };
      const { instance } = await scripted(world, [refusal(429, headers)]);
      const error = await world.thrown(() => instance.request(PATH));
      same(Math.abs((error.resumesAt ?? 0) - Date.now() - 1_800_000) < 5000, true);
    }
  },

  "burst of 503 costs a reading no row": async ({ open, control }) => {
    const emitted: string[] = [];
    const instance = await open({ onEvent: ({ type }) => emitted.push(type) });
    await instance.token();
    await control("switches", { faults: [{ path: "/api/", count: 3, kind: { status: { status: 503 } } }] });
    let seen = 0;
    for await (const page of instance.table("incident").pages({ pageSize: 1000, fields: ["number"] })) seen = page.seen;
    same(seen > 2300, true);
    same(emitted.filter((type) => type === "request.retried").length, 3);
  },

  "write that may have been carried out is not repeated": async (world) => {
    const { instance, sent } = await scripted(world, [refusal(500), rows]);
    const error = await world.thrown(() => instance.request(PATH, { method: "POST", body: "{}" }));
    same(error.name, "UnknownOutcomeError");
    same(sent.length, 1);
  },

  "failing instance gets one probe until it is back": async (world) => {
    const failing = await scripted(world, [refusal(503)], { pace: { attempts: 1 } });
    for (let call = 0; call < 10; call += 1) await world.thrown(() => failing.instance.request(PATH));
    const error = await world.thrown(() => failing.instance.request(PATH));
    same(error instanceof world.sysparm.CircuitOpenError && error instanceof world.sysparm.InstanceError, true);
    same(Math.abs((error.resumesAt ?? 0) - Date.now() - 30_000) < 5000, true);
    same(failing.sent.length, 10);
    same(failing.events.map(({ type }) => type).join(), "breaker.opened");

    // What it has learnt is kept for another life, which has 200 ms of the pause before it.
    const { breaker } = failing.instance.status();
    if (breaker.state !== "open") throw new Error(breaker.state);
    let answer: ((reply: Response) => void) | undefined;
    const held = () => new Promise<Response>((resolve) => (answer = resolve));
    const saved = { ...breaker, opensAt: Date.now() + 200 };
    const later = await scripted(world, [held, rows], { pace: { breaker: saved } });
    same((await world.thrown(() => later.instance.request(PATH))).name, "CircuitOpenError");
    await wait(300);
    const calls = [1, 2, 3].map(() => later.instance.table("incident").list());
    await wait(50);
    same(later.sent.length, 1);
    same(later.instance.status().breaker.state, "probing");
    answer?.(rows());
    same((await Promise.all(calls)).length, 3);
    same(later.instance.status().breaker.state, "closed");
  },

  "aborted call waits no longer, and nothing more is sent": async (world) => {
    const { instance, sent } = await scripted(world, [refusal(429, { "retry-after": "30" })]);
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    const outcome = await instance.request(PATH, { signal: controller.signal }).catch((thrown: unknown) => thrown);
    same(outcome, reason);
    same(sent.length, 1);
    same(instance.status().callsUnderWay, 0);
  },

  "wait for an hourly limit is visible in status and abort": async (world) => {
    const headers = { "retry-after": "1800", "x-ratelimit-limit": "100", "x-ratelimit-rule": "rule" };
    const { instance, sent } = await scripted(world, [refusal(429, headers)]);
    same(instance.status().limitedUntil, undefined);
    const controller = new AbortController();
    const reading = instance.table("incident").pages({ signal: controller.signal }).next();
    await limited(instance);
    const { limitedUntil = 0, callsUnderWay } = instance.status();
    same(Math.abs(limitedUntil - Date.now() - 1_800_000) < 5000, true);
    same(callsUnderWay, 1);
    controller.abort();
    const reason: Error = await reading.catch((thrown) => thrown);
    same(reason, controller.signal.reason);
    const { code, message } = reason.cause as Sysparm.SysparmError;
    same(code, "rate.rule");
    same(message.includes(new Date(limitedUntil).toISOString()), true);
    same(sent.length, 1);
  },

  "abort of a request on its way has no limit as its cause": async (world) => {
    const headers = { "retry-after": "1800", "x-ratelimit-limit": "100", "x-ratelimit-rule": "rule" };
    const silence = () => new Promise<never>(() => undefined);
    const { instance } = await scripted(world, [silence, refusal(429, headers)]);
    const controller = new AbortController();
    const call = instance.request(PATH, { signal: controller.signal });
    const reading = instance.table("incident").pages().next();
    await limited(instance);
    controller.abort();
    const reason: Error = await call.then(String, (thrown) => thrown);
    same(reason, controller.signal.reason);
    same(reason.cause, undefined);
    instance.close();
    await reading.catch(() => undefined);
  },

  "somebody who waits goes before what nobody waits for": async (world) => {
    const { instance, sent } = await scripted(world, [rows], { pace: { concurrency: 1 } });
    await Promise.all([
      instance.request(`${PATH}?first`, { priority: "low" }),
      instance.request(`${PATH}?second`, { priority: "low" }),
      instance.request(`${PATH}?person`),
    ]);
    same(sent.map((url) => url.split("?")[1]).join(), "first,person,second");
    same(instance.status().concurrency.limit, 1);
  },

  "pacing can be set, and only to what works": async (world) => {
    const refused = (pace: object) => world.thrown(() => scripted(world, [rows], { pace }));
    same((await refused({ attempts: 0 })).code, "options.pace");
    same((await refused({ concurrency: 101 })).code, "options.pace");
    same((await refused({ colour: 1 })).code, "options.unknown");
    const { instance, sent } = await scripted(world, [refusal(503)], { pace: { attempts: 1, breaker: false } });
    for (let call = 0; call < 12; call += 1)
      same((await world.thrown(() => instance.request(PATH))).name, "InstanceError");
    same(sent.length, 12);
  },
};

type Answer = () => Response | Promise<Response>;

const rows = (): Response => Response.json({ result: [{ number: "INC1" }] });

function refusal(status: number, headers: Record<string, string> = {}): Answer {
  return () => new Response("{}", { status, headers: { "content-type": "application/json", ...headers } });
}

/** An instance that gives these answers in turn, and then repeats the last one. */
async function scripted({ sysparm, url }: World, answers: Answer[], options: Partial<Sysparm.ConnectOptions> = {}) {
  const sent: string[] = [];
  const events: Sysparm.SysparmEvent[] = [];
  const instance = await sysparm.connect({
    url,
    auth: { token: "t" },
    onEvent: (event) => events.push(event),
    fetch: async (target) => {
      sent.push(String(target));
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (!answer) throw new Error("no answer");
      return answer();
    },
    ...options,
  });
  return { instance, sent, events };
}

/** A wait for a limit is known. */
async function limited(instance: Sysparm.Instance): Promise<void> {
  const end = Date.now() + 10_000;
  while (instance.status().limitedUntil === undefined) {
    if (Date.now() > end) throw new Error("10 s are over, and the instance knows no limit");
    await wait(10);
  }
}

const wait = (length: number) => new Promise((wake) => setTimeout(wake, length));

/** As in cases.ts, which imports this file. */
function same(actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected)) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}
