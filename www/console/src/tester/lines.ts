/** Cuts large texts into lines, formats and searches them in steps that do not block the page. */
import { createIndenter } from "./indent";

/**
 * Lines of a text. A longer one is cut into several, because a browser lays out one long line as a whole: the reply of a table is one line.
 * Reading stops at the number of lines.
 */
export function linesOf(text: string, most = MOST_LINES): string[] {
  const lines: string[] = [];
  let at = 0;
  while (at <= text.length && lines.length < most) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end);
    cutLine(line, lines);
    if (end < 0) break;
    at = end + 1;
  }
  return lines;
}

/** Indents JSON and gives its lines, or null if cancelled. `progress` is called with the part that is done, from 0 to 1. */
export async function formatLines(
  text: string,
  signal: AbortSignal,
  progress: (part: number) => void,
): Promise<string[] | null> {
  const indenter = createIndenter(text);
  const lines: string[] = [];
  let taken = 0;
  for (;;) {
    const ended = indenter.step(STEP_CHARACTERS);
    for (; taken < indenter.lines.length; taken += 1) cutLine(indenter.lines[taken] ?? "", lines);
    if (ended || lines.length >= MOST_LINES) return lines.slice(0, MOST_LINES);
    progress(indenter.done());
    await pause();
    if (signal.aborted) return null;
  }
}

/** Indexes of the lines that contain the text, in any case; null if cancelled. At most 10,000. */
export async function searchLines(
  lines: readonly string[],
  wanted: string,
  signal: AbortSignal,
): Promise<number[] | null> {
  const found: number[] = [];
  const lower = wanted.toLowerCase();
  let read = 0;
  for (const [index, line] of lines.entries()) {
    if (line.toLowerCase().includes(lower)) found.push(index);
    if (found.length >= 10_000) break;
    read += line.length + 50;
    if (read < STEP_CHARACTERS) continue;
    read = 0;
    await pause();
    if (signal.aborted) return null;
  }
  return signal.aborted ? null : found;
}

function cutLine(line: string, lines: string[]): void {
  if (line.length <= MOST_CHARACTERS) {
    lines.push(line);
    return;
  }
  let at = 0;
  while (at < line.length) {
    let end = Math.min(line.length, at + MOST_CHARACTERS);
    // Both halves of a surrogate pair stay together.
    if (end < line.length && (line.charCodeAt(end) & 0xfc00) === 0xdc00) end -= 1;
    lines.push(line.slice(at, end));
    at = end;
  }
}

/** Lets the page draw and take input. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

export const MOST_CHARACTERS = 1_000;
/** More would exceed the height that browsers give an element. */
export const MOST_LINES = 800_000;
/** Well under 100 ms of work on a slow machine. */
const STEP_CHARACTERS = 300_000;
