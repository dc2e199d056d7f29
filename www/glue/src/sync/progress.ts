/** A sync's progress, which leaves the core as numbers. */
import type { SyncProgress } from "sysparm/sync";
import { DeletionsState, SyncNumber } from "../protocol/codes.js";
import { UNKNOWN_CODE, unknownCode } from "../protocol/unknown-code.js";
import { SyncError } from "./error.js";

export function progressOf(numbers: ArrayLike<number>): Omit<SyncProgress, "caveat"> {
  const at = (place: SyncNumber) => numbers[place] ?? Number.NaN;
  const known = (place: SyncNumber) => (Number.isNaN(at(place)) ? null : at(place));
  return {
    total: known(SyncNumber.total),
    passed: at(SyncNumber.passed),
    repeated: at(SyncNumber.repeated),
    hidden: known(SyncNumber.hidden),
    deletions: deletionsOf(at(SyncNumber.deletions)),
    hiddenDeletions: known(SyncNumber.hiddenDeletions),
    complete: at(SyncNumber.complete) === 1,
    remainingMs: known(SyncNumber.remainingMs),
  };
}

function deletionsOf(state: DeletionsState): SyncProgress["deletions"] {
  switch (state) {
    case DeletionsState.read:
      return "read";
    case DeletionsState.trimmed:
      return "trimmed";
    case DeletionsState.unread:
      return "unread";
    default:
      throw new SyncError(UNKNOWN_CODE, unknownCode("DeletionsState", state));
  }
}
