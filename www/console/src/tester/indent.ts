/**
 * Indents JSON text without parsing values: tokens are unchanged (long numbers keep every digit, duplicate keys stay), and truncated text
 * is indented to its end. `JSON.parse` can do neither. Works in steps, so that a large text does not block the page.
 */
export function createIndenter(text: string) {
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  let at = 0;

  function lineBreak(): void {
    lines.push(line);
    line = "  ".repeat(Math.min(depth, DEEPEST));
  }

  /** Reads at least this many characters, as far as there are some. True at the end; then `lines` is complete. */
  function step(characters: number): boolean {
    const until = at + characters;
    while (at < text.length) {
      if (at >= until) return false;
      const character = text.charAt(at);
      if (character === '"') {
        const end = stringEnd(text, at);
        line += text.slice(at, end);
        at = end;
        continue;
      }
      at += 1;
      if (character === " " || character === "\n" || character === "\t" || character === "\r") continue;
      if (character === "{" || character === "[") {
        const close = nextSolid(text, at);
        if (text.charAt(close) === (character === "{" ? "}" : "]")) {
          line += character + text.charAt(close);
          at = close + 1;
        } else {
          depth += 1;
          line += character;
          lineBreak();
        }
      } else if (character === "}" || character === "]") {
        depth = Math.max(0, depth - 1);
        lineBreak();
        line += character;
      } else if (character === ",") {
        line += character;
        lineBreak();
      } else if (character === ":") {
        line += ": ";
      } else {
        line += character;
      }
    }
    if (line !== "") lines.push(line);
    line = "";
    return true;
  }

  return { lines, step, done: () => at / Math.max(1, text.length) };
}

export function indentJson(text: string): string {
  const indenter = createIndenter(text);
  indenter.step(text.length);
  return indenter.lines.join("\n");
}

/** The index after the closing quote, or the end of a text truncated inside a string. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at += 1;
    else if (character === QUOTE) return at + 1;
  }
  return text.length;
}

function nextSolid(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

const BACKSLASH = 92;
const QUOTE = 34;
/** Deeper levels get no more indentation, so that the output stays in proportion to the input. */
const DEEPEST = 40;
