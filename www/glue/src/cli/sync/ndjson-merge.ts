/** The end of a run: a copy and its changes become a new copy. */
import type { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import { linesOf, lineWriter } from "./lines.js";
import { idOfLine, isDeletion } from "./ndjson-lines.js";
import type { NdjsonFiles } from "./ndjson-state.js";

/** Identifiers that are held at once: about 130 MB. A Map of V8 takes 2^24 entries at most. */
const MOST_IDS = 1_000_000;
/** Bytes of the shortest line of the changes: a deletion. */
const SHORTEST_LINE = 35;

/**
 * Writes the copy with its changes to a third file, which must not exist. `size` is the bytes of the changes that count. Where they have
 * more than `most` lines, rows are merged in parts by their `sys_id`, and the files are read once for each part.
 */
export async function merge(
  { copy, changes, merged }: NdjsonFiles,
  size: number,
  most = MOST_IDS,
): Promise<{ bytes: number; rows: number }> {
  const parts = await partCount(changes, size, most);
  const file = await open(merged, "wx");
  try {
    const writer = lineWriter(file);
    let rows = 0;
    const keep = (line: Buffer) => {
      rows += 1;
      return writer.write(line);
    };
    for (let part = 0; part < parts; part += 1) {
      const last = await lastPlaces(changes, size, part, parts);
      for await (const line of linesOf(copy)) {
        const id = idOfLine(line);
        if (partOf(id, parts) === part && !last.has(id)) await keep(line);
      }
      let place = 0;
      for await (const line of linesOf(changes, size)) {
        if (last.get(idOfLine(line)) === place++ && !isDeletion(line)) await keep(line);
      }
    }
    const bytes = await writer.end();
    await file.sync();
    return { bytes, rows };
  } finally {
    await file.close();
  }
}

/** The number of parts in which at most about `most` lines of the changes have their identifiers. */
export async function partCount(changes: string, size: number, most: number): Promise<number> {
  if (size <= most * SHORTEST_LINE) return 1;
  let lines = 0;
  for await (const _line of linesOf(changes, size)) lines += 1;
  return Math.max(1, Math.ceil(lines / most));
}

/** The line of the last change of each row of a part, counted from 0. */
export async function lastPlaces(
  changes: string,
  size: number,
  part: number,
  parts: number,
): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  let place = 0;
  for await (const line of linesOf(changes, size)) {
    const id = idOfLine(line);
    if (partOf(id, parts) === part) last.set(id, place);
    place += 1;
  }
  return last;
}

/** FNV-1a: identifiers that count up are spread too. */
function partOf(id: string, parts: number): number {
  if (parts === 1) return 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % parts;
}
