/**
 * Shares one instance among the incoming requests of a Worker. Timers, fetches and promises belong to the request in which they were made:
 * workerd refuses their use in another one, and takes a request that only waits for another one for hung. So each call is a context:
 *
 *     core (shared) --effect of call A--> inbox of A --wake, or tick of A's own timer--> performed in A's request
 *
 * - Effects that belong to no call, such as a token request, are performed in the request that is running when they are due.
 *   `waitUntil` keeps that request alive until they are over.
 * - A request may end at any moment, and is not notified. A context that was not heard of for some rounds of the other contexts' timers has
 *   ended: its calls leave the core, and the core begins its effects again elsewhere.
 * - There is no timer without a waiting call. A renewal that is due in the background begins with the next call.
 */

import type { PendingCall } from "../protocol/call.js";
import { noop } from "../shared/page-requests.js";
import { type WeakReference, weakReference } from "../shared/weak-references.js";

export { lockInIsolate } from "./lock.js";

/** How often a context is heard of, and the shortest round. */
const TICK_MS = 100;
/** Where a promise of another request cannot be resolved, each context looks for itself. */
const POLL_MS = 10;
/** Rounds without a sign of a context, after which it has ended. */
const MOST_SILENT_ROUNDS = 5;

type Task = () => void;

/** What belongs to one incoming request, as far as this module knows: a call and its effects. */
interface RequestContext {
  /** Calls and effects; they share their numbers. */
  readonly ids: Set<number>;
  readonly inbox: Task[];
  /** Runs the inbox in the request of this context. */
  wake: Task;
  /** The round in which it was last heard of. */
  heard: number;
  /** When its timer last fired. */
  ticked: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** The number of its effects that belong to no call, and what ends their `waitUntil`. */
  shared: number;
  release: Task;
}

/** What the contexts drive. */
export interface SharedInstance {
  slept(effect: number): void;
  /** Drops a call or an effect whose context has ended. Returns the call. */
  lost(id: number): PendingCall | undefined;
}

/** Makes the error of a call whose request goes on after all. */
type RequestEnded = (message: string, call: PendingCall) => unknown;

const ENDED =
  "The Worker's request that made this call did not run for a while and was taken for cancelled. Await the call in that request, or pass it to waitUntil().";

type WaitUntil = (work: Promise<unknown>) => void;
let waitUntil: WaitUntil | undefined;

/** Not imported statically: bundlers that do not know the name could not build the package, and older runtimes do not have it. */
async function findWaitUntil(): Promise<void> {
  const { waitUntil: found } = await import("cloudflare:workers").catch(() => ({ waitUntil: undefined }));
  waitUntil = found;
}

/** From 2024-10-14 workerd runs what follows a promise in the request that made it. Before, it ran in the one that resolved it. */
function resolvesAcrossRequests(): boolean {
  const { Cloudflare } = globalThis as { Cloudflare?: { compatibilityFlags?: Record<string, boolean> } };
  return Cloudflare?.compatibilityFlags?.handle_cross_request_promise_resolution === true;
}

/** The contexts of one instance, and its sleep. */
export class RequestContexts {
  readonly #of = new Map<number, RequestContext>();
  readonly #live = new Set<RequestContext>();
  readonly #instance: WeakReference<SharedInstance>;
  /** References the instance while a call waits: one that was abandoned can be collected. */
  #shared: SharedInstance | undefined;
  readonly #wakes = resolvesAcrossRequests();
  readonly #ended: RequestEnded;
  #current: RequestContext | undefined;
  #round = 0;
  #roundAt = 0;
  #sleep: { effect: number; at: number } | undefined;

  constructor(shared: SharedInstance, ended: RequestEnded) {
    this.#ended = ended;
    this.#instance = weakReference(shared);
    if (!waitUntil) void findWaitUntil();
  }

  /** Begins the context of a call in the request that is running. */
  begin(id: number): void {
    this.#add(id, this.#open());
  }

  /** Until the returned function is called, what has no context of its own is done in that of `id`, whose request is running. */
  enter(id: number | undefined): Task {
    const before = this.#current;
    this.#current = this.#of.get(id ?? 0) ?? before;
    return () => {
      this.#current = before;
    };
  }

  /** Runs a task in the request of a call or effect. What is unknown has no request any more. */
  run(id: number, task: Task): void {
    const context = this.#of.get(id);
    if (!context || context === this.#current) {
      task();
      return;
    }
    context.inbox.push(task);
    context.wake();
  }

  /** The same, at the end of a call. */
  leave(id: number, task: Task): void {
    this.run(id, () => {
      this.#drop(id);
      task();
    });
  }

