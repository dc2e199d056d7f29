/**
 * The tenants that an isolate remembers. Its decisions are pure: time is an argument, and `find-tenant.ts` asks the registry.
 *
 *     0 s ........ 30 s ................................ 10 min
 *     fresh        used, and asked for again meanwhile   forgotten: the next call waits for the registry
 *
 * So a slow or missing registry slows no tenant that the isolate knows, for ten minutes. A change holds in each isolate after 30 s and one call
 * more: that call begins the question, and those that come before its answer are still served as before.
 */

import type { TenantEntry } from "./registry-rpc.ts";

/** No question before that age. */
export const FRESH_MS = 30_000;
/** Not used after that age. */
export const USABLE_MS = 600_000;
/** After a question that is not answered, the next one. */
const ASK_AGAIN_MS = 5_000;
/** An id that the registry does not know is not asked for again so soon. */
export const UNKNOWN_MS = 10_000;
const MOST_TENANTS = 1_000;
/** The characters of their entries. An isolate has 128 MB for everything, and a compiled policy takes more than its text. */
const MOST_CHARACTERS = 16_000_000;
const MOST_UNKNOWN = 1_000;

/** That many unknown ids within `UNKNOWN_MS` are a search for tenants. */
const PROBES = 20;

/** A remembered tenant. The hot path reads its members, so that a call needs one look-up. */
export interface Remembered<Tenant> {
  readonly tenant: Tenant;
  readonly version: number;
  /** When the registry was asked. */
  readonly askedAt: number;
  /** The next question is due. */
  askAt: number;
  usedAt: number;
  /** The characters of its entry. */
  readonly size: number;
}

/** The memory of one isolate. */
export class TenantCache<Tenant> {
  readonly #prepare: (entry: TenantEntry) => Tenant;
  readonly #tenants = new Map<string, Remembered<Tenant>>();
  #size = 0;
  /** Until when each counts as unknown. In the order of their ends, because all last equally long. */
  readonly #unknown = new Map<string, number>();
  /** How many calls wait for an answer about each. */
  readonly #asked = new Map<string, number>();
  #probes = { count: 0, until: 0 };
  #ids: { known: ReadonlySet<string>; until: number } | undefined;

  /** `prepare` makes of the registry's plain data what calls use; once for each version. */
  constructor(prepare: (entry: TenantEntry) => Tenant) {
    this.#prepare = prepare;
  }

  /** A tenant that may be used now. */
  held(id: string, now: number): Remembered<Tenant> | undefined {
    const held = this.#tenants.get(id);
    if (held === undefined || now - held.askedAt >= USABLE_MS) return undefined;
    held.usedAt = now;
    return held;
  }

  /** Whether this call asks the registry again. True for one call: the others are served meanwhile. */
  beginsQuestion(held: Remembered<Tenant>, now: number): boolean {
    if (isAhead(held.askAt, now, FRESH_MS)) return false;
    held.askAt = now + ASK_AGAIN_MS;
    return true;
  }

  /** Whether a call waits for the registry's answer about this tenant. */
  isAskedFor(id: string): boolean {
    return this.#asked.has(id);
  }

  /** A call begins to wait for the answer. Returns what ends that. */
  asks(id: string): () => void {
    this.#asked.set(id, (this.#asked.get(id) ?? 0) + 1);
    return () => {
      const others = (this.#asked.get(id) ?? 1) - 1;
      if (others === 0) this.#asked.delete(id);
      else this.#asked.set(id, others);
    };
  }

  /** Whether the registry has said lately that there is no such tenant. */
  isUnknown(id: string, now: number): boolean {
    if (this.#ids && isAhead(this.#ids.until, now, FRESH_MS) && this.#isProbed(now)) return !this.#ids.known.has(id);
    return isAhead(this.#unknown.get(id) ?? 0, now, UNKNOWN_MS);
  }

  /** Whether to ask for the ids of all tenants first: somebody tries many ids, and each would be a question. */
  needsIds(now: number): boolean {
    return this.#isProbed(now) && !isAhead(this.#ids?.until ?? 0, now, FRESH_MS);
  }

  rememberIds(ids: readonly string[], askedAt: number): void {
    this.#ids = { known: new Set(ids), until: askedAt + FRESH_MS };
  }

  /** The registry's answer to a question of `askedAt`. Returns what is valid now: a later answer may have arrived before. */
  remember(id: string, entry: TenantEntry | null, askedAt: number, now: number): Tenant | undefined {
    const held = this.#tenants.get(id);
    if (held && askedAt < held.askedAt && held.askedAt <= now) return held.tenant;
    if (entry === null) {
      this.#drop(id);
      this.#rememberUnknown(id, now);
      return undefined;
    }
    this.#unknown.delete(id);
    const isKnown = held?.version === entry.version;
    const tenant = isKnown ? held.tenant : this.#prepare(entry);
    const size = isKnown ? held.size : JSON.stringify(entry).length;
    this.#drop(id);
    while (this.#tenants.size > 0 && (this.#tenants.size >= MOST_TENANTS || this.#size + size > MOST_CHARACTERS))
      this.#dropLeastRecentlyUsed();
    this.#tenants.set(id, { tenant, version: entry.version, askedAt, askAt: askedAt + FRESH_MS, usedAt: now, size });
    this.#size += size;
    return tenant;
  }

  /** After a change by this isolate: the next call asks. */
  forget(id: string): void {
    this.#drop(id);
    this.#unknown.delete(id);
    this.#ids = undefined;
  }

  #isProbed(now: number): boolean {
    return this.#probes.count >= PROBES && isAhead(this.#probes.until, now, UNKNOWN_MS);
  }

  #rememberUnknown(id: string, now: number): void {
    const { until } = this.#probes;
    this.#probes = { count: isAhead(until, now, UNKNOWN_MS) ? this.#probes.count + 1 : 1, until: now + UNKNOWN_MS };
    this.#unknown.delete(id);
    if (this.#unknown.size >= MOST_UNKNOWN) {
      const [oldest] = this.#unknown.keys();
      if (oldest !== undefined) this.#unknown.delete(oldest);
    }
    this.#unknown.set(id, now + UNKNOWN_MS);
  }

  #dropLeastRecentlyUsed(): void {
    let oldest: string | undefined;
    let usedAt = Number.POSITIVE_INFINITY;
    for (const [id, held] of this.#tenants) {
      if (held.usedAt < usedAt) [oldest, usedAt] = [id, held.usedAt];
    }
    if (oldest !== undefined) this.#drop(oldest);
  }

  #drop(id: string): void {
    this.#size -= this.#tenants.get(id)?.size ?? 0;
    this.#tenants.delete(id);
  }
}

/** Whether a time is still to come. One that is further ahead than it was ever set is of a clock that was put back since. */
function isAhead(time: number, now: number, most: number): boolean {
  return now < time && time - now <= most;
}
