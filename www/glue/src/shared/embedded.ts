/** Node, Deno and Bun decode the WebAssembly that the package embeds. A file next to the script is lost by bundlers and by `bun --compile`. */
import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";

export const decoded = (text: string): BufferSource => inflateRawSync(Buffer.from(text, "base64"));

/**
 * Compiled at once, which takes 2 to 5 ms. `WebAssembly.compile` waits for threads that V8 gives to Node's HTTP parser after the first reply:
 * 50 to 100 ms.
 */
export const compiled = async (copy: Promise<{ text: string }>): Promise<WebAssembly.Module> =>
  new WebAssembly.Module(decoded((await copy).text));
