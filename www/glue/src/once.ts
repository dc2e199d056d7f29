/** A WebAssembly module, instantiated once. How its bytes arrive is the business of an entry. */
type Input = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;
type Arrival = () => Input | Promise<Input>;

export class Once {
  #arrival: Arrival;
  #loading: Promise<void> | undefined;
  #ready = false;
  readonly #initialise: (source: { module_or_path: Input | Promise<Input> }) => Promise<unknown>;
  readonly #instantiate: (source: { module: WebAssembly.Module }) => unknown;

  /** Of a module its name and the two functions that wasm-bindgen gives it. */
  constructor(
    name: string,
    initialise: (source: { module_or_path: Input | Promise<Input> }) => Promise<unknown>,
    instantiate: (source: { module: WebAssembly.Module }) => unknown,
  ) {
    this.#arrival = () => Promise.reject(new Error(`${name} was imported without one of its entries`));
    this.#initialise = initialise;
    this.#instantiate = instantiate;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** An entry says here how the bytes arrive when nobody supplies them. */
  arriveBy(way: Arrival): void {
    this.#arrival = way;
  }

  /** An entry that holds the compiled module already. */
  instantiate(module: WebAssembly.Module): void {
    this.#instantiate({ module });
    this.#ready = true;
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
    if (this.#ready) return;
    const module = (source ?? (await this.#arrival())) as Input | Promise<Input>;
    if (module instanceof WebAssembly.Module) this.instantiate(module);
    else await this.#initialise({ module_or_path: module });
    this.#ready = true;
  }
}
