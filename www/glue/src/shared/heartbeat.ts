/**
 * Tells whether the incoming request that does some work still runs. A Worker's request may end at any moment, and nothing of it runs
 * afterwards: neither `finally` nor a rejection. Other requests can only notice that its signs stop.
 */

const SIGN_MS = 100;
/** Without a sign for this long the request has ended. */
const SILENCE_MS = 1000;
const POLL_MS = 25;

export interface Heartbeat {
  isAlive(): boolean;
  end(): void;
}

/** Begins the signs of the present request. */
export function heartbeat(): Heartbeat {
  let seen = Date.now();
  const timer = setInterval(() => {
    seen = Date.now();
  }, SIGN_MS);
  return {
    isAlive: () => Date.now() - seen < SILENCE_MS,
    end() {
      clearInterval(timer);
      seen = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Waits, with a timer of the present request, while `isBusy`. */
export async function waitWhile(isBusy: () => boolean): Promise<void> {
  while (isBusy()) await new Promise((wake) => setTimeout(wake, POLL_MS));
}
