/**
 * A WebAssembly module, instantiated once, and anew after a trap. How its bytes arrive is the business of an entry.
 *
 * A trap leaves memory half written and borrows never given back: nothing of that instance can be relied on. So every call into it
 * goes through one guard. The first that throws ends the instance: that call and all later ones get an error with the trap as its cause,
 * the users of the instance are told, and the next user gets a new one of the same module.
 */
import type { Weakly } from "./abandoned.js";

type Input = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;
type Arrival = () => Input | Promise<Input>;

/** What wasm-bindgen generates: its classes and functions, and two ways to instantiate. */
interface Glue {
  initSync(source: { module: WebAssembly.Module }): unknown;
  default(source: { module_or_path: Input | Promise<Input> }): Promise<unknown>;
}

/** Takes what the instance exports, and gives what is called instead. */
type Guard = (exports: WebAssembly.Exports, module: WebAssembly.Module) => WebAssembly.Exports;

/** What has calls under way that end with the instance. */
export interface User {
  broke(error: Error): void;
}

export class Once<G extends Glue> {
  #arrival: Arrival;
  #loading: Promise<void> | undefined;
  #module: WebAssembly.Module | undefined;
  #glue: G | undefined;
  readonly #make: (guard: Guard) => G;
  readonly #broken: (cause: unknown) => Error;
  readonly #users = new Set<Weakly<User>>();

  /** `generated` is wasm-bindgen's file, which the build makes a function of: a call of it is a glue by itself. */
  constructor(name: string, generated: object, broken = brokenBy(name)) {
    this.#arrival = () => Promise.reject(new Error(`${name} was imported without one of its entries`));
    this.#make = generated as (guard: Guard) => G;
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
    glue.initSync({ module });
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
    const module = (source ?? (await this.#arrival())) as Input | Promise<Input>;
    if (module instanceof WebAssembly.Module) return this.instantiate(module);
    const glue = this.#guarded();
    await glue.default({ module_or_path: module });
    this.#glue = glue;
  }

  #guarded(): G {
    let trap: { thrown: unknown } | undefined;
    let end: Error | undefined;
    const over = (cause: unknown): Error => {
      if (!end) {
        end = this.#broken(cause);
        this.#ended(end);
      }
      return end;
    };
    const glue = this.#make((exports, module) => {
      this.#module = module;
      const guarded = Object.entries(exports).map(([name, run]) => {
        if (typeof run !== "function") return [name, run];
        const call = (...given: unknown[]) => {
          if (trap) throw over(trap.thrown);
          try {
            return run(...given);
          } catch (thrown) {
            // First of all it is over: where the stack is used up, what follows may throw too. And once: what the instance calls may call
            // into it again.
            trap ??= { thrown };
            if (this.#glue === glue) this.#glue = undefined;
            throw over(trap.thrown);
          }
        };
        return [name, call];
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

const brokenBy = (name: string) => (cause: unknown) =>
  Object.assign(new Error(trapped(name, "the next call begins anew"), { cause }), { code: BROKEN });
