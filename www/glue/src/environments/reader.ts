/**
 * Lists of records as facts. What one list's request meets is the reason of that fact alone: the other lists go on. Only where no list at all
 * could be read is the first failure thrown, for then it is the connection that fails.
 */
import type { Instance, KnownErrorCode, Row } from "sysparm";
import type { Fact } from "sysparm/environments";

/** A record as texts by field; hidden fields are absent. */
export type CellTexts = Readonly<Record<string, string | undefined>>;

/** A list that is asked for. */
export interface AskedList {
  table: string;
  query: string;
  fields: readonly string[];
  /** Rows at most; 1,000 by default. */
  most?: number;
}

const MOST = 1000;

/** Reads lists for one inventory. */
export class Reader {
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: (fact: string) => void;
  #read = 0;
  #failure: unknown;

  constructor(signal: AbortSignal | undefined, onProgress: ((fact: string) => void) | undefined) {
    this.#signal = signal;
    this.#onProgress = onProgress ?? (() => undefined);
  }

  begin(fact: string): void {
    this.#signal?.throwIfAborted();
    this.#onProgress(fact);
  }

  /** The rows of a list. Rows that hold no field asked for are counted as hidden. */
  async list(instance: Instance, { table, query, fields, most = MOST }: AskedList): Promise<Fact<CellTexts[]>> {
    return this.attempt(table, async () => {
      const options = { query, fields, pageSize: most, limit: most, ...(this.#signal && { signal: this.#signal }) };
      const { rows, total, hidden, complete } = await instance.table(table).list(options);
      const found = rows.map(texts);
      const why = (reason: string) => `${table} ${reason}`;
      if (hidden && found.length === 0)
        return unreadableFact(why(`has ${hidden} records that access rules hide from this user`));
      if (hidden) return partialFact(found, why(`has ${hidden} more records that access rules hide from this user`));
      if (found.length >= most) return partialFact(found, why(`has ${most} records or more; ${most} were read`));
      if (total === null) return partialFact(found, why("does not say how many records it has, so some may be hidden"));
      return complete ? readFact(found) : partialFact(found, why("was not read to its end"));
    });
  }

  /** A fact by requests of another kind. */
  async attempt<T>(what: string, make: () => Promise<Fact<T>>): Promise<Fact<T>> {
    try {
      const fact = await make();
      this.#read += 1;
      return fact;
    } catch (thrown) {
      this.#signal?.throwIfAborted();
      this.#failure ??= thrown;
      return unreadableFact(reasonOf(what, thrown));
    }
  }

  /** @throws the first failure, if nothing could be read */
  end(): void {
    if (this.#read === 0 && this.#failure !== undefined) throw this.#failure;
  }
}

/** The roles that read a table of the base system ("Base system roles"). */
const ROLES: Readonly<Record<string, string>> = {
  sys_properties: "admin",
  v_plugin: "admin",
  oauth_entity: "oauth_admin, mi_admin or admin",
  oauth_entity_profile: "oauth_admin, mi_admin or admin",
  oauth_entity_scope: "oauth_admin, mi_admin or admin",
  oauth_credential: "oauth_admin, mi_admin or admin",
  rest_api_key: "api_service_admin or admin",
  sys_api_access_policy: "api_service_admin or admin",
  sys_auth_profile_mapping: "api_service_admin or admin",
  sys_api_access_scope: "api_service_admin or admin",
  sys_user_has_role: "user_admin or admin",
  sys_cors_rule: "cors_rule_admin, web_service_admin or admin",
  sys_rate_limit_rules: "rate_limit_admin or admin",
  sys_security_acl: "admin",
  sys_security_acl_role: "admin",
};

function reasonOf(what: string, thrown: unknown): string {
  const { kind, code, message } = (thrown ?? {}) as { kind?: unknown; code?: unknown; message?: unknown };
  const role = ROLES[what];
  if (code === ("table.unknown" satisfies KnownErrorCode)) return `the instance has no table ${what}`;
  if (kind === "authorization")
    return `${what} may not be read by this user${role ? `; it takes the role ${role}` : ""}`;
  return `${what} cannot be read: ${typeof message === "string" ? message : String(thrown)}`;
}

export function readFact<T>(value: T): Fact<T> {
  return { status: "read", value };
}

export function partialFact<T>(value: T, incomplete: string): Fact<T> {
  return { status: "read", value, incomplete };
}

export function unreadableFact<T>(because: string): Fact<T> {
  return { status: "unreadable", because };
}

/** Nothing in a list that holds something in every instance, or of which nothing says that this user may read it. */
export function noneShown<T>(table: string): Fact<T> {
  const role = ROLES[table];
  return unreadableFact(`${table} shows none to this user${role ? `; it takes the role ${role}` : ""}`);
}

/** The fact made of what was read; what is incomplete stays so. */
export function mappedFact<From, To>(fact: Fact<From>, change: (value: From) => To): Fact<To> {
  return fact.status === "read" ? { ...fact, value: change(fact.value) } : fact;
}

/** The fact, incomplete for a reason if there is one; a reason that it has already stays. */
export function lessened<T>(fact: Fact<T>, reason: string | undefined): Fact<T> {
  return fact.status === "read" && reason !== undefined ? { incomplete: reason, ...fact } : fact;
}

/** The values of a fact, none where it could not be read. */
export function knownOf<T>(fact: Fact<T[]>): T[] {
  return fact.status === "read" ? fact.value : [];
}

function texts(row: Row): CellTexts {
  const cells = Object.entries(row).map(([name, cell]) => [
    name,
    typeof cell === "string" ? cell : (cell?.value ?? cell?.display_value),
  ]);
  return Object.fromEntries(cells);
}
