/** The value of a JSON text, or undefined if it is none. A byte order mark is ignored. */
export function parseJson(text: string): unknown {
  const begin = /^\uFEFF?\s*[[{]/.test(text.slice(0, 10_000));
  if (!begin) return undefined;
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}
