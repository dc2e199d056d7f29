/**
 * What to do with a body; the numbers are the core's. "done" is untouched to it, but for a 202: a full session queue says so of what it
 * has not looked at, where the APIs here say 200, 201 or 204.
 */
export enum Expect {
  untouched = 0,
  rows = 1,
  record = 2,
  done = 3,
}
