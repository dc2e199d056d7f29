/** Reads what may be prefilled from the page's own address: addresses and a public client id, never a secret. */

export interface Prefill {
  instance: string;
  worker: string;
  client: string;
}

/**
 * `#instance=http://127.0.0.1:8080&worker=http://127.0.0.1:8081&client=practice-client`; every part may be missing.
 * `foreign` is true if the fragment holds anything else: that might be a secret, so the caller takes it out of the address.
 */
export function readFragment(fragment: string): { prefill: Prefill; foreign: boolean } {
  const given = new URLSearchParams(fragment.replace(/^#/, "").slice(0, LONGEST));
  const prefill = {
    instance: given.get("instance") ?? "",
    worker: given.get("worker") ?? "",
    client: given.get("client") ?? "",
  };
  return { prefill, foreign: [...given.keys()].some((name) => !Object.hasOwn(prefill, name)) };
}

/** People leave the scheme out. An address that names one is left as it is, for the package to judge. */
export function completeAddress(typed: string): string {
  const address = typed.trim();
  return address === "" || address.includes("://") ? address : `https://${address}`;
}

const LONGEST = 4_096;
