/** Which cases of the package the Rust driver has to pass: those of the files that are about reading, pacing, tokens, sync and errors. */
import { PARTS } from "../package/cases.js";
import { CLOSING_CASES } from "../package/closing-cases.js";
import { EVIDENCE_CASES } from "../package/evidence-cases.js";
import { PACING_CASES } from "../package/pacing-cases.js";
import { READING_CASES } from "../package/reading-cases.js";
import { SYNC_AHEAD_CASES } from "../package/sync-ahead-cases.js";
import { SYNC_CASES } from "../package/sync-cases.js";
import { WRITE_CASES } from "../package/write-cases.js";

/** Cases of other files that are about the same. */
const SINGLE = [
  "table is read to its last row, and hidden rows are counted",
  "rows come one by one, no more of them than are wanted",
  "labels and values come together when both are asked for",
  "reference is an object of both forms, also if empty",
  "empty result says that nothing was hidden",
  "one record is read by its sys_id",
  "hundred calls without a token make one token request",
  "token revoked half way costs a renewal and no row",
  "token source is asked again with the refused token",
  "wrong secret is an AuthenticationError with causes and fixes",
  "unknown table is a RequestError",
  "missing record is a RecordError",
  "unreachable instance is an InstanceError with its cause",
  "sleeping instance is named, for rows and for raw requests",
  "failed renewal is reported with its own cause",
  "message names a second cause that is about as likely",
  "record that is asked for by its number is explained",
  "names are refused alike for a record, a count and pages",
  "only a page's errors name CORS",
  "key of any JSON type is read, or refused with a code",
  "numeric sys_id is read on as its text",
  "rows that are no objects end a reading without a trap",
  "list with a limit gives as many rows as can be had",
  "conditions that the instance keeps have no caveat",
  "deletion answered 204 is done, whatever its content type",
  "user name that Basic cannot carry is refused",
];

/** Cases of these files that cannot pass, by the reason. */
export const EXCLUDED: Record<string, string[]> = {
  "the crate does not search for rows that a condition excludes": ["copy by a condition that is left out has a caveat"],
  "a caller in Rust drops its future: there is no signal, and no reason of one": [
    "signal that aborts thousands of calls sends no queued one",
    "signal that another library made ends a call as any other",
    "caller's signal ends the returned body and no other",
    "wait for an hourly limit is visible in status and abort",
  ],
  "a fetch in Rust resolves to a Response of the browser": [
    "foreign body streams are read, and released before a repeat",
  ],
};

export const UNPASSABLE = Object.values(EXCLUDED).flat();

const files = [CLOSING_CASES, EVIDENCE_CASES, PACING_CASES, READING_CASES, SYNC_AHEAD_CASES, SYNC_CASES, WRITE_CASES];

const all = { ...PARTS.first, ...PARTS.second };

const inScope = [...files.flatMap((cases) => Object.keys(cases)), ...SINGLE];

export const WANTED = inScope.filter((name) => !UNPASSABLE.includes(name));

for (const name of [...SINGLE, ...UNPASSABLE]) {
  if (!(name in all && inScope.includes(name))) throw new Error(`there is no case "${name}"`);
}
