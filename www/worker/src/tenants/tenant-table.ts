/** The statements of the registry. Each method runs within one transaction of its caller. Time is an argument. */

import type { TenantRecord, TenantState } from "./record.ts";
import type {
  AttentionReport,
  CredentialKind,
  PutOutcome,
  SealedCredential,
  TenantDetails,
  TenantEntry,
  TenantPage,
  TenantSummary,
} from "./registry-rpc.ts";
import type { Sql } from "./registry-schema.ts";

/** Of one page of the list. */
const MOST_LISTED = 100;

const USE_NOTED_EACH_MS = 3_600_000;
const LONGEST_ATTENTION = 2_000;

/** A row of the table `tenant`. */
interface Row {
  id: string;
  version: number;
  credential_version: number;
  state: TenantState;
  /** JSON of a `TenantRecord`. */
  record: string;
  credential_kind: CredentialKind;
  sealed_credential: string;
  attention: string | null;
  changed_at: number;
}

/** Sealed credentials, and how they sign in. */
interface NewCredential {
  kind: CredentialKind;
  sealed: string;
}

/** The tenants in a Durable Object's SQL storage. */
export class TenantTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  entry(id: string): TenantEntry | null {
    const row = this.#row(id);
    return (
      row && { ...recordOf(row), state: row.state, version: row.version, credentialVersion: row.credential_version }
    );
  }

  ids(): string[] {
    return this.#sql
      .exec("SELECT id FROM tenant")
      .toArray()
      .map(({ id }) => String(id));
  }

  credential(id: string): SealedCredential | null {
    const row = this.#row(id);
    return row && { version: row.credential_version, sealed: row.sealed_credential };
  }

  /**
   * Stores a tenant. What is not given stays, but credentials stay with their instance: neither they nor a token that they have obtained may
   * reach another address.
   */
  put(
    record: TenantRecord,
    given: { state: TenantState | undefined; credential?: NewCredential },
    now: number,
  ): PutOutcome {
    const row = this.#row(record.id);
    const { credential } = given;
    if (credential === undefined && row === null) return NO_CREDENTIALS;
    if (credential === undefined && row && recordOf(row).instanceUrl !== record.instanceUrl) return OTHER_INSTANCE;
    const version = this.#nextVersion();
    const credentialVersion = credential || row === null ? version : row.credential_version;
    this.#sql.exec(
      `INSERT OR REPLACE INTO tenant
         (id, version, credential_version, state, record, credential_kind, sealed_credential, attention, changed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[record.id, version, credentialVersion, given.state ?? row?.state ?? "active", JSON.stringify(record)],
      ...[credential?.kind ?? row?.credential_kind ?? null, credential?.sealed ?? row?.sealed_credential ?? null],
      ...[credential ? null : (row?.attention ?? null), now],
    );
    this.#forgetOldCallers(record);
    return { version, credentialVersion, created: row === null };
  }

  /** The same credentials under another key, unless others were stored meanwhile. */
  replaceSealed(id: string, before: string, sealed: string): void {
    this.#sql.exec(
      "UPDATE tenant SET sealed_credential = ? WHERE id = ? AND sealed_credential = ?",
      sealed,
      id,
      before,
    );
  }

  page(after: string, limit = MOST_LISTED): TenantPage {
    const most = Math.max(1, Math.min(MOST_LISTED, Math.trunc(limit) || MOST_LISTED));
    const rows = this.#rows("SELECT * FROM tenant WHERE id > ? ORDER BY id LIMIT ?", after, most + 1);
    const tenants = rows.slice(0, most).map(summaryOf);
    const last = tenants.at(-1);
    return rows.length > most && last ? { tenants, next: last.id } : { tenants };
  }

  details(id: string): TenantDetails | null {
    const row = this.#row(id);
    if (row === null) return null;
    const { callers: _, ...summary } = summaryOf(row);
    const uses = this.#sql.exec("SELECT caller, used_at FROM caller_use WHERE tenant = ?", id).toArray();
    const lastUse = Object.fromEntries(uses.map(({ caller, used_at }) => [String(caller), Number(used_at)]));
    return { ...summary, record: recordOf(row), lastUse };
  }

  setState(id: string, state: TenantState, now: number): number | null {
    const row = this.#row(id);
    if (row === null || row.state === state) return row?.version ?? null;
    const version = this.#nextVersion();
    this.#sql.exec("UPDATE tenant SET version = ?, state = ?, changed_at = ? WHERE id = ?", version, state, now, id);
    return version;
  }

  remove(id: string): boolean {
    if (this.#row(id) === null) return false;
    this.#sql.exec("DELETE FROM tenant WHERE id = ?", id);
    this.#sql.exec("DELETE FROM caller_use WHERE tenant = ?", id);
    return true;
  }

  used(id: string, caller: string, now: number): void {
    const row = this.#row(id);
    // Only callers that exist, so that their number bounds the table.
    if (row === null || !recordOf(row).callers.some(({ name }) => name === caller)) return;
    this.#sql.exec(
      `INSERT INTO caller_use (tenant, caller, used_at) VALUES (?1, ?2, ?3)
       ON CONFLICT (tenant, caller) DO UPDATE SET used_at = ?3 WHERE used_at <= ?3 - ${USE_NOTED_EACH_MS} OR used_at > ?3`,
      ...[id, caller, now],
    );
  }

  setAttention(id: string, report: AttentionReport | null): void {
    const row = this.#row(id);
    if (row === null || (report !== null && report.credentialVersion !== row.credential_version)) return;
    const text = report && JSON.stringify({ ...report, message: report.message.slice(0, LONGEST_ATTENTION) });
    if (text !== row.attention) this.#sql.exec("UPDATE tenant SET attention = ? WHERE id = ?", text, id);
  }

  #nextVersion(): number {
    return Number(this.#sql.exec("UPDATE counter SET last = last + 1 RETURNING last").toArray()[0]?.last);
  }

  #forgetOldCallers({ id, callers }: TenantRecord): void {
    const names = JSON.stringify(callers.map(({ name }) => name));
    this.#sql.exec(
      "DELETE FROM caller_use WHERE tenant = ? AND caller NOT IN (SELECT value FROM json_each(?))",
      id,
      names,
    );
  }

  #row(id: string): Row | null {
    return this.#rows("SELECT * FROM tenant WHERE id = ?", id)[0] ?? null;
  }

  #rows(query: string, ...values: (string | number)[]): Row[] {
    return this.#sql.exec(query, ...values).toArray() as unknown as Row[];
  }
}

const NO_CREDENTIALS: PutOutcome = { problems: ["Missing option `auth`. Pass the credentials of a new tenant."] };
const OTHER_INSTANCE: PutOutcome = {
  problems: [
    "Missing option `auth`. Pass the credentials for the new `instanceUrl`: the stored ones stay with the old one.",
  ],
};

function recordOf({ record }: Row): TenantRecord {
  return JSON.parse(record);
}

function summaryOf(row: Row): TenantSummary {
  const { instanceUrl, callers } = recordOf(row);
  const attention = row.attention === null ? undefined : (JSON.parse(row.attention) as AttentionReport);
  return {
    id: row.id,
    version: row.version,
    credentialVersion: row.credential_version,
    instanceUrl,
    credential: row.credential_kind,
    // A pause is the operator's own decision, so it is shown first.
    state: row.state === "active" && attention ? "needs attention" : row.state,
    ...(attention && { attention }),
    callers: callers.length,
    changedAt: row.changed_at,
  };
}
