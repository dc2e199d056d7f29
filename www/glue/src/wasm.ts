/** The core's WebAssembly, and what is asked of it before there is a client. */
import initialise, {
  Client,
  countPath,
  explainReply,
  initSync,
  recordPath,
  Walk,
  wantedHeaders,
} from "../wasm/dist/sysparm.js";
import { Once } from "./once.js";

export { Client, countPath, explainReply, recordPath, Walk };

export const core = new Once("sysparm", initialise, initSync);

export const load: typeof import("sysparm").load = (source) => core.load(source);

let headers: readonly string[] | undefined;

/** The headers of a reply that the core wants to see, as lines. */
export function headerLines(reply: Response): string {
  headers ??= wantedHeaders().split(",");
  let lines = "";
  for (const name of headers) {
    const value = reply.headers.get(name);
    // Dates are read here, where that costs nothing.
    if (value !== null) lines += `${name}: ${name === "date" ? Date.parse(value) / 1000 : value}\n`;
  }
  return lines;
}
