/** A checkpoint is plain JSON outside and texts in a row on the way into the core and out of it. */
import type { SyncCheckpoint, SyncVersion } from "sysparm/sync";
import { SyncError } from "./error.js";

export function checkpointOf(texts: string[]): SyncCheckpoint {
  const [form, query = "", any, value = "", id = "", unstamped, deletions = "", keys] = texts;
  const versions: SyncVersion[] = [];
  for (let place = 8; place < texts.length; place += 3) {
    const [id = "", at = "", changes = ""] = texts.slice(place, place + 3);
    versions.push({ id, at, changes });
  }
  const deletionKeys = versions.splice(Number(keys));
  const rows = any ? { value, id } : null;
  return {
    form: Number(form),
    query,
    rows,
    unstampedRead: unstamped !== "",
    deletions,
    rowKeys: versions,
    deletionKeys,
  };
}

/** @throws SyncError for what is no checkpoint */
export function textsOf(checkpoint: SyncCheckpoint): string[] {
  try {
    const { form, query, rows, unstampedRead, deletions, rowKeys, deletionKeys } = checkpoint;
    const keys = [...rowKeys, ...deletionKeys].flatMap(({ id, at, changes }) => [id, at, changes]);
    const texts = [
      query,
      rows ? "1" : "",
      rows ? rows.value : "",
      rows ? rows.id : "",
      unstampedRead ? "1" : "",
      deletions,
    ];
    const all = [String(form), ...texts, String(rowKeys.length), ...keys];
    if (typeof unstampedRead === "boolean" && all.every((text) => typeof text === "string")) return all;
  } catch {
    // Members that are not there, or are not what they should be.
  }
  throw new SyncError("sync.checkpoint", "this is no checkpoint of a sync: its members are not those of a checkpoint");
}
