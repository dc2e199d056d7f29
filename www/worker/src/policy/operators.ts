/**
 * The operators of encoded queries ("Operators available for filters and queries", and "GlideRecord (scoped)" for the second spellings), and
 * what is known of their values. Operators of notifications and those that are not documented are not here: conditions with them are refused.
 */

/** What the value of an operator is. */
export type ValueKind =
  /** Compared as it is. */
  | "plain"
  /** The name of another field, perhaps with `@` and a unit behind it. */
  | "field"
  /** A filter that the instance evaluates. */
  | "script";

const OPERATORS: readonly (readonly [string, ValueKind])[] = [
  ["DOES NOT CONTAIN", "plain"],
  ["GT_OR_EQUALS_FIELD", "field"],
  ["LT_OR_EQUALS_FIELD", "field"],
  ["IN_HIERARCHY_DYNAMIC", "script"],
  ["IN_HIERARCHY", "script"],
  ["EMPTYSTRING", "plain"],
  ["INSTANCEOF", "plain"],
  ["ISNOTEMPTY", "plain"],
  ["RELATIVEGT", "plain"],
  ["RELATIVELT", "plain"],
  ["RELATIVEEE", "plain"],
  ["RELATIVEGE", "plain"],
  ["RELATIVELE", "plain"],
  ["STARTSWITH", "plain"],
  ["ANYTHING", "plain"],
  ["CONTAINS", "plain"],
  ["DATEPART", "plain"],
  ["ENDSWITH", "plain"],
  ["GT_FIELD", "field"],
  ["LESSTHAN", "field"],
  ["LT_FIELD", "field"],
  ["MORETHAN", "field"],
  ["NOT LIKE", "plain"],
  ["BETWEEN", "plain"],
  ["DYNAMIC", "script"],
  ["ISEMPTY", "plain"],
  ["NOTLIKE", "plain"],
  ["NSAMEAS", "field"],
  ["NOT IN", "plain"],
  ["SAMEAS", "field"],
  ["NOTIN", "plain"],
  ["NOTON", "plain"],
  ["LIKE", "plain"],
  ["IN", "plain"],
  ["ON", "plain"],
  ["!=", "plain"],
  ["!*", "plain"],
  ["<=", "plain"],
  [">=", "plain"],
  ["=", "plain"],
  ["<", "plain"],
  [">", "plain"],
  ["*", "plain"],
  ["%", "plain"],
];

/** By the first character, the longest first. */
const BY_FIRST = new Map<string, readonly (readonly [string, ValueKind])[]>();
for (const entry of OPERATORS) {
  const first = entry[0].charAt(0);
  BY_FIRST.set(
    first,
    [...(BY_FIRST.get(first) ?? []), entry].sort((one, other) => other[0].length - one[0].length),
  );
}

/** The operator at a place of a text: the longest that fits, as the platform reads it. */
export function operatorAt(text: string, at: number): readonly [string, ValueKind] | undefined {
  return BY_FIRST.get(text.charAt(at))?.find(([token]) => text.startsWith(token, at));
}
