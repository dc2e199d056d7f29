/**
 * All tenants of the deployment, in one Durable Object. Only changes, misses of the isolates' memory and the administration reach it: a call
 * of a caller waits for it once per isolate.
 */

import { DurableObject } from "cloudflare:workers";
import { Sealing, SealingError } from "sysparm/durable-object";
import { connectAuth, credentialContext, credentialText, KeyError } from "./credential.ts";
import type { TenantState } from "./record.ts";
import {
  type AttentionReport,
  credentialKind,
  type PutOutcome,
  type Registry,
  type ResealOutcome,
  type SealedCredential,
  type TenantDetails,
  type TenantEntry,
  type TenantPage,
  type Unconfigured,
} from "./registry-rpc.ts";
import type { TenantTable } from "./tenant-table.ts";

/** The bindings that the registry uses. */
export interface RegistryBindings {
  /** `k2:<base64 of 32 bytes>,k1:<...>`: the first seals, all open. */
  SEALING_KEYS?: string;
}

/** The Durable Object class of the binding TENANT_REGISTRY. */
export class TenantRegistry extends DurableObject<RegistryBindings> implements Registry {
  /** Set before the object gets its first question. */
  #tenants!: TenantTable;

  constructor(state: DurableObjectState, bindings: RegistryBindings) {
    super(state, bindings);
    const { storage } = state;
    void state.blockConcurrencyWhile(async () => {
      // Modules of their own: of all isolates one holds this object.
      const [{ TenantTable }, { migrate }] = await Promise.all([
        import("./tenant-table.ts"),
        import("./registry-schema.ts"),
      ]);
      this.#tenants = new TenantTable(storage.sql);
      // One transaction: a process that ends meanwhile leaves the earlier version.
      storage.transactionSync(() => migrate(storage.sql));
    });
  }

  async find(id: string): Promise<TenantEntry | null> {
    return this.#tenants.entry(id);
  }

  async ids(): Promise<string[]> {
    return this.#tenants.ids();
  }

  async credential(id: string): Promise<SealedCredential | null> {
    return this.#tenants.credential(id);
  }

  async put(given: unknown): Promise<PutOutcome> {
    const { readTenantRecord } = await import("./record.ts");
    const read = readTenantRecord(given);
    if ("problems" in read) return read;
    const { record, state, auth } = read;
    if (record.map !== undefined) {
      const { problemsOfMap } = await import("../unified/check-map.ts");
      const problems = await problemsOfMap(record.map);
      if (problems.length > 0) return { problems };
    }
    if (auth === undefined) return this.#inTransaction(() => this.#tenants.put(record, { state }, Date.now()));
    const sealing = this.#sealing();
    if ("unconfigured" in sealing) return sealing;
    try {
      await connectAuth(auth);
    } catch (error) {
      if (error instanceof KeyError) return { problems: [error.message] };
      throw error;
    }
    const sealed = await sealing.seal(credentialText(auth), credentialContext(record.id));
    const credential = { kind: credentialKind(auth), sealed };
    return this.#inTransaction(() => this.#tenants.put(record, { state, credential }, Date.now()));
  }

  async reseal(after = ""): Promise<ResealOutcome> {
    const sealing = this.#sealing();
    if ("unconfigured" in sealing) return sealing;
    const { tenants, next } = this.#tenants.page(after);
    for (const { id } of tenants) {
      const problem = await this.#resealOne(id, sealing);
      if (problem !== undefined) return { problems: [`The credentials of ${id} cannot be opened. ${problem}`] };
    }
    return next === undefined ? {} : { next };
  }

  async #resealOne(id: string, sealing: Sealing): Promise<string | undefined> {
    const stored = this.#tenants.credential(id);
    if (stored === null) return undefined;
    try {
      const { text, wasOlder } = await sealing.reseal(stored.sealed, credentialContext(id));
      if (wasOlder) this.#inTransaction(() => this.#tenants.replaceSealed(id, stored.sealed, text));
      return undefined;
    } catch (error) {
      if (error instanceof SealingError) return error.message;
      throw error;
    }
  }

  async list(asked: { after?: string; limit?: number } = {}): Promise<TenantPage> {
    return this.#tenants.page(asked.after ?? "", asked.limit);
  }

  async show(id: string): Promise<TenantDetails | null> {
    return this.#tenants.details(id);
  }

  async setState(id: string, state: TenantState): Promise<number | null> {
    return this.#inTransaction(() => this.#tenants.setState(id, state, Date.now()));
  }

  async remove(id: string): Promise<boolean> {
    return this.#inTransaction(() => this.#tenants.remove(id));
  }

  async used(id: string, caller: string): Promise<void> {
    this.#inTransaction(() => this.#tenants.used(id, caller, Date.now()));
  }

  async attention(id: string, report: AttentionReport | null): Promise<void> {
    this.#inTransaction(() => this.#tenants.setAttention(id, report));
  }

  #inTransaction<T>(change: () => T): T {
    return this.ctx.storage.transactionSync(change);
  }

  #sealing(): Sealing | Unconfigured {
    const text = this.env.SEALING_KEYS ?? "";
    if (text.trim() === "") return { unconfigured: `Missing binding SEALING_KEYS. ${SET_SEALING_KEYS}` };
    try {
      return Sealing.fromText(text);
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
      return { unconfigured: `Invalid binding SEALING_KEYS. ${error.message} ${SET_SEALING_KEYS}` };
    }
  }
}

const SET_SEALING_KEYS = `Credentials are stored with it alone: \`printf 'k1:%s' "$(openssl rand -base64 32)" | npx wrangler secret put SEALING_KEYS\`.`;
