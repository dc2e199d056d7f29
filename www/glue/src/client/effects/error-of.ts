import type { SysparmError } from "../../errors/index.js";
import type { Failure } from "../../protocol/failure.js";
import { toError } from "../errors.js";
import { explain, type InstanceFacts, redacted, redactedResponse, type Unredacted } from "../explain.js";

/** The error of a failed call, explained and without secrets. `whole`: what was read of the body of `reply`. */
export async function errorOf(
  failure: Failure,
  thrown: Unredacted<unknown> | undefined,
  reply: Response | undefined,
  whole: Unredacted<string> | undefined,
  facts: InstanceFacts,
): Promise<SysparmError> {
  const explained = await explain(failure, facts);
  try {
    const response = reply && whole ? await redactedResponse(reply, whole) : reply;
    return toError(explained, { response, ...(await redacted(thrown)) });
  } catch {
    // What reads them throws, such as a getter: they are left out.
    return toError(explained);
  }
}
