/** Calls that end before their answer: aborted, closed, or closed by what they called. */
import { type Case, is } from "./cases.js";

export const CLOSING_CASES: Record<string, Case> = {
  "close() within its own fetch ends the call and nothing else": async ({ url, sysparm, thrown }) => {
    const answer = () => {
      instance.close();
      return Promise.resolve(Response.json({ result: [] }));
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer });
    is((await thrown(() => instance.table("incident").list())).code, "instance.closed");
  },

  "close() within a fetch aborts the others and leaves no timer": async ({ url, sysparm, thrown }) => {
    let signal: AbortSignal | null | undefined;
    const answer = (target: unknown, init?: RequestInit) => {
      if (String(target).endsWith("/second")) instance.close();
      else signal = init?.signal;
      return new Promise<Response>(() => undefined);
    };
    const timeLimits = { callMs: 100 };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer as typeof fetch, timeLimits });
    const first = thrown(() => instance.request("/first"));
    is((await thrown(() => instance.request("/second"))).code, "instance.closed");
    is((await first).code, "instance.closed");
    is(signal?.aborted, true);
    // A timer left behind would call into the freed core now, and end the program.
    await new Promise((wake) => setTimeout(wake, 250));
  },

  "aborted call rejects with the caller's own reason": async ({ open, control }) => {
    const instance = await open();
    await instance.token();
    await control("switches", { delay_ms: 1000 });
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    const reading = instance.table("incident").list({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    const outcome = await reading.then(
      () => "rows",
      (thrown: unknown) => thrown,
    );
    await control("switches", { delay_ms: 0 });
    is(outcome, reason);
    is(instance.status().callsUnderWay, 0);
  },

  "signal that aborts thousands of calls sends no queued one": async ({ url, sysparm }) => {
    let sent = 0;
    const listeners = new Set<unknown>();
    const silent = () => {
      sent += 1;
      return new Promise<Response>(() => undefined);
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: silent });
    const controller = new AbortController();
    const { signal } = controller;
    const { addEventListener: add, removeEventListener: remove } = signal;
    signal.addEventListener = (...given: unknown[]) => {
      listeners.add(given[1]);
      return add.apply(signal, given as never);
    };
    signal.removeEventListener = (...given: unknown[]) => {
      listeners.delete(given[1]);
      return remove.apply(signal, given as never);
    };
    const reason = new Error("changed my mind");
    const calls = Array.from({ length: 3000 }, () =>
      instance
        .table("incident")
        .get("0".repeat(32), { signal })
        .then(
          () => "answered",
          (thrown: unknown) => (thrown === reason ? "ended" : String(thrown)),
        ),
    );
    await Promise.resolve();
    is(listeners.size, 1);
    const before = sent;
    controller.abort(reason);
    is([...new Set(await Promise.all(calls))].join(), "ended");
    is(sent, before);
    is(listeners.size, 0);
    is(instance.status().callsUnderWay, 0);
    instance.close();
  },

  "closed instance ends its calls and refuses new ones": async ({ open, thrown }) => {
    const instance = await open();
    const under = thrown(() => instance.table("incident").list());
    instance.close();
    is((await under).code, "instance.closed");
    is((await thrown(() => instance.token())).code, "instance.closed");
    is(instance.status().token.state, "absent");
    instance.close();
  },

  "caller's signal ends the returned body and no other": async ({ url, sysparm }) => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const answer = async (_: unknown, init?: RequestInit) => {
      signals.push(init?.signal);
      return Response.json({ result: [] });
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer as typeof fetch });
    const controller = new AbortController();
    await instance.request("/api/now/table/incident", { signal: controller.signal });
    await instance.request("/api/now/table/incident");
    controller.abort("enough");
    is([signals[0]?.aborted, signals[0]?.reason, signals[1]?.aborted].join(), "true,enough,false");
    instance.close();
  },

  "signal that another library made ends a call as any other": async ({ url, sysparm }) => {
    const listeners: (() => void)[] = [];
    const foreign = {
      aborted: false,
      reason: "enough",
      addEventListener: (_: string, listener: () => void) => listeners.push(listener),
      removeEventListener: () => undefined,
    };
    let isHanging = false;
    const answer = () => (isHanging ? new Promise<Response>(() => undefined) : Promise.resolve(Response.json({})));
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer as typeof fetch });
    const ask = () => instance.request("/api/now/x", { signal: foreign as unknown as AbortSignal });
    is((await ask()).status, 200);
    isHanging = true;
    const asking = ask().catch((thrown: unknown) => thrown);
    for (const listener of listeners) listener();
    is(await asking, "enough");
    instance.close();
  },

  "fetch signals start unaborted, at most eight share one": async ({ url, sysparm, thrown }) => {
    const uses = new Map<AbortSignal, number>();
    let late = 0;
    let isHanging = false;
    const answer = (_: unknown, { signal }: { signal: AbortSignal }) => {
      uses.set(signal, (uses.get(signal) ?? 0) + 1);
      if (signal.aborted) late += 1;
      if (!isHanging) return Promise.resolve(Response.json({ result: {} }));
      return new Promise<Response>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const options = { fetch: answer as unknown as typeof fetch, timeLimits: { callMs: 50 }, pace: { attempts: 1 } };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, ...options });
    const table = instance.table("incident");
    for (let time = 0; time < 20; time += 1) {
      isHanging = time % 5 === 4;
      if (isHanging) is((await thrown(() => table.get("0".repeat(32)))).code, "network.timeout");
      else await table.get("0".repeat(32));
    }
    is(late, 0);
    is(Math.max(...uses.values()) <= 8, true);
    // Those that hung, and one more for each.
    is(uses.size >= 4, true);
    instance.close();
  },

  "each call has its own time limit": async ({ url, sysparm, thrown }) => {
    const answers = [true, true, false, true, false];
    const answer = () => {
      return answers.shift() ? Promise.resolve(Response.json({ result: {} })) : new Promise<Response>(() => undefined);
    };
    const options = { fetch: answer as typeof fetch, timeLimits: { callMs: 300 }, pace: { attempts: 1 } };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, ...options });
    const get = () => instance.table("incident").get("0".repeat(32));
    for (const before of [2, 1]) {
      for (let time = 0; time < before; time += 1) await get();
      // A timer that was set for them would end the next one early.
      await new Promise((wake) => setTimeout(wake, 200));
      const began = performance.now();
      is((await thrown(get)).code, "network.timeout");
      const took = performance.now() - began;
      if (took < 295 || took > 2000) throw new Error(`ended after ${took} ms`);
    }
    instance.close();
  },

  "reply that was returned stays readable after close()": async ({ open }) => {
    const instance = await open();
    const reply = await instance.request("/api/now/table/incident?sysparm_limit=1000");
    instance.close();
    is(((await reply.json()) as { result: unknown[] }).result.length > 900, true);
  },
};
