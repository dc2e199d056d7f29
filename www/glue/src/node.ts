/** Node, Deno and Bun read the WebAssembly from the disk: their fetch takes no file: addresses. */
import { Buffer, isAscii } from "node:buffer";
import { decodeInPieces } from "./reply.js";
import { core } from "./wasm.js";

core.arriveBy(async () => {
  const { readFile } = await import("node:fs/promises");
  return WebAssembly.compile(await readFile(new URL("./sysparm.wasm", import.meta.url)));
});

// A decoder goes over megabytes at a gigabyte a second; ASCII needs no decoding.
decodeInPieces((piece) =>
  isAscii(piece) ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1") : undefined,
);

export * from "./index.js";

// A file of its own, loaded when it is called: within the client it would be two fifths of it.
export const classify: typeof import("sysparm").classify = async (...told) =>
  (await import("./classify-node.js")).classify(...told);
