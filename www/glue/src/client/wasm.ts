/** The client's two WebAssembly modules, and what is used of the first without a client. */
import * as pagination from "../../pages-wasm/dist/pages.js";
import * as generated from "../../wasm/dist/sysparm.js";
import { noop } from "../shared/page-requests.js";
import { WasmModule } from "../shared/wasm-module.js";
import { broken } from "./errors.js";
import { loadExplainer } from "./explain.js";

type Glue = typeof generated;
type Pagination = typeof pagination;
export type Client = InstanceType<Glue["Client"]>;
export type Walk = InstanceType<Pagination["Walk"]>;

export const core = new WasmModule<Glue>("sysparm", generated.default, broken);

/** Loaded by the first reading of pages. Its glue is part of the entry: a service worker cannot import another file. */
export const walks = new WasmModule<Pagination>("pages()", pagination.default, (cause) =>
  broken(cause, false, "pages()", "another reading begins anew"),
);

/** Starts loading what the first reading needs. */
export function loadWalks(source?: unknown): void {
  walks.load(source).catch(noop);
}

export const load: typeof import("sysparm").load = async (source, explaining, reading) => {
  if (explaining !== undefined) void loadExplainer(explaining);
  if (reading !== undefined) loadWalks(reading);
  await core.load(source);
};

let headers: readonly string[] | undefined;

/** The headers of a reply that the core wants to see, as lines. */
export function headerLines(reply: Response): string {
  headers ??= core.glue.wantedHeaders().split(",");
  let lines = "";
  for (const name of headers) {
    const value = reply.headers.get(name);
    // Dates are parsed in JavaScript, because a parser in the core would cost bytes. A proxy may repeat the header: fetch joins both.
    if (value !== null)
      lines += `${name}: ${name === "date" ? Date.parse(value.replace(/GMT,.*/, "GMT")) / 1000 : value}\n`;
  }
  return lines;
}
