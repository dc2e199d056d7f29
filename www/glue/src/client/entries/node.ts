/** Node, Deno and Bun read the WebAssembly from the disk, because their `fetch` refuses file: addresses. */

import { decodePage } from "../effects/decoding.js";
import { decodeBy } from "../effects/read-reply.js";
import { explainBy } from "../explain.js";
import { core, walks } from "../wasm.js";

const compiled = async (address: URL) => {
  const { readFile } = await import("node:fs/promises");
  return WebAssembly.compile(await readFile(address));
};

core.arriveBy(() => compiled(new URL("./sysparm.wasm", import.meta.url)));
walks.arriveBy(() => compiled(new URL("./pages.wasm", import.meta.url)));

decodeBy(decodePage);

export * from "./index.js";

/** Loaded with the first failure, or by its first call. */
const classifier = () => import("../../classify/node.js");
explainBy(classifier);

export const classify: typeof import("sysparm").classify = async (...given) => (await classifier()).classify(...given);
