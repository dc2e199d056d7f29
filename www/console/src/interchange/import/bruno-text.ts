/**
 * Reads the text format of Bruno: blocks that begin at the start of a line with a name and a brace, and end with a brace at the
 * start of a line. Inside stand lines of `name: value`, names of a list, or a text that is indented by two spaces.
 */

export interface BruBlock {
  name: string;
  lines: string[];
}

export interface BruRow {
  name: string;
  value: string;
  on: boolean;
}

export function bruBlocks(text: string): BruBlock[] {
  const blocks: BruBlock[] = [];
  let open: BruBlock | undefined;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (open) {
      if (/^[}\]]\s*$/.test(line)) {
        blocks.push(open);
        open = undefined;
      } else open.lines.push(line);
    } else {
      const begin = /^([a-z][\w:-]{0,100})\s*[{[]\s*([}\]])?\s*$/.exec(line);
      if (begin?.[2] !== undefined) blocks.push({ name: begin[1] ?? "", lines: [] });
      else if (begin) open = { name: begin[1] ?? "", lines: [] };
    }
  }
  // A text that was cut keeps what it has.
  if (open) blocks.push(open);
  return blocks;
}

export function bruText({ lines }: BruBlock): string {
  return lines.map((line) => line.replace(/^ {1,2}/, "")).join("\n");
}

/** Rows of `name: value`. `~` before a name turns it off, a value in three quotes has several lines. */
export function bruRows({ lines }: BruBlock): BruRow[] {
  const rows: BruRow[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const match = /^\s*(~?)(?:"((?:[^"\\]|\\.)*)"|([^:\s][^:]*?))\s*:(.*)$/.exec(lines[at] ?? "");
    if (!match) continue;
    const name = match[2] === undefined ? (match[3] ?? "") : match[2].replaceAll('\\"', '"');
    let value = (match[4] ?? "").trim();
    if (value === "'''") {
      const inner: string[] = [];
      for (at += 1; at < lines.length && !/^\s*'''/.test(lines[at] ?? ""); at += 1)
        inner.push((lines[at] ?? "").replace(/^ {1,4}/, ""));
      value = inner.join("\n");
    }
    rows.push({ name, value, on: match[1] === "" });
  }
  return rows;
}

/** Names of a list block, such as `vars:secret`. */
export function bruNames({ lines }: BruBlock): BruRow[] {
  return lines
    .map((line) => line.trim().replace(/,$/, ""))
    .filter((line) => line !== "")
    .map((line) => ({ name: line.replace(/^~/, ""), value: "", on: !line.startsWith("~") }));
}
