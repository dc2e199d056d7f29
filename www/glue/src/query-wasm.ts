/**
 * The WebAssembly of encoded queries, instantiated once. Where the platform can, an entry does it while it is imported, and
 * queries work at once; a browser has to fetch it first.
 */
import initialise, { type InitInput, initSync } from "../query-wasm/dist/query.js";

type Source = Parameters<typeof import("sysparm/query").load>[0];
type Arrival = () => InitInput | Promise<InitInput>;

let arrival: Arrival = () => Promise.reject(new Error("sysparm/query was imported without one of its entries"));
let loading: Promise<void> | undefined;
let ready = false;

/** An entry says here how the bytes arrive when nobody supplies them. */
export function arriveBy(way: Arrival): void {
  arrival = way;
}

/** An entry that holds the compiled module already. */
export function instantiateNow(module: WebAssembly.Module): void {
  initSync({ module });
  ready = true;
}

/** Once, however often it is called; after a failure the next call tries again. */
export function load(source?: Source): Promise<void> {
  loading ??= instantiate(source).catch((reason: unknown) => {
    loading = undefined;
    throw reason;
  });
  return loading;
}

async function instantiate(source: Source): Promise<void> {
  if (ready) return;
  const module = (source ?? (await arrival())) as InitInput | Promise<InitInput>;
  if (module instanceof WebAssembly.Module) initSync({ module });
  else await initialise({ module_or_path: module });
  ready = true;
}

export function isReady(): boolean {
  return ready;
}
