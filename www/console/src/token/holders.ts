/**
 * Which tabs of this browser hold a token of the same instance, and whether it is the same token. Tabs tell each other a digest of it,
 * never the token: a token has far too many possible values to be found by its digest.
 */
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { Connection } from "../environments/connections";

/** What a tab says of one of its connections. */
export interface Holder {
  tab: string;
  /** The view that the tab shows. */
  view: string;
  url: string;
  /** Empty where no token is held, or the page is not secure. */
  digest: string;
  expiresAt: number | undefined;
}

type Message = { ask: string } | { holder: Holder };

/** The parts of a BroadcastChannel that are used here. */
export interface HolderChannel {
  postMessage(message: unknown): void;
  addEventListener(type: "message", heard: (event: { data: unknown }) => void): void;
}

/** Less than this before its end a token would be renewed by being asked for. */
const LEAST_LEFT_MS = 35_000;
/** What another tab holds is asked for anew in this time, and forgotten when it did not answer. */
export const ASKED_EVERY_MS = 5_000;

export type Holders = ReturnType<typeof createHolders>;

/** Answers other tabs for as long as the page is there. `view` names what this tab shows. */
export function createHolders(
  connections: () => Iterable<Connection>,
  view: () => string,
  channel: HolderChannel | null,
  tab: string = crypto.randomUUID(),
) {
  const others = signal<ReadonlyMap<string, Holder & { heardAt: number }>>(new Map());

  async function answer(): Promise<void> {
    for (const connection of connections()) {
      if (connection.name !== "open") continue;
      const { instance } = connection;
      const holder = { tab, view: view(), url: instance.url, digest: await digestOf(instance) };
      channel?.postMessage({ holder: { ...holder, expiresAt: instance.status().token.expiresAt } } satisfies Message);
    }
  }

  channel?.addEventListener("message", ({ data }) => {
    const message = data as Message;
    if ("ask" in message) void answer();
    else {
      const { holder } = message;
      others.value = new Map([...others.value, [`${holder.tab} ${holder.url}`, { ...holder, heardAt: Date.now() }]]);
    }
  });

  /** Asks the other tabs, and forgets those that are silent. */
  function ask(now = Date.now()): void {
    const heard = [...others.value].filter(([, { heardAt }]) => now - heardAt < 2 * ASKED_EVERY_MS);
    others.value = new Map(heard);
    channel?.postMessage({ ask: tab } satisfies Message);
  }

  const of = (url: string): Holder[] => [...others.value.values()].filter((holder) => holder.url === url);

  return { others, ask, of };
}

/**
 * The digest of the token that is held. Sends nothing, now or later: a token that is about to end is not asked for, and neither is one that
 * no call has used, because it would be renewed from then on.
 */
export async function digestOf(instance: Instance): Promise<string> {
  const { state, expiresAt, renewsAt } = instance.status().token;
  const isUsed = renewsAt !== undefined || expiresAt === undefined;
  const left = (expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
  // Absent on a page that is not secure.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (state !== "held" || !isUsed || left < LEAST_LEFT_MS || !subtle) return "";
  try {
    const bytes = new TextEncoder().encode(await instance.token());
    const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
    return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    // A sign-in without a token, such as an API key.
    return "";
  }
}
