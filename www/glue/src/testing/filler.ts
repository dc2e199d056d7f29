/** A body that is only a text, repeated: a large reply takes no memory. */
import { simulations } from "./wasm.js";

const PIECE_BYTES = 65_536;

export function* filler(length: number): Generator<Uint8Array, void> {
  const text = new TextEncoder().encode(simulations.glue.filler());
  const piece = new Uint8Array(PIECE_BYTES).map((_, at) => text[at % text.length] as number);
  for (let left = length; left > 0; left -= PIECE_BYTES) yield piece.subarray(0, left);
}
