/** Digests of texts that an inventory does not hold whole: equal digests mean equal texts. They are no protection of a text. */

const PRIME = 0x01000193;

/** 16 hexadecimal digits. Ends of lines, and spaces around the text, do not count: forms of the platform change them. */
export function digestOf(text: string): string {
  const plain = text.replaceAll("\r\n", "\n").trim();
  return [0x811c9dc5, 0x5bd1e995].map((seed) => fnv(plain, seed)).join("");
}

/** FNV-1a over the units of UTF-16. */
function fnv(text: string, seed: number): string {
  let digest = seed;
  for (let at = 0; at < text.length; at += 1) digest = Math.imul(digest ^ text.charCodeAt(at), PRIME);
  return (digest >>> 0).toString(16).padStart(8, "0");
}
