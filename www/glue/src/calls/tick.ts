/** When the reads of one tick are complete. */
import { noop } from "../shared/page-requests.js";
import { isInWorkerd } from "../shared/platform.js";

/** More than promises that `Promise.all` and async functions put between the reads of one caller. */
const HOPS = 10;

export function atEndOfTick(run: () => Promise<void>): void {
  if (!isInWorkerd()) {
    setTimeout(run, 0);
    return;
  }
  // A request that ends before its timer fires would leave the reads of other requests waiting.
  let hopped: Promise<unknown> = Promise.resolve();
  for (let hops = 0; hops < HOPS; hops += 1) hopped = hopped.then(noop);
  void hopped.then(run);
}
