/** Node, Deno and Bun decode the WebAssembly that the package embeds. A file next to the script is lost by bundlers and by `bun --compile`. */
import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";

export const decoded = (text: string): BufferSource => inflateRawSync(Buffer.from(text, "base64"));

export const compiled = async (copy: Promise<{ text: string }>): Promise<WebAssembly.Module> =>
  WebAssembly.compile(decoded((await copy).text));
