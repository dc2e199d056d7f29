/** Finds the tenant of a call: in the isolate's memory, else in the registry. */

import { within } from "../time-limit.ts";
import type { TenantSource } from "./registry-rpc.ts";
import type { TenantCache } from "./tenant-cache.ts";

/** The registry did not answer, and the isolate remembers no usable tenant. */
export class RegistryUnavailable extends Error {
  override readonly name = "RegistryUnavailable";

  constructor() {
    super("The registry of tenants did not answer. Send the request again in a few seconds.");
  }
}

/** How a call asks the registry. */
export interface RegistryAccess {
  /** A stub of the registry that belongs to this request. */
  readonly registry: () => TenantSource;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly clock: () => number;
}

/** The longest wait for the registry, for a call and for a question meanwhile. */
const LONGEST_WAIT_MS = 5_000;

/**
 * The tenant with this id: at once if the isolate remembers it, undefined if there is none. The promise belongs to this request.
 * @throws RegistryUnavailable
 */
export function findTenant<Tenant>(
  cache: TenantCache<Tenant>,
  id: string,
  access: RegistryAccess,
): Tenant | Promise<Tenant | undefined> {
  const now = access.clock();
  const held = cache.held(id, now);
  if (held === undefined) return askFor(cache, id, access);
  // A failed question changes nothing: the tenant stays usable until it is too old.
  if (cache.beginsQuestion(held, now)) access.waitUntil(ask(cache, id, access).catch(() => undefined));
  return held.tenant;
}

/** A call that finds another one asking looks again after each pause, and then asks itself: the other may have ended without a trace. */
const LOOK_AGAIN_MS = 10;
const MOST_LOOKS = 100;

/** A promise of one request must not be awaited by another, so calls that come together share the answer and not the question. */
async function askFor<Tenant>(cache: TenantCache<Tenant>, id: string, access: RegistryAccess) {
  const { registry, clock } = access;
  const now = clock();
  if (cache.needsIds(now)) cache.rememberIds(await inTime(() => registry().ids()), now);
  for (let looks = 0; looks < MOST_LOOKS && cache.isAskedFor(id); looks += 1) {
    await new Promise<void>((resolve) => void setTimeout(resolve, LOOK_AGAIN_MS));
    const held = cache.held(id, clock());
    if (held) return held.tenant;
  }
  if (cache.isUnknown(id, clock())) return undefined;
  const done = cache.asks(id);
  try {
    return await ask(cache, id, access);
  } finally {
    done();
  }
}

async function ask<Tenant>(cache: TenantCache<Tenant>, id: string, { registry, clock }: RegistryAccess) {
  const askedAt = clock();
  const entry = await inTime(() => registry().find(id));
  return cache.remember(id, entry, askedAt, clock());
}

/** The object's own error says nothing to a caller. */
function inTime<T>(question: () => Promise<T>): Promise<T> {
  return within(LONGEST_WAIT_MS, question).catch(() => {
    throw new RegistryUnavailable();
  });
}
