/** A checkpoint is plain JSON outside, and texts on the way into the core and out of it. */
import type { SyncCheckpoint } from "sysparm/sync";
import { CheckpointText } from "../protocol/codes.js";
import { SyncError } from "./error.js";
import { textsOfVersion, versionsFrom } from "./version.js";

/** A checkpoint from the core's texts. */
export function checkpointOf(texts: string[]): SyncCheckpoint {
  const at = (place: CheckpointText) => texts[place] ?? "";
  const rowKeys = versionsFrom(texts, CheckpointText.versions);
  const deletionKeys = rowKeys.splice(Number(at(CheckpointText.rowKeys)));
  return {
    form: Number(at(CheckpointText.form)),
    query: at(CheckpointText.query),
    rows: at(CheckpointText.hasRow) ? { value: at(CheckpointText.rowValue), id: at(CheckpointText.rowId) } : null,
    unstampedRead: at(CheckpointText.unstampedRead) !== "",
    deletions: at(CheckpointText.deletions),
    rowKeys,
    deletionKeys,
  };
}

/** @throws SyncError for what is no checkpoint */
export function checkpointTexts(checkpoint: SyncCheckpoint): string[] {
  try {
    const { form, query, rows, unstampedRead, deletions, rowKeys, deletionKeys } = checkpoint;
    const texts: Record<Exclude<CheckpointText, CheckpointText.versions>, string> = {
      [CheckpointText.form]: String(form),
      [CheckpointText.query]: query,
      [CheckpointText.hasRow]: rows ? "1" : "",
      [CheckpointText.rowValue]: rows ? rows.value : "",
      [CheckpointText.rowId]: rows ? rows.id : "",
      [CheckpointText.unstampedRead]: unstampedRead ? "1" : "",
      [CheckpointText.deletions]: deletions,
      [CheckpointText.rowKeys]: String(rowKeys.length),
    };
    const all = [...Object.values(texts), ...[...rowKeys, ...deletionKeys].flatMap(textsOfVersion)];
    if (typeof unstampedRead === "boolean" && all.every((text) => typeof text === "string")) return all;
  } catch {
    // Missing or invalid members.
  }
  throw new SyncError(
    "sync.checkpoint",
    "Invalid option `checkpoint`: its members are not those of a checkpoint. Pass what a batch of sync() has.",
  );
}
