/** Names within a document: short, stable, and unique. */

/** The longest name of a function that language models of OpenAI take. */
export const LONGEST_ID = 64;

/** It is a title. */
export const LONGEST_SUMMARY = 120;

/**
 * An identifier that depends on these words alone: `list_incident`. A longer one ends in a checksum of all of it. Nothing is trimmed,
 * because a table's name may end in `_`.
 */
export function operationId(...words: readonly string[]): string {
  const whole = words.join("_").replace(/\W+/g, "_");
  if (whole.length <= LONGEST_ID) return whole;
  const sum = checksum(words.join(" "));
  return `${whole.slice(0, LONGEST_ID - sum.length - 1)}_${sum}`;
}

/** FNV-1a, 32 bits, as eight hexadecimal digits. */
export function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, "0");
}

/** The text, or its beginning up to a blank. Counts UTF-16 units, as JavaScript does, so that nothing counts fewer. */
export function shortened(text: string, longest: number): string {
  const plain = text.replace(/\s+/g, " ").trim();
  if (plain.length <= longest) return plain;
  const cut = plain.slice(0, longest - 1);
  const blank = cut.lastIndexOf(" ");
  return `${(blank > longest / 2 ? cut.slice(0, blank) : cut).replace(/[\s,;:]+$|[\uD800-\uDBFF]$/, "")}…`;
}
