/** A destination for `passThrough` without a broker: the credential is held, and a refused one is renewed at once. */

import type { CredentialSource, PresentedCredential } from "../../../www/worker/src/gateway/credentials.ts";
import type { Destination } from "../../../www/worker/src/gateway/pass-through.ts";
import { READS_ONLY, type Rules } from "../../../www/worker/src/gateway/rules.ts";
import { Timing } from "../../../www/worker/src/gateway/timing.ts";

/** Every method, and every address of `/api/now/...` and of scripted APIs. */
export const EVERYTHING: Rules = {
  scripted: true,
  methods: new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
  needsBody: () => false,
  decide: ({ target }) => ({ allowed: true, target }),
};

export interface TestDestination extends Destination {
  /** The credentials that were refused. */
  readonly refused: PresentedCredential[];
}

export function destination(instanceUrl: string, rules: Rules = READS_ONLY): TestDestination {
  const refused: PresentedCredential[] = [];
  const current = (): PresentedCredential => ({ name: "authorization", value: `Bearer token-${refused.length + 1}` });
  const credentials: CredentialSource = {
    held: current,
    async obtain(given) {
      if (given) refused.push(given);
      return current();
    },
  };
  return { instanceUrl, credentials, rules, refused };
}

/** Of a request that begins now. */
export const timing = (): Timing => new Timing(Date.now);
