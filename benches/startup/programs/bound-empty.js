/** A bound: WebAssembly without any function, before the two calls of fetch. */
import empty from "#empty.wasm";
import { firstRows as bareRows } from "./bare.js";
import { instantiated } from "./instantiated.js";

export const prepare = () => instantiated(empty);

/** The number of rows. */
export async function firstRows(url) {
  await prepare();
  return bareRows(url);
}
