/** Whether the files of an NDJSON copy are what its checkpoint says. */
import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../command.js";
import {
  isUnfinishedState,
  type NdjsonFiles,
  type NdjsonState,
  nameOfCopy,
  newState,
  readState,
} from "./ndjson-state.js";
import { otherSource, type SyncSource } from "./target.js";

/** Undefined where the copy begins. @throws UsageError where the files are not the copy of this source */
export function heldState(files: NdjsonFiles, source: SyncSource): NdjsonState | undefined {
  const { copy, changes, checkpoint } = files;
  const state = readState(checkpoint);
  const anew = `To read all rows again, delete \`${copy}\`, \`${checkpoint}\` and \`${changes}\`.`;
  if (!state) {
    refuseOthers(files);
    return undefined;
  }
  // Where that copy is gone, it was renamed to this one or is no longer wanted: the sizes say which.
  const holder = resolve(dirname(checkpoint), state.copy);
  if (holder !== resolve(copy) && [holder, `${holder}.changes`].some((file) => existsSync(file))) {
    throw new UsageError(`\`${checkpoint}\` is the checkpoint of \`${holder}\`. Pass another file to --checkpoint.`);
  }
  const other = otherSource(copy, state.source, source);
  if (other) throw new UsageError(`${other}. Pass another file to --to.`);
  const size = sizeOf(copy);
  // A user deletes the copy to read everything again.
  if (size === 0 && !state.sizes.includes(0)) return undefined;
  if (!state.sizes.includes(size)) {
    throw new UsageError(
      `\`${copy}\` has ${size} bytes, not ${state.sizes.join(" or ")}: another program has changed it. ${anew}`,
    );
  }
  if (sizeOf(changes) < state.changes) {
    throw new UsageError(`\`${changes}\` was deleted or cut. ${anew}`);
  }
  return { ...state, copy: nameOfCopy(files) };
}

/** @throws UsageError for a file that a first run would write over */
function refuseOthers({ copy, changes, merged, checkpoint }: NdjsonFiles): void {
  const found = [copy, changes].find((file) => sizeOf(file) > 0);
  if (found) {
    throw new UsageError(
      `\`${found}\` exists, but its checkpoint \`${checkpoint}\` does not. Pass another file to --to, or delete \`${found}\` if it is an earlier copy.`,
    );
  }
  const begun = newState(checkpoint);
  const other = existsSync(begun) && !isUnfinishedState(begun) ? begun : merged;
  if (!existsSync(other)) return;
  throw new UsageError(
    `\`${other}\` would be written over, and \`sysparm sync\` did not write it. Pass another file to --to, or move it away.`,
  );
}

/** In bytes; 0 where there is no file. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
