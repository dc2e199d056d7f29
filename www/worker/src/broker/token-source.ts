/**
 * The package's token source in a request: this isolate's memory while the token has time left, otherwise the token keeper. Only
 * plain data is cached: promises and streams of one request must not be used by another.
 */

import type { Diagnosis, TokenSource } from "sysparm";
import type { Tenant } from "../tenants/from-bindings.ts";

/** The keeper's reply to an isolate. Errors lose their class in remote calls, so they are passed as data. */
export type TokenReport =
  | { readonly token: string; readonly expiresAt: number | null }
  | { readonly failure: FailureReport };

/** Why there is no token. Without secrets, as the package's messages and diagnoses. */
export interface FailureReport {
  readonly message: string;
  readonly diagnosis: Diagnosis;
}

/** The part of the binding that is used here. */
export interface Keepers {
  getByName(name: string): { token(refused?: string): Promise<TokenReport> };
}

/** The keeper's failure. The package sets it as `cause` of the error that it throws. */
export class TokenFailure extends Error {
  override readonly name = "TokenFailure";
  readonly report: FailureReport;

  constructor(report: FailureReport) {
    super(report.message);
    this.report = report;
  }
}

/** A token with less time left is not used, as in the package. */
const EXPIRY_MARGIN_MS = 30_000;

/** A token, and the header that presents it, which is written once. */
export interface HeldToken {
  readonly token: string;
  readonly expiresAt: number;
  readonly authorization: string;
}

/** Makes the token sources of one tenant; one per request, because the stub belongs to the request. */
export class TokenMemory {
  readonly #tenant: Tenant;
  #remembered: HeldToken | undefined;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** The token, while it has time left. */
  held(): HeldToken | undefined {
    const held = this.#remembered;
    return held && held.expiresAt - Date.now() > EXPIRY_MARGIN_MS ? held : undefined;
  }

  source(keepers: Keepers): TokenSource {
    return async (refused) => {
      const held = refused === undefined ? this.held() : undefined;
      if (held) return { token: held.token, expiresAt: held.expiresAt };
      if (this.#remembered?.token === refused) this.#remembered = undefined;

      const report = await keepers.getByName(`${this.#tenant.instanceUrl} ${this.#tenant.clientId}`).token(refused);
      if ("failure" in report) throw new TokenFailure(report.failure);
      if (report.expiresAt === null) return { token: report.token };
      const { token, expiresAt } = report;
      this.#remembered = { token, expiresAt, authorization: `Bearer ${token}` };
      return { token, expiresAt };
    };
  }
}
