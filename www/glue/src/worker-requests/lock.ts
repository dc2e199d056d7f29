/** The lock of instances that share an isolate and have no other lock. */
import type { Lock } from "sysparm";
import { type Heartbeat, heartbeat, waitWhile } from "../shared/heartbeat.js";

const holders = new Map<string, Heartbeat>();

/** One holder among all instances of this isolate. One whose request has ended holds nothing. */
export const lockInIsolate: Lock = {
  async request(name, run) {
    const isHeld = () => holders.get(name)?.isAlive() === true;
    // Looked at again after each wait: another caller may have gone on first.
    while (isHeld()) await waitWhile(isHeld);
    const holder = heartbeat();
    holders.set(name, holder);
    try {
      return await run();
    } finally {
      holder.end();
      if (holders.get(name) === holder) holders.delete(name);
    }
  },
};
