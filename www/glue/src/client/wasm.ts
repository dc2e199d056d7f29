/** The client's WebAssembly, and what is used of it without a client. */
import * as generated from "../../wasm/dist/sysparm.js";
import { WasmModule } from "../shared/wasm-module.js";
import { broken } from "./errors.js";
import { loadExplainer } from "./explain.js";

type Glue = typeof generated;
export type Client = InstanceType<Glue["Client"]>;
export type Walk = InstanceType<Glue["Walk"]>;

export const core = new WasmModule<Glue>("sysparm", generated.default, broken);

export const load: typeof import("sysparm").load = async (source, explaining) => {
  if (explaining !== undefined) void loadExplainer(explaining);
  await core.load(source);
};

let headers: readonly string[] | undefined;

/** The headers of a reply that the core wants to see, as lines. */
export function headerLines(reply: Response): string {
  headers ??= core.glue.wantedHeaders().split(",");
  let lines = "";
  for (const name of headers) {
    const value = reply.headers.get(name);
    // Dates are parsed in JavaScript, because a parser in the core would cost bytes.
    if (value !== null) lines += `${name}: ${name === "date" ? Date.parse(value) / 1000 : value}\n`;
  }
  return lines;
}