  /** Performs an effect in the request of its call; without one, in the request that is running, which lives until the effect is over. */
  perform(call: number, effect: number, work: () => Promise<void>): void {
    const known = this.#of.get(call) ?? this.#current;
    const context = known ?? this.#open();
    this.#add(effect, context);
    if (call === 0) this.#keep(context);
    const begin = () => {
      const done = () => {
        this.#drop(effect);
        if (call === 0) this.#keep(context, -1);
      };
      void work().finally(done);
    };
    if (known) this.run(effect, begin);
    // No call of this instance runs: its store has reported a change.
    else this.#within(context, begin);
  }

  sleep(effect: number, length: number): void {
    this.#sleep = { effect, at: Date.now() + length };
    if (this.#current && length < TICK_MS) this.#arm(this.#current);
  }

  cancel(effect: number): void {
    if (this.#sleep?.effect === effect) this.#sleep = undefined;
  }

  close(): void {
    this.#sleep = undefined;
  }

  /** Begins a context in the request that is running. */
  #open(): RequestContext {
    const context: RequestContext = {
      ids: new Set(),
      inbox: [],
      wake: noop,
      heard: this.#round,
      ticked: Date.now(),
      timer: undefined,
      shared: 0,
      release: noop,
    };
    this.#live.add(context);
    this.#shared = this.#instance.deref();
    this.#arm(context);
    this.#listen(context);
    return context;
  }

  #add(id: number, context: RequestContext): void {
    context.ids.add(id);
    this.#of.set(id, context);
  }

  #drop(id: number): void {
    const context = this.#of.get(id);
    this.#of.delete(id);
    context?.ids.delete(id);
    if (!context || context.ids.size > 0) return;
    this.#live.delete(context);
    clearTimeout(context.timer);
    if (this.#live.size === 0) this.#shared = undefined;
  }

  /** Counts the effects for which the request of this context must live on. */
  #keep(context: RequestContext, change = 1): void {
    context.shared += change;
    if (context.shared === 0) context.release();
    if (context.shared !== 1 || change < 0) return;
    try {
      waitUntil?.(new Promise<void>((resolve) => (context.release = resolve)));
    } catch {
      // Outside a request there is nothing to keep.
    }
  }

  /** The promise is made in the context's own request, so what follows it runs there. */
  #listen(context: RequestContext): void {
    if (!this.#wakes) return;
    const woken = new Promise<void>((resolve) => (context.wake = resolve));
    void woken.then(() => {
      if (this.#live.has(context)) this.#listen(context);
      this.#attend(context);
    });
  }

  #arm(context: RequestContext): void {
    const untilSleep = this.#sleep ? Math.max(0, this.#sleep.at - Date.now()) : TICK_MS;
    const delay = Math.min(this.#wakes ? TICK_MS : POLL_MS, untilSleep);
    clearTimeout(context.timer);
    context.timer = setTimeout(() => this.#tick(context), delay);
  }

  #tick(context: RequestContext): void {
    const now = Date.now();
    const late = now - context.ticked;
    context.ticked = now;
    context.heard = this.#round;
    // Where timers are late, rounds are longer: what is late with all others has not ended.
    if (now - this.#roundAt >= Math.max(TICK_MS, late)) this.#endRound(now, context);
    this.#attend(context);
    const due = this.#sleep;
    if (due && now >= due.at) {
      this.#sleep = undefined;
      this.#within(context, () => this.#shared?.slept(due.effect));
    }
    if (context.ids.size > 0) this.#arm(context);
  }

  #attend(context: RequestContext): void {
    context.heard = this.#round;
    this.#within(context, () => {
      for (const task of context.inbox.splice(0)) task();
    });
  }

  #within(context: RequestContext, task: Task): void {
    const before = this.#current;
    this.#current = context;
    try {
      task();
    } finally {
      this.#current = before;
    }
  }

  #endRound(now: number, present: RequestContext): void {
    this.#round += 1;
    this.#roundAt = now;
    present.heard = this.#round;
    const silent = [...this.#live].filter(({ heard }) => this.#round - heard > MOST_SILENT_ROUNDS);
    // All are forgotten before the first is reported: the core may admit the call of another one.
    for (const context of silent) {
      this.#live.delete(context);
      for (const id of context.ids) this.#of.delete(id);
    }
    this.#within(present, () => {
      // Not woken: should the request go on, its own timer finds the task.
      for (const { ids, inbox } of silent)
        for (const id of ids) {
          const call = this.#shared?.lost(id);
          if (call) inbox.push(() => call.reject(this.#ended(ENDED, call)));
        }
    });
    for (const { ids } of silent) ids.clear();
  }
}
