/** A destination for `passThrough` without a broker: the credential is held, and a refused one is renewed at once. */

import { CallerUse } from "../../../www/worker/src/gateway/caller-use.ts";
import type { CredentialSource, PresentedCredential } from "../../../www/worker/src/gateway/credentials.ts";
import type { Destination } from "../../../www/worker/src/gateway/pass-through.ts";
import { Timing } from "../../../www/worker/src/gateway/timing.ts";
import { compilePolicy } from "../../../www/worker/src/policy/policy.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";

/** Every method, and every address. */
export const EVERYTHING: Policy = { unrestricted: ["GET", "POST", "PATCH", "PUT", "DELETE"] };

export interface TestDestination extends Destination {
  /** The credentials that were refused. */
  readonly refused: PresentedCredential[];
}

export function destination(instanceUrl: string, policy: Policy = { unrestricted: ["GET"] }): TestDestination {
  const refused: PresentedCredential[] = [];
  const current = (): PresentedCredential => ({ name: "authorization", value: `Bearer token-${refused.length + 1}` });
  const credentials: CredentialSource = {
    held: current,
    async obtain(given) {
      if (given) refused.push(given);
      return current();
    },
  };
  const use = new CallerUse("acme", "tests");
  return { instanceUrl, credentials, policy: compilePolicy(policy), scripted: true, use, refused };
}

/** Of a request that begins now. */
export const timing = (): Timing => new Timing(Date.now);
