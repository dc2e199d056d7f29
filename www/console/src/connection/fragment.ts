/** Reads prefilled values from the page's address: addresses and a public client id, never a secret. */

export interface Prefill {
  instance: string;
  worker: string;
  client: string;
  /** The tenants of the worker that the form proposes: `acme,globex`. */
  tenants: string;
  /** The address of a practice instance to connect to at once. */
  practice: string;
}

/**
 * `#instance=http://127.0.0.1:8080&worker=http://127.0.0.1:8081&client=practice-client`; every part may be missing.
 * `practice=http://127.0.0.1:8080` connects to a practice instance without a secret to type.
 * `foreign` is true if the fragment holds anything else. That might be a secret, so the caller removes the fragment from the address.
 */
export function readFragment(fragment: string): { prefill: Prefill; foreign: boolean } {
  const given = new URLSearchParams(fragment.replace(/^#/, "").slice(0, LONGEST));
  const prefill = {
    instance: given.get("instance") ?? "",
    worker: given.get("worker") ?? "",
    client: given.get("client") ?? "",
    tenants: given.get("tenants") ?? "",
    practice: given.get("practice") ?? "",
  };
  return { prefill, foreign: [...given.keys()].some((name) => !Object.hasOwn(prefill, name)) };
}

/** Adds https:// if the scheme is missing. Any other address is unchanged: the package checks it. */
export function completeAddress(typed: string): string {
  const address = typed.trim();
  return address === "" || address.includes("://") ? address : `https://${address}`;
}

const LONGEST = 4_096;
