/** Makes the files that embed WebAssembly as text: an application's bundler keeps JavaScript together, and often loses other files. */
import { constants, deflateRawSync } from "node:zlib";

/**
 * Decodes in any runtime. jsdom hides the streams of Node and shows its built-in modules (`process.getBuiltinModule`, Node 20.16).
 * A format that `DecompressionStream` knows: brotli would be a sixth smaller, and pages cannot decode it.
 */
const DECODE = `async () => {
  const packed = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const zlib = globalThis.process?.getBuiltinModule?.("node:zlib");
  if (zlib) return zlib.inflateRawSync(packed);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}`;

/** A module with the deflated bytes as base64 in `text`, and a default export that decodes them. */
export function embedded(wasm: Uint8Array): string {
  const text = deflateRawSync(wasm, { level: constants.Z_BEST_COMPRESSION }).toString("base64");
  return `export const text = "${text}";\nexport default ${DECODE};\n`;
}
