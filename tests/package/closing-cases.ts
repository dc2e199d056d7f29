/** Calls that end before their answer: aborted, closed, or closed by what they called. */
import { type Case, is } from "./cases.js";

export const CLOSING_CASES: Record<string, Case> = {
  "an instance closed from within its own fetch ends the call and nothing else": async ({ url, sysparm, thrown }) => {
    const answer = () => {
      instance.close();
      return Promise.resolve(Response.json({ result: [] }));
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer });
    is((await thrown(() => instance.table("incident").list())).code, "instance.closed");
  },

  "closing from within a fetch aborts the other fetches and leaves no timer behind": async ({
    url,
    sysparm,
    thrown,
  }) => {
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

  "an aborted call rejects with the caller's own reason": async ({ open, control }) => {
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

  "a closed instance ends what is under way and says so afterwards": async ({ open, thrown }) => {
    const instance = await open();
    const under = thrown(() => instance.table("incident").list());
    instance.close();
    is((await under).code, "instance.closed");
    is((await thrown(() => instance.token())).code, "instance.closed");
    is(instance.status().token.state, "absent");
    instance.close();
  },

  "a reply that was handed over can be read on after the instance was closed": async ({ open }) => {
    const instance = await open();
    const reply = await instance.request("/api/now/table/incident?sysparm_limit=1000");
    instance.close();
    is(((await reply.json()) as { result: unknown[] }).result.length > 900, true);
  },
};
