import type { SysparmError } from "../../errors/index.js";
import type { Failure } from "../../protocol/failure.js";
import { toError } from "../errors.js";
import { explain, type InstanceFacts, redacted, redactedResponse, type Unredacted } from "../explain.js";

/** The error of a failed call, explained and without secrets. `whole`: what was read of the body of `reply`; without it none is shown. */
export async function errorOf(
  failure: Failure,
  thrown: Unredacted<unknown> | undefined,
  reply: Response | undefined,
  whole: Unredacted<string> | undefined,
  facts: InstanceFacts,
): Promise<SysparmError> {
  const explained = await explain(failure, facts);
  const response = reply && whole && (await redactedResponse(reply, whole));
  return toError(explained, { response, ...(await redacted(thrown)) });
}
