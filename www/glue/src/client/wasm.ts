/** The client's two WebAssembly modules, and what is used of the first without a client. */
import * as pagination from "../../pages-wasm/dist/pages.js";
import * as generated from "../../wasm/dist/sysparm.js";
import { WANTED_HEADERS } from "../protocol/codes.js";
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

/** Dates of RFC 9110 section 5.6.7, which a comma separates where a proxy has repeated the header: fetch joins both. */
const DATE = /[A-Z]\w+,? [^,]+/g;

/** The form of asctime() ends with the year and is in UTC. */
const timeOf = (date = "") => Date.parse(date.replace(/ \d{4}$/, "$& GMT"));

/** The headers of a reply that the core wants to see, as lines. Dates are parsed here, because a parser in the core would cost bytes. */
export function headerLines({ headers }: Response): string {
  const clock = timeOf(headers.get("date")?.match(DATE)?.[0]);
  const now = clock || Date.now();
  const seconds = (date: string) => String(Math.ceil(Math.max(0, timeOf(date) - now) / 1000));
  let lines = "";
  for (const name of WANTED_HEADERS) {
    const value = headers.get(name);
    if (value === null) continue;
    const isWait = name === "retry-after";
    const inSeconds = isWait ? value.replace(DATE, seconds) : value;
    lines += `${name}: ${name === "date" ? clock / 1000 : inSeconds}\n`;
  }
  return lines;
}
