/** Versions of rows, which cross as texts one after the other. */
import type { SyncVersion } from "sysparm/sync";
import { VersionText } from "../protocol/codes.js";

/** As many texts as one version has. */
const LENGTH = VersionText.changes + 1;

export function textsOfVersion({ id, at, changes }: SyncVersion): string[] {
  const texts: Record<VersionText, string> = {
    [VersionText.id]: id,
    [VersionText.at]: at,
    [VersionText.changes]: changes,
  };
  return Object.values(texts);
}

/** The versions in `texts`, from this place on. */
export function versionsFrom(texts: readonly string[], from: number): SyncVersion[] {
  const versions: SyncVersion[] = [];
  for (let first = from; first < texts.length; first += LENGTH) {
    const at = (place: VersionText) => texts[first + place] ?? "";
    versions.push({ id: at(VersionText.id), at: at(VersionText.at), changes: at(VersionText.changes) });
  }
  return versions;
}
