/**
 * Where the package gets its token from in a request: this isolate's memory while the token has time left, else the
 * keeper. What is remembered is plain data; promises and streams of one request must not be used by another.
 */

import type { Diagnosis, TokenSource } from "sysparm";
import type { Tenant } from "./configuration.ts";

/** What crosses from the keeper to the isolate that asked: errors lose their class on the way, so they go as data. */
export type TokenReport =
  | { readonly token: string; readonly expiresAt: number | null }
  | { readonly failure: FailureReport };

/** Why there is no token. Never holds a secret: the package's messages and diagnoses do not. */
export interface FailureReport {
  readonly message: string;
  readonly diagnosis: Diagnosis;
}

/** What is used of the binding of keepers. */
export interface Keepers {
  getByName(name: string): { token(refused?: string): Promise<TokenReport> };
}

/** Why the keeper has no token. The package carries it as `cause` of the error that it throws. */
export class TokenFailure extends Error {
  override readonly name = "TokenFailure";
  readonly report: FailureReport;

  constructor(report: FailureReport) {
    super(report.message);
    this.report = report;
  }
}

/** What the package counts as too old to use. */
const TOO_OLD_MS = 30_000;

/** Makes the token sources of one tenant; one per request, because the stub belongs to the request. */
export class TokenMemory {
  readonly #tenant: Tenant;
  #remembered: { readonly token: string; readonly expiresAt: number } | undefined;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  source(keepers: Keepers): TokenSource {
    return async (refused) => {
      const held = this.#remembered;
      if (held && refused === undefined && held.expiresAt - Date.now() > TOO_OLD_MS) return held;
      if (held?.token === refused) this.#remembered = undefined;

      const report = await keepers.getByName(`${this.#tenant.instanceUrl} ${this.#tenant.clientId}`).token(refused);
      if ("failure" in report) throw new TokenFailure(report.failure);
      if (report.expiresAt === null) return { token: report.token };
      this.#remembered = { token: report.token, expiresAt: report.expiresAt };
      return this.#remembered;
    };
  }
}
