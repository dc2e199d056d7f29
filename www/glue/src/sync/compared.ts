/** The state of a comparison is plain JSON outside, and texts on the way into the core and out of it, like a checkpoint. */
import type { Compared } from "sysparm/sync";
import { ComparedText } from "../protocol/codes.js";
import { SyncError } from "./error.js";
import { textsOfVersion, versionsFrom } from "./version.js";

export function comparedOf(texts: string[]): Compared {
  const at = (place: ComparedText) => texts[place] ?? "";
  const count = (place: ComparedText) => Number(at(place));
  const sourceAside = versionsFrom(texts, ComparedText.versions);
  const copyAside = sourceAside.splice(count(ComparedText.sourceAside));
  return {
    form: count(ComparedText.form),
    query: at(ComparedText.query),
    after: at(ComparedText.after),
    total: at(ComparedText.total) ? count(ComparedText.total) : null,
    rows: count(ComparedText.rows),
    missing: count(ComparedText.missing),
    stale: count(ComparedText.stale),
    surplus: count(ComparedText.surplus),
    pending: count(ComparedText.pending),
    unknown: count(ComparedText.unknown),
    sourceAside,
    copyAside,
  };
}

/** @throws SyncError for what no comparison has written */
export function comparedTexts(compared: Compared): string[] {
  try {
    const { form, query, after, total, rows, missing, stale, surplus, pending, unknown } = compared;
    const { sourceAside, copyAside } = compared;
    const texts: Record<Exclude<ComparedText, ComparedText.versions>, string | number> = {
      [ComparedText.form]: form,
      [ComparedText.query]: query,
      [ComparedText.after]: after,
      [ComparedText.total]: total ?? "",
      [ComparedText.rows]: rows,
      [ComparedText.missing]: missing,
      [ComparedText.stale]: stale,
      [ComparedText.surplus]: surplus,
      [ComparedText.pending]: pending,
      [ComparedText.unknown]: unknown,
      [ComparedText.sourceAside]: sourceAside.length,
    };
    const aside = [...sourceAside, ...copyAside].flatMap(textsOfVersion);
    const numbers = [form, total ?? 0, rows, missing, stale, surplus, pending, unknown];
    if (numbers.every(Number.isSafeInteger) && [query, after, ...aside].every((text) => typeof text === "string")) {
      return [...Object.values(texts).map(String), ...aside];
    }
  } catch {
    // Members that are not there, or are not what they should be.
  }
  throw new SyncError("reconcile.checkpoint", "Invalid option `compared`. Pass what a batch of reconcile() has.");
}
