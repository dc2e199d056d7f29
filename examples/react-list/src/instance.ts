/** The one instance of this page. It lives outside React, so that rendering twice does not connect twice. */
import { connect, type SysparmEvent } from "sysparm";
import { indexedDb } from "sysparm/stores";

type Listener = (event: SysparmEvent) => void;

const listeners = new Set<Listener>();

/** Calls `listener` with every event until the returned function is called. */
export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const connected = connect({
  url: import.meta.env.VITE_SYSPARM_URL,
  auth: {
    grant: "authorization_code",
    clientId: import.meta.env.VITE_SYSPARM_CLIENT_ID,
    // Register exactly this address as the client's redirect URL.
    redirectUri: `${location.origin}/callback`,
  },
  // All tabs share one token, and a reload keeps the person signed in.
  store: indexedDb(),
  // A person waits for the answer: fail within seconds, not hours.
  pace: { attempts: 3, budgetMs: 10_000 },
  onEvent: (event) => {
    for (const listener of listeners) listener(event);
  },
});
