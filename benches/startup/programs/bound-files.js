/** A bound: the client's WebAssembly before the two calls of fetch, and that of readings during them. Nothing in them is called. */

import pages from "#pages.wasm";
import client from "#sysparm.wasm";
import { firstRows as bareRows } from "./bare.js";
import { instantiated } from "./instantiated.js";

export const prepare = () => instantiated(client);

/** The number of rows. */
export async function firstRows(url) {
  await prepare();
  const [rows] = await Promise.all([bareRows(url), instantiated(pages)]);
  return rows;
}
