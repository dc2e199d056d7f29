/** The requests of one reading, which end together: when the reading is over, or when the caller's signal is aborted. */

import type { CallOptions } from "sysparm";
import type { Answered } from "../protocol/call.js";
import { Cancellation } from "../protocol/cancellation.js";
import { ExpectedBody } from "../protocol/codes.js";
import type { Send } from "../protocol/send.js";

/** Sends the page requests of one reading. */
export interface PageRequests {
  ask(path: string): Promise<Answered>;
  /** Aborted once nothing more may be requested. */
  cancellation: Cancellation;
  /** Ends the reading and cancels its requests in flight. */
  end(): void;
}

/** Attached to a promise whose rejection is reported elsewhere, so that the platform does not report it as unhandled. */
export const noop = () => undefined;

/** Begins the requests of a reading, which the signal cancels. All of them have the same headers and parameters of the caller. */
export function pageRequests(send: Send, { signal, headers, params }: CallOptions): PageRequests {
  const cancellation = new Cancellation();
  const abort = () => cancellation.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  return {
    ask: (path) => send({ method: "GET", path, expect: ExpectedBody.rows, cancellation, headers, params }),
    cancellation,
    end() {
      signal?.removeEventListener("abort", abort);
      cancellation.abort();
    },
  };
}
