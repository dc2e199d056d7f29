import type { Failure } from "../../protocol/failure.js";
import { toError } from "../errors.js";
import { explain, type InstanceFacts, redacted, redactedResponse, type Unredacted } from "../explain.js";

/**
 * Throws the error of a failed call, explained and without secrets. `whole`: what was read of the body of `reply`; without it none is
 * shown.
 */
export async function rejectedBy(
  failure: Failure,
  thrown: Unredacted<unknown> | undefined,
  reply: Response | undefined,
  whole: Unredacted<string> | undefined,
  facts: InstanceFacts,
): Promise<never> {
  const explained = await explain(failure, facts);
  const response = reply && whole && (await redactedResponse(reply, whole));
  throw toError(explained, { response, ...(await redacted(thrown)) });
}
