/**
 * A WebAssembly module, instantiated once, and anew after a trap. How its bytes arrive is the business of an entry.
 *
 * A trap leaves memory half written and borrows never given back: nothing of that instance can be relied on. So every call into it
 * goes through one guard. The first that throws ends the instance: that call and all later ones get an error with the trap as its cause,
 * the users of the instance are told, and the next user gets a new one of the same module.
 */
import type { Weakly } from "./weak-references.js";

type Input = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;
type Arrival = () => Input | Promise<Input>;

/** What the build adds to the classes and functions that wasm-bindgen generates. */
interface Instantiates {
  instantiateNow(module: WebAssembly.Module): unknown;
  instantiate(module: WebAssembly.Module): Promise<unknown>;
}

/** Takes what the instance exports, and gives what is called instead. */
type Guard = (exports: WebAssembly.Exports, module: WebAssembly.Module) => WebAssembly.Exports;

/** What has calls under way that end with the instance. */
export interface User {
  broke(error: Error): void;
}

export class Once<G> {
  #arrival: Arrival;
  #loading: Promise<void> | undefined;
  #module: WebAssembly.Module | undefined;
  #glue: G | undefined;
  readonly #make: (guard: Guard) => G & Instantiates;
  readonly #broken: (cause: unknown) => Error;
  readonly #users = new Set<Weakly<User>>();

  /** `generated` is wasm-bindgen's file, which the build makes a function of: a call of it is a glue by itself. */
  constructor(name: string, generated: object, broken = brokenBy(name)) {
    this.#arrival = () => Promise.reject(new Error(`${name} was imported without one of its entries`));
    this.#make = generated as (guard: Guard) => G & Instantiates;
    this.#broken = broken;
  }

  get isReady(): boolean {
    return this.#module !== undefined;
  }

  /** The classes and functions of the instance that is alive. */
  get glue(): G {
    if (!this.#glue && this.#module) this.instantiate(this.#module);
    return this.#glue as G;
  }

  /** Until `leave()` is called, `user` learns of the end of the instance that is alive. */
  join(user: Weakly<User>): () => void {
    this.#users.add(user);
    return () => void this.#users.delete(user);
  }

  /** An entry says here how the bytes arrive when nobody supplies them. */
  arriveBy(way: Arrival): void {
    this.#arrival = way;
  }

  /** An entry that holds the compiled module already. */
  instantiate(module: WebAssembly.Module): void {
    const glue = this.#guarded();
    glue.instantiateNow(module);
    this.#glue = glue;
  }

  /** Once, however often it is called; after a failure the next call tries again. */
  load(source?: unknown): Promise<void> {
    this.#loading ??= this.#load(source).catch((reason: unknown) => {
      this.#loading = undefined;
      throw reason;
    });
    return this.#loading;
  }

  async #load(source: unknown): Promise<void> {
    if (this.#module) return;
    const arrived = (await (source ?? this.#arrival())) as Input;
    if (arrived instanceof WebAssembly.Module) return this.instantiate(arrived);
    const module = await compiled(arrived as Response);
    const glue = this.#guarded();
    await glue.instantiate(module);
    this.#glue = glue;
  }

  #guarded(): G & Instantiates {
    let trap: { thrown: unknown } | undefined;
    let end: Error | undefined;
    const over = (cause: unknown): Error => {
      if (!end) {
        end = this.#broken(cause);
        this.#ended(end);
      }
      return end;
    };
    const stop = (thrown: unknown): never => {
      // First of all it is over: where the stack is used up, what follows may throw too. And once: what the instance calls may call
      // into it again.
      trap ??= { thrown };
      if (this.#glue === glue) this.#glue = undefined;
      throw over(trap.thrown);
    };
    const before = (run: (...given: unknown[]) => unknown) => {
      const any = (...given: unknown[]) => {
        if (trap) stop(trap.thrown);
        try {
          return run(...given);
        } catch (thrown) {
          return stop(thrown);
        }
      };
      // Most take few arguments, and dozens are called for a request. Measured in Node: 25 ns for a call, where a list takes 63.
      const few = (a: unknown, b: unknown, c: unknown, d: unknown) => {
        if (trap) stop(trap.thrown);
        try {
          return run(a, b, c, d);
        } catch (thrown) {
          return stop(thrown);
        }
      };
      return run.length > 0 && run.length < 5 ? few : any;
    };
    const glue = this.#make((exports, module) => {
      this.#module = module;
      const guarded = Object.entries(exports).map(([name, run]) => {
        if (typeof run !== "function") return [name, run];
        return [name, before(run as (...given: unknown[]) => unknown)];
      });
      return Object.fromEntries(guarded);
    });
    return glue;
  }

  #ended(error: Error): void {
    for (const user of this.#users) {
      user.deref()?.broke(error);
      this.#users.delete(user);
    }
  }
}

export const BROKEN = "instance.broken";

export const trapped = (name: string, then: string) =>
  `The WebAssembly of ${name} ended with a trap (see cause), and what was under way with it; ${then}`;

async function compiled(arrived: Response | BufferSource | RequestInfo | URL): Promise<WebAssembly.Module> {
  if (arrived instanceof ArrayBuffer || ArrayBuffer.isView(arrived)) return WebAssembly.compile(arrived);
  const reply = arrived instanceof Response ? arrived : await fetch(arrived);
  if (!reply.ok) throw new Error(`${reply.url} was answered with ${reply.status} instead of the WebAssembly`);
  // Compiled while it comes, where the server names its type: a platform refuses any other.
  return reply.headers.get("content-type") === "application/wasm"
    ? WebAssembly.compileStreaming(reply)
    : WebAssembly.compile(await reply.arrayBuffer());
}

const brokenBy = (name: string) => (cause: unknown) =>
  Object.assign(new Error(trapped(name, "the next call begins anew"), { cause }), { code: BROKEN });
