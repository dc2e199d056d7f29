/**
 * Indents JSON text without parsing values: tokens are unchanged (long numbers keep every digit, duplicate keys stay), and truncated text
 * is indented to its end. `JSON.parse` can do neither.
 */
export function indentJson(text: string): string {
  const out: string[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = stringEnd(text, at);
      out.push(text.slice(at, end));
      at = end;
      continue;
    }
    at += 1;
    if (/\s/.test(character)) continue;
    if (character === "{" || character === "[") {
      const close = nextSolid(text, at);
      if (text.charAt(close) === (character === "{" ? "}" : "]")) {
        out.push(character, text.charAt(close));
        at = close + 1;
      } else {
        depth += 1;
        out.push(character, lineBreak(depth));
      }
    } else if (character === "}" || character === "]") {
      depth = Math.max(0, depth - 1);
      out.push(lineBreak(depth), character);
    } else if (character === ",") {
      out.push(character, lineBreak(depth));
    } else if (character === ":") {
      out.push(": ");
    } else {
      out.push(character);
    }
  }
  return out.join("");
}

/** The index after the closing quote, or the end of a text truncated inside a string. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") at += 1;
    else if (character === '"') return at + 1;
  }
  return text.length;
}

function nextSolid(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

/** Deeper levels get no more indentation, so that the output stays in proportion to the input. */
const DEEPEST = 40;

function lineBreak(depth: number): string {
  return `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
}
