/** Node, Deno and Bun read the WebAssembly from the disk, because their `fetch` refuses file: addresses. */

import { decodePage } from "../effects/decoding.js";
import { decodeBy } from "../effects/read-reply.js";
import { core } from "../wasm.js";

core.arriveBy(async () => {
  const { readFile } = await import("node:fs/promises");
  return WebAssembly.compile(await readFile(new URL("./sysparm.wasm", import.meta.url)));
});

decodeBy(decodePage);

export * from "./index.js";

/** Loaded by its first call: within the client it would be two fifths of the bytes. */
export const classify: typeof import("sysparm").classify = async (...given) =>
  (await import("../../classify/node.js")).classify(...given);
