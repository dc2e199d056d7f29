/** A few cases that use every file of the package and what runtimes differ in: fetch, streams, timers, aborts, classes of errors. */
import type { Case } from "./cases.js";

const SMOKE = [
  "query is built, read back and explained",
  "write by query is refused by lint and confirms its count",
  "record is created, changed, counted and deleted",
  "create that is answered too late makes one record",
  "batch requests have their own outcomes, in the order given",
  "lost order is found by a key in its answers",
  "file goes up and comes down as it was, with its progress",
  "findings come one by one, and unknown is never a pass",
  "errors and status agree with classify()",
  "close() within a fetch aborts the others and leaves no timer",
  "signal that another library made ends a call as any other",
  "each call has its own time limit",
  "typed values are written, kept and read again, whichever way",
  "errors of all entries are instances of one class",
  "body that fetch cannot send is refused and nothing is sent",
  "practice instance in memory is read to its last row",
  "table is read to its last row, and hidden rows are counted",
  "hundred calls without a token make one token request",
  "token revoked half way costs a renewal and no row",
  "wrong secret is an AuthenticationError with causes and fixes",
  "unreachable instance is an InstanceError with its cause",
  "raw request returns the reply, also a failing one, unread",
  "page text survives any split of its bytes",
  "foreign body streams are read, and released before a repeat",
  "sync reading ahead resumes after a crash without loss",
];

/** @throws Error if there is no case of a name */
export function smokeOf(cases: Record<string, Case>): Record<string, Case> {
  return Object.fromEntries(
    SMOKE.map((name) => {
      const found = cases[name];
      if (!found) throw new Error(`smoke-cases.ts names a case that does not exist: ${name}`);
      return [name, found];
    }),
  );
}
