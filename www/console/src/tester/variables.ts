/**
 * Replaces `{{name}}` by the values of variables. Pure.
 *
 * Every result has two forms: `text` is what is sent, and `printable` is what may be shown, kept and exported: a secret is dots in it.
 */
import type { SecretRef, Variable } from "../workspace/model";

/** Variables of one place. Lists of scopes begin with the outermost: environment, collection, folders from the top. */
export interface Scope {
  /** Such as "DEV", "Incidents > Create". */
  name: string;
  variables: readonly Variable[];
}

export interface Resolved {
  text: string;
  printable: string;
  /** Names that have no value, each once, in the order met. They stay in both forms as `{{name}}`. */
  unresolved: string[];
}

/** The text of a secret, or undefined if it has to be entered again. */
export type SecretLookup = (ref: SecretRef) => string | undefined;

export type Resolver = (text: string) => Resolved;

export interface Mark {
  /** The name between the braces, without spaces at its ends. */
  name: string;
  /** Offsets of the braces in the text. */
  from: number;
  to: number;
}

/** The references in a text, in their order. */
export function marks(text: string): Mark[] {
  return [...text.matchAll(REFERENCE)].map((match) => ({
    name: (match[1] ?? "").trim(),
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** Whether a text is one reference, and nothing but spaces around it. */
export function isReference(text: string): boolean {
  const trimmed = text.trim();
  const [mark] = marks(trimmed);
  return mark?.from === 0 && mark.to === trimmed.length;
}

/** The text with each reference replaced by what `by` gives for its name. `whole` is the reference as it stands. */
export function replaceMarks(text: string, by: (name: string, whole: string) => string): string {
  return text.replace(REFERENCE, (whole, name: string) => by(name.trim(), whole));
}

export function createResolver(scopes: readonly Scope[], secret: SecretLookup): Resolver {
  const known = visible(scopes);

  /** `within` holds the names being replaced. One that refers to itself is unresolved. */
  function replace(text: string, within: readonly string[], unresolved: Set<string>, budget: { left: number }): Pieces {
    let sent = "";
    let shown = "";
    let at = 0;
    for (const mark of marks(text)) {
      const before = text.slice(at, mark.from);
      const value = valueNamed(mark.name, within, unresolved, budget) ?? twice(text.slice(mark.from, mark.to));
      sent += before + value.sent;
      shown += before + value.shown;
      at = mark.to;
    }
    return { sent: sent + text.slice(at), shown: shown + text.slice(at) };
  }

  function valueNamed(
    name: string,
    within: readonly string[],
    unresolved: Set<string>,
    budget: { left: number },
  ): Pieces | null {
    const variable = known.get(name)?.variable;
    const length = variable?.value?.length ?? 0;
    if (!variable || within.includes(name) || within.length >= DEEPEST || budget.left < length) {
      unresolved.add(name);
      return null;
    }
    budget.left -= length + 1;
    if (variable.secret === undefined) return replace(variable.value, [...within, name], unresolved, budget);
    const text = secret(variable.secret);
    // A secret is never read for references: its text belongs to nobody else's syntax.
    if (text !== undefined) return { sent: text, shown: DOTS };
    unresolved.add(name);
    return null;
  }

  return (text) => {
    const unresolved = new Set<string>();
    const { sent, shown } = replace(text, [], unresolved, { left: MOST_CHARACTERS });
    return { text: sent, printable: shown, unresolved: [...unresolved] };
  };
}

/** The variables that hold, by name: the innermost of each name that is on. */
export function visible(scopes: readonly Scope[]): Map<string, { variable: Variable; scope: string }> {
  const known = new Map<string, { variable: Variable; scope: string }>();
  for (const scope of scopes) {
    for (const variable of scope.variables) {
      const name = variable.name.trim();
      if (variable.on && name !== "") known.set(name, { variable, scope: scope.name });
    }
  }
  return known;
}

interface Pieces {
  sent: string;
  shown: string;
}

const twice = (text: string): Pieces => ({ sent: text, shown: text });

/** Braces and line breaks cannot be in a name, so that JSON such as `{{"a":{}}}` is not read as a reference. */
const REFERENCE = /\{\{([^{}"\r\n]{1,200})\}\}/g;
const DEEPEST = 10;
/** Bounds values that refer to each other and grow with each level. */
const MOST_CHARACTERS = 1_000_000;
export const DOTS = "••••••";
