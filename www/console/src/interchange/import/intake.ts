/** Collects what an import brings: secrets, variables that hold them, and losses. */

import { isReference } from "../../tester/variables";
import {
  type Collection,
  type Imported,
  type Loss,
  newId,
  newSecretRef,
  type SecretRef,
  type Variable,
} from "../../workspace/model";

/** Names from the collection down. */
export type Where = readonly string[];

export type Intake = ReturnType<typeof createIntake>;

export function createIntake(format: string) {
  const losses: Loss[] = [];
  const secrets = new Map<SecretRef, string>();
  const held: Variable[] = [];
  const names = new Map<string, string>();

  function lose(where: Where, what: string, why: string): void {
    losses.push({ where: where.join(" > "), what, why });
  }

  /** Puts a secret aside and returns its name. The text may hold `{{name}}`. */
  function keep(text: string): SecretRef {
    const ref = newSecretRef();
    secrets.set(ref, text);
    return ref;
  }

  /**
   * The text to write where a secret stood: `{{name}}` of a secret variable. The same secret gets the same variable.
   * A text that is only a variable already is no secret.
   */
  function hide(name: string, text: string): string {
    if (text === "" || isReference(text)) return text;
    const known = names.get(text);
    if (known !== undefined) return `{{${known}}}`;
    const base =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "_")
        .replace(/^_+|_+$/g, "") || "secret";
    const taken = new Set(held.map((variable) => variable.name));
    let free = base;
    for (let count = 2; taken.has(free); count += 1) free = `${base}_${count}`;
    held.push({ id: newId(), name: free, on: true, secret: keep(text) });
    names.set(text, free);
    return `{{${free}}}`;
  }

  /** Takes the variables that `hide` made since the last call. */
  function takeHeld(): Variable[] {
    names.clear();
    return held.splice(0);
  }

  function finish(collections: Collection[], variables: Variable[] = []): Imported {
    for (const collection of collections) {
      if (collections.length === 1) collection.losses = [...losses];
      collection.variables.push(...takeHeld());
    }
    return { format, collections, variables, secrets, losses };
  }

  return { lose, keep, hide, takeHeld, finish };
}

/** The text is not of the format it seemed to be. The message says what was expected. */
export class ImportError extends Error {
  override name = "ImportError";
}

/** Folders deeper than this are left out and reported, so that no input can exhaust the stack. */
export const DEEPEST = 40;
