/**
 * The one WebAssembly module, instantiated once. How its bytes arrive is the entry's business.
 */
import initialise, {
  Client,
  countPath,
  type InitInput,
  initSync,
  recordPath,
  Walk,
  wantedHeaders,
} from "../wasm/dist/sysparm.js";

export { Client, countPath, recordPath, Walk };

type Source = Parameters<typeof import("sysparm").load>[0];
type Bytes = InitInput | Promise<InitInput>;
type Arrival = () => Promise<InitInput>;

let arrival: Arrival = () => Promise.reject(new Error("sysparm was imported without one of its entries"));
let loading: Promise<void> | undefined;
let headers: readonly string[] = [];

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
  const module = (source ?? (await arrival())) as Bytes;
  if (module instanceof WebAssembly.Module) {
    initSync({ module });
  } else {
    await initialise({ module_or_path: module });
  }
  headers = wantedHeaders().split(",");
}

/** The headers of a reply that the core wants to see, as lines. */
export function headerLines(reply: Response): string {
  let lines = "";
  for (const name of headers) {
    const value = reply.headers.get(name);
    // Dates are read here, where that costs nothing.
    if (value !== null) lines += `${name}: ${name === "date" ? Date.parse(value) / 1000 : value}\n`;
  }
  return lines;
}
