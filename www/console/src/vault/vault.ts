/**
 * The texts of secrets, by their references. In memory alone, or also sealed in IndexedDB where the person asked for it.
 *
 * The key that seals them cannot be exported: who copies the browser's files has the sealed texts and cannot open them without
 * the browser. A script of this page could use it; the page's policy lets none in.
 */
import { signal } from "@preact/signals";
import { newSecretRef, type SecretRef } from "../workspace/model";
import type { Seals } from "./seals";

/** A secret's text that no log, JSON text or template shows. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The only way to the text. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "(secret)";
  }

  toJSON(): string {
    return "(secret)";
  }
}

export type Vault = ReturnType<typeof createVault>;

/** Without `seals`, as in a private window, nothing is remembered. */
export function createVault(seals: Seals | null) {
  const held = new Map<SecretRef, Secret>();
  /** The references whose secrets are sealed on this device. */
  const remembered = signal<ReadonlySet<SecretRef>>(new Set());
  /** What could not be remembered or opened; empty if nothing. */
  const notice = signal("");

  /** Reads what is sealed. Call it before anything is asked for. */
  async function open(): Promise<void> {
    if (!seals) return;
    const { opened, failed } = await seals.all();
    for (const [ref, text] of opened) held.set(ref, new Secret(text));
    remembered.value = new Set(opened.keys());
    if (failed > 0)
      notice.value = `${failed} remembered ${failed === 1 ? "secret" : "secrets"} could not be opened and must be entered again.`;
  }

  /** Keeps a secret under a reference, a new one by default. `remember` seals it on this device; otherwise an older seal is removed. */
  async function put(text: string, remember = false, ref: SecretRef = newSecretRef()): Promise<SecretRef> {
    held.set(ref, new Secret(text));
    if (remember && !seals)
      notice.value = "This browser keeps nothing for this page. The secret is held until the tab closes.";
    if (remember && seals) {
      await noting("A secret could not be remembered. It is held until the tab closes.", async () => {
        await seals.seal(ref, text);
        remembered.value = new Set([...remembered.value, ref]);
      });
    } else if (remembered.value.has(ref)) {
      await noting(STILL_SEALED, () => unseal(ref));
    }
    return ref;
  }

  /** What fails is in `notice`: the caller goes on with the records. */
  async function noting(words: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      notice.value = `${words} ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    }
  }

  /** Takes over what another tab of the browser sealed or forgot. `everything`: it forgot all secrets, also those that are only held. */
  async function refresh(everything = false): Promise<void> {
    const before = remembered.value;
    // Not after the read, which may fail.
    if (everything) held.clear();
    await noting("The secrets that another tab changed could not be read. Reload this tab.", async () => {
      const { opened } = seals ? await seals.all() : { opened: new Map<SecretRef, string>() };
      for (const ref of before) if (!opened.has(ref)) held.delete(ref);
      for (const [ref, text] of opened) held.set(ref, new Secret(text));
      // Those that this tab has sealed meanwhile stay.
      const sealed = [...remembered.value].filter((ref) => !before.has(ref));
      remembered.value = new Set([...opened.keys(), ...sealed]);
    });
  }

  async function unseal(ref: SecretRef): Promise<void> {
    await seals?.remove(ref);
    remembered.value = new Set([...remembered.value].filter((other) => other !== ref));
  }

  async function forget(ref: SecretRef): Promise<void> {
    held.delete(ref);
    await noting(STILL_SEALED, () => unseal(ref));
  }

  /** Forgets every secret and the key that sealed them. Where that fails, those on this device are still counted. */
  async function forgetAll(): Promise<void> {
    const before = remembered.value;
    held.clear();
    await seals?.clear();
    // Those that were sealed meanwhile stay.
    remembered.value = new Set([...remembered.value].filter((ref) => !before.has(ref)));
  }

  /** A text with dots for every secret that is held, as it is and as an address has it. */
  function conceal(text: string): string {
    let shown = text;
    for (const secret of held.values())
      for (const written of spellings(secret.reveal())) shown = shown.replaceAll(written, DOTS);
    return shown;
  }

  const get = (ref: SecretRef): Secret | undefined => held.get(ref);
  const has = (ref: SecretRef): boolean => held.has(ref);

  return { remembered, notice, canRemember: seals !== null, open, refresh, put, get, has, conceal, forget, forgetAll };
}

const DOTS = "••••••";

/** A secret as it may stand in an address: plain, in a path, as a parameter. The longest first, because one may hold another. */
function spellings(secret: string): string[] {
  if (secret === "") return [];
  const parameter = new URLSearchParams([["", secret]]).toString().slice(1);
  const all = new Set([secret, encodeURIComponent(secret), encodeURI(secret), parameter]);
  return [...all].sort((one, other) => other.length - one.length);
}

const STILL_SEALED =
  "A secret could not be removed from this device, where it is sealed. Reload the page and try again, or forget all secrets under Environments.";
