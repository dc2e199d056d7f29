/** Which secrets records refer to, and what becomes of a secret that no record refers to any more. */
import type { Store } from "../store/store";
import type { SecretRef } from "../workspace/model";
import type { Vault } from "./vault";

/** Members whose text is the reference of a secret, in records of every kind. */
export const SECRET_MEMBERS: readonly string[] = [
  "password",
  "token",
  "key",
  "clientSecret",
  "refreshToken",
  "privateKey",
  "secret",
];

/** Every reference in plain data. */
export function refsIn(data: unknown): Set<SecretRef> {
  const refs = new Set<SecretRef>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === "string" && SECRET_MEMBERS.includes(name)) refs.add(member as SecretRef);
      else walk(member);
    }
  };
  walk(data);
  return refs;
}

/**
 * Forgets those of the secrets to which nothing refers: no kept record, also none that cannot be read, and nothing of `also`, which is
 * what this tab holds and has not stored. Call it in the step in which the records were changed or later.
 */
export async function forgetUnused(
  candidates: Iterable<SecretRef>,
  { store, vault }: { store: Pick<Store, "exportAll" | "aside">; vault: Pick<Vault, "forget"> },
  also: unknown = null,
): Promise<void> {
  const refs = [...candidates];
  if (refs.length === 0) return;
  // The writes of this step are in the store's queue then.
  await Promise.resolve();
  // A text is searched, because a newer console may keep references under other names.
  let kept: string[];
  try {
    kept = [await store.exportAll(), JSON.stringify(await store.aside()), JSON.stringify(also) ?? ""];
  } catch {
    // What refers to them cannot be read. They stay until the console starts again and forgets them.
    return;
  }
  for (const ref of refs) if (!kept.some((text) => text.includes(ref))) await vault.forget(ref);
}
