/** Node, Deno and Bun. */

import { compiled } from "../../shared/embedded.js";
import { decodePage } from "../effects/decoding.js";
import { fetchWith } from "../effects/fetch-request.js";
import { decodeBy } from "../effects/read-reply.js";
import { explainBy } from "../explain.js";
import { core, walks } from "../wasm.js";

core.arriveBy(() => compiled(import("./sysparm-embedded.js")));
walks.arriveBy(() => compiled(import("./pages-embedded.js")));

decodeBy(decodePage);

interface DenoOnly {
  createHttpClient?(options: { poolMaxIdlePerHost: number }): object;
}
let client: object | undefined;

/**
 * Deno's fetch sends a request again, also a POST, when a reused connection ends before the answer (denoland/deno#32566, #35610). A write
 * has a connection of its own, also with a given fetch, which mostly calls that of Deno.
 */
fetchWith((method) => {
  if (/^(GET|HEAD|OPTIONS)$/.test(method)) return undefined;
  const { Deno } = globalThis as { Deno?: DenoOnly };
  client ??= Deno?.createHttpClient?.({ poolMaxIdlePerHost: 0 });
  return client && { client };
});

export * from "./index.js";

/** Loaded with the first failure, or by its first call. */
const classifier = () => import("../../classify/node.js");
explainBy(classifier);

export const classify: typeof import("sysparm").classify = async (...given) => (await classifier()).classify(...given);
