/** Finds texts by the words that are typed. Pure. */

/** In lower case. Empty for a blank text. */
export function wordsOf(typed: string): string[] {
  return typed.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether every one of `wordsOf` occurs, in any order and case. */
export function hasWords(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}
