/** The WebAssembly of syncs, instantiated once, when the first sync begins. */
import initialise, { type InitInput, initSync, SyncRun } from "../sync-wasm/dist/sync.js";

export { SyncRun };

type Source = Parameters<typeof import("sysparm/sync").load>[0];
type Arrival = () => InitInput | Promise<InitInput>;

let arrival: Arrival = () => Promise.reject(new Error("sysparm/sync was imported without one of its entries"));
let loading: Promise<void> | undefined;

/** An entry says here how the bytes arrive when nobody supplies them. */
export function arriveBy(way: Arrival): void {
  arrival = way;
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
  const module = (source ?? (await arrival())) as InitInput | Promise<InitInput>;
  if (module instanceof WebAssembly.Module) initSync({ module });
  else await initialise({ module_or_path: module });
}
