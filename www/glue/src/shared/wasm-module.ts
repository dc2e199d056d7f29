/**
 * A WebAssembly module that is compiled once and instantiated again after a trap. The platform's entry says where its bytes are.
 *
 * A trap leaves memory half written and borrows unreleased, so nothing of that instance can be relied on. Therefore every call into it
 * passes one guard. The first call that throws ends the instance: this call and all later ones get an error with the trap as its cause,
 * the users of the instance are notified, and the next user gets a new instance of the same module.
 */
import type { KnownErrorCode } from "sysparm";
import { InstanceError, refusal, requestError } from "../errors/index.js";
import type { WeakReference } from "./weak-references.js";

type Input = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;
type Arrival = () => Input | Promise<Input>;
/** Imports the copy that the package embeds. */
type Copy = () => Promise<{ default(): Promise<BufferSource> }>;

/** What the build adds to the classes and functions that wasm-bindgen generates. */
interface Instantiates {
  instantiateNow(module: WebAssembly.Module): unknown;
  instantiate(module: WebAssembly.Module): Promise<unknown>;
}

/** Wraps the exports of an instance. */
type Guard = (exports: WebAssembly.Exports, module: WebAssembly.Module) => WebAssembly.Exports;

/** Something whose calls end with the instance, such as a driver. */
interface User {
  broke(error: Error): void;
}

/** How engines name a policy that forbids to compile: Chromium and Safari its keyword, Firefox the policy. */
const FORBIDDEN = /unsafe-eval|by CSP/;

/** A global of workerd alone. It compiles no WebAssembly at run time, so that a copied file would not help. */
const WORKER = "WebSocketPair";

/** Jest's jsdom hides them. */
const NEEDED = ["TextDecoder", "TextEncoder", "Response"];

/** One WebAssembly module with its current instance. */
export class WasmModule<G> {
  #arrival: Arrival;
  #copy: Copy | undefined;
  #loading: Promise<void> | undefined;
  #module: WebAssembly.Module | undefined;
  #glue: G | undefined;
  readonly #name: string;
  readonly #make: (guard: Guard) => G & Instantiates;
  readonly #broken: (cause: unknown) => Error;
  readonly #users = new Set<WeakReference<User>>();

  /** `generated` is wasm-bindgen's file. The build turns it into a function, and each call returns glue of its own. */
  constructor(name: string, generated: object, broken = brokenBy(name)) {
    this.#name = name;
    this.#arrival = () => Promise.reject(new Error(`${name} was imported without one of its entries`));
    this.#make = generated as (guard: Guard) => G & Instantiates;
    this.#broken = broken;
  }

  get isReady(): boolean {
    return this.#module !== undefined;
  }

  /** The classes and functions of the current instance. */
  get glue(): G {
    if (!this.#glue && this.#module) this.instantiate(this.#module);
    return this.#glue as G;
  }

  /** Notifies `user` when the current instance ends. Returns what stops that. */
  join(user: WeakReference<User>): () => void {
    this.#users.add(user);
    return () => void this.#users.delete(user);
  }

  /** Sets where the bytes are, for callers that do not supply them. `copy` serves where they are not. */
  arriveBy(way: Arrival, copy?: Copy): void {
    this.#arrival = way;
    this.#copy = copy;
  }

  /** For a platform that imports compiled modules. */
  instantiate(module: WebAssembly.Module): void {
    const glue = this.#guarded();
    glue.instantiateNow(module);
    this.#glue = glue;
  }

  /** Loads the module once, however often it is called. After a failure the next call tries again. */
  load(source?: unknown): Promise<void> {
    this.#loading ??= this.#load(source).catch((reason: unknown) => {
      this.#loading = undefined;
      throw reason;
    });
    return this.#loading;
  }

  async #load(source: unknown): Promise<void> {
    if (this.#module) return;
    const missing = NEEDED.filter((name) => !(name in globalThis));
    if (missing.length > 0)
      throw requestError(
        "platform.incomplete",
        `This environment has no ${missing.join(", ")}. In Jest use the environment jest-fixed-jsdom instead of jsdom.`,
      );
    const [module, wasCompiled] = await this.#compiled(source);
    if (wasCompiled) return this.instantiate(module);
    const glue = this.#guarded();
    await glue.instantiate(module);
    this.#glue = glue;
  }

  async #compiled(source: unknown): Promise<[module: WebAssembly.Module, wasCompiled?: boolean]> {
    let tried = source === undefined ? "the package" : "what load() was given";
    try {
      const arrived = (await (source ?? this.#arrival())) as Input;
      // Modules and buffers of edge runtimes and of jsdom are of another realm, where `instanceof` does not hold.
      const kind = Object.prototype.toString.call(arrived).slice(8, -1);
      if (kind === "WebAssembly.Module") return [arrived as WebAssembly.Module, true];
      if (kind === "ArrayBuffer" || ArrayBuffer.isView(arrived))
        return [await WebAssembly.compile(arrived as BufferSource)];
      if (kind !== "Response") tried = `${arrived} (no answer)`;
      const reply = kind === "Response" ? (arrived as Response) : await fetch(arrived as URL);
      const type = reply.headers.get("content-type");
      tried = `${reply.url} (status ${reply.status}, content type ${type})`;
      // Compiled while it arrives. Platforms require this content type for that.
      if (type === "application/wasm") return [await WebAssembly.compileStreaming(reply)];
      return [await WebAssembly.compile(await reply.arrayBuffer())];
    } catch (cause) {
      try {
        // Bundlers that leave the file behind answer its address with 404 or with a page.
        if (source === undefined && this.#copy)
          return [await WebAssembly.compile(await (await this.#copy()).default())];
      } catch {
        // What was tried first says more.
      }
      const step = FORBIDDEN.test(String(cause))
        ? "The Content-Security-Policy forbids to compile it. Add 'wasm-unsafe-eval' to script-src."
        : `${WORKER in globalThis ? "In a Worker bundle with the condition workerd" : "Copy node_modules/sysparm/dist/*.wasm there"}, or pass the file to load().`;
      const message = `The WebAssembly of ${this.#name} could not be loaded from ${tried}. ${step}`;
      throw new InstanceError(message, refusal("wasm.not-loaded", "network"), { cause });
    }
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
      // The trap is recorded first: where the stack is exhausted, what follows may throw, too. Only the first one counts, because
      // imports of the instance may call into it again.
      trap ??= { thrown };
      if (this.#glue === glue) this.#glue = undefined;
      throw over(trap.thrown);
    };
    const guardedExport = (run: (...given: unknown[]) => unknown) => {
      const any = (...given: unknown[]) => {
        if (trap) stop(trap.thrown);
        try {
          return run(...given);
        } catch (thrown) {
          return stop(thrown);
        }
      };
      // Most exports take few arguments, and a request calls dozens. Measured in Node: 25 ns a call, and 63 ns with rest arguments.
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
        return [name, guardedExport(run as (...given: unknown[]) => unknown)];
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

export const BROKEN = "instance.broken" satisfies KnownErrorCode;

/** The message after a trap; `then` says what to do. */
export const trapped = (name: string, then: string) =>
  `The WebAssembly of ${name} ended with a trap (see cause), and what was under way with it; ${then}`;

const brokenBy = (name: string) => (cause: unknown) =>
  new InstanceError(trapped(name, "the next call begins anew"), refusal(BROKEN, "instance"), { cause });
