/** Removes the secrets of a profile from the keychain. */
import type { World } from "../command.js";
import { type SecretOfWay, WAYS } from "../sign-in.js";
import { keychainOf } from "./keychain.js";
import { accountOf } from "./secret.js";

/** Of every way of signing in: a profile may have had another one before. */
const SECRETS: readonly SecretOfWay[] = [...new Set(WAYS.flatMap(({ secrets }) => secrets))];

/**
 * Removes all that a profile of this name can have but `kept`. A profile must not depend on a keychain that cannot be reached: what may
 * be left is named by `complain`, and nothing is thrown unless the command is interrupted. `own`: the secrets that the profile has.
 */
export async function forgetSecrets(
  name: string,
  own: readonly SecretOfWay[],
  kept: readonly SecretOfWay[],
  { platform, signal, complain }: World,
): Promise<void> {
  const left: string[] = [];
  let why = "the keychain did not remove it";
  for (const secret of SECRETS.filter((one) => !kept.includes(one))) {
    const account = accountOf(name, secret);
    try {
      const end = await keychainOf(platform, signal).remove(account);
      // A program may refuse to remove what is not there.
      if (end === "left" || (end === "refused" && own.includes(secret))) left.push(account);
    } catch (thrown) {
      signal.throwIfAborted();
      why = (thrown as Error).message;
      if (own.includes(secret)) left.push(account);
    }
  }
  if (left.length === 0) return;
  const advice = `Remove it there: service sysparm, account ${left.join(" and ")}`;
  complain(`warning: a secret of ${name} may still be in the keychain: ${why.replace(/\.$/, "")}. ${advice}.`);
}
