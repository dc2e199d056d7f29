/** Waits for what happens soon, so that a test in which it does not happen fails and ends. */
import { setTimeout } from "node:timers/promises";

const LONGEST_WAIT_MS = 20_000;

/** @throws Error that names what did not happen */
export async function until(happened: () => boolean, what: string): Promise<void> {
  const end = Date.now() + LONGEST_WAIT_MS;
  while (!happened()) {
    if (Date.now() > end) throw new Error(`${LONGEST_WAIT_MS / 1000} s are over without ${what}`);
    await setTimeout(1);
  }
}
