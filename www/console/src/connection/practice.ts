/** The credentials of a practice instance on this machine. It publishes them, so nobody needs to copy a secret. A real instance has none. */

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

const LONGEST_WAIT_MS = 5_000;

/** Nothing for an address that is not on this machine, and where no practice instance answers. */
export async function practiceCredentials(address: string): Promise<Credentials | undefined> {
  if (!isLoopback(address)) return undefined;
  try {
    const reply = await fetch(`${address}/__practice/accounts`, { signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
    const [client] = ((await reply.json()) as Accounts).clients;
    return client && { clientId: client.client_id, clientSecret: client.client_secret };
  } catch {
    // The form stays, with the address filled in; connecting says what is wrong.
    return undefined;
  }
}

interface Accounts {
  clients: { client_id: string; client_secret: string }[];
}

export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  return protocol === "http:" && ["127.0.0.1", "localhost"].includes(hostname) && origin === address;
}
