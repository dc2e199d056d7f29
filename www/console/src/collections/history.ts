/** What was sent: masked, searchable, bounded. Pure. */
import { hasWords, wordsOf } from "../kit/words";
import { mask, maskAddress } from "../tester/masking";
import type { SavedRequest } from "../workspace/model";

export interface HistoryEntry {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  environmentId: string;
  environmentName: string;
  /** The address that the path was appended to. Absent in entries of earlier versions. */
  base?: string;
  /** Method and path with secrets as dots. */
  line: string;
  /** The request as typed, masked. */
  request: SavedRequest;
  /** Null if no reply came. */
  status: number | null;
  totalMs: number;
  bytes: number;
  /** The code of the diagnosis; empty if the request succeeded. */
  code: string;
}

/** The newest first. */
export function added(history: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  const masked = { ...entry, line: maskAddress(entry.line), request: mask(entry.request) };
  return [masked, ...history.filter(({ id }) => id !== entry.id)].slice(0, MOST_ENTRIES);
}

/** Entries in which every word of the text occurs: line, status, environment, code. */
export function search(history: readonly HistoryEntry[], text: string): HistoryEntry[] {
  const words = wordsOf(text);
  return history.filter((entry) =>
    hasWords(`${entry.line} ${entry.status ?? ""} ${entry.environmentName} ${entry.code} ${entry.request.name}`, words),
  );
}

export const MOST_ENTRIES = 500;
