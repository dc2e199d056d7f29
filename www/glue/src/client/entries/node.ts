/** Node, Deno and Bun read the WebAssembly from the disk: their fetch takes no file: addresses. */

import { decodePage } from "../effects/decoding.js";
import { decodeBy } from "../effects/read-reply.js";
import { core } from "../wasm.js";

core.arriveBy(async () => {
  const { readFile } = await import("node:fs/promises");
  return WebAssembly.compile(await readFile(new URL("./sysparm.wasm", import.meta.url)));
});

decodeBy(decodePage);

export * from "./index.js";

// A file of its own, loaded when it is called: within the client it would be two fifths of it.
export const classify: typeof import("sysparm").classify = async (...told) =>
  (await import("../../classify/node.js")).classify(...told);
