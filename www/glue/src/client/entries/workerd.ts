/** Workers cannot compile WebAssembly from bytes; they import it compiled. */

import { refusal } from "../../errors/index.js";
import type { PendingCall } from "../../protocol/call.js";
import { connect as open } from "../connect.js";
import { separateBy } from "../effects/pending-calls.js";
import { lockBy } from "../effects/token-effects.js";
import { mayHaveWritten } from "../effects/unsent.js";
import { toError } from "../errors.js";
import { explainBy } from "../explain.js";
import { core, walks } from "../wasm.js";
import pages from "./pages.wasm";
import module from "./sysparm.wasm";

core.arriveBy(async () => module);
walks.arriveBy(() => pages);

export * from "./index.js";

function requestEnded(message: string, call: PendingCall): Error {
  const diagnosis = refusal("instance.request-ended", "instance");
  return toError({ message, diagnosis, unknownOutcome: mayHaveWritten(call) });
}

let isSeparated = false;

/** Awaits no promise of another request: that one may end before it is settled. */
export const connect: typeof import("sysparm").connect = async (options) => {
  if (!isSeparated) {
    const { lockInIsolate, RequestContexts } = await import("../../worker-requests/index.js");
    separateBy((instance) => new RequestContexts(instance, requestEnded));
    lockBy(lockInIsolate);
    isSeparated = true;
  }
  return open(options);
};

/** Loaded with the first failure, or by its first call. */
const classifier = () => import("../../classify/workerd.js");
explainBy(classifier);

export const classify: typeof import("sysparm").classify = async (...given) => (await classifier()).classify(...given);
