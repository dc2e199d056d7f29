/** Encodes a text for an address. Halves of characters, for which the platform's function throws, become the replacement character. */
export function encodeText(text: string): string {
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD"));
}
