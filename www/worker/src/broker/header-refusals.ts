/**
 * When a password or an API key that the instance has refused is sent again: pure decisions. There is no token endpoint that says why, and an
 * instance may lock a user out after some wrong passwords. So there are pauses, as after refused tokens, which end in case that the API refused
 * one request only.
 */

/** Refusals in a row of one credential. Plain JSON. */
export interface HeaderRefusals {
  readonly credentialVersion: number;
  readonly inRow: number;
  /** Not handed out before. */
  readonly until: number;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 900_000;
/** Refusals that far apart are not in a row. */
const APART_MS = 3_600_000;

/** Other isolates that held the same credential report within the pause: that is no further refusal. */
export function afterRefusal(
  before: HeaderRefusals | undefined,
  credentialVersion: number,
  now: number,
): HeaderRefusals {
  const last = before?.credentialVersion === credentialVersion ? before : undefined;
  if (last && isPaused(last, credentialVersion, now)) return last;
  const inRow = last && !isOver(last, now) ? last.inRow + 1 : 1;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 4 ** Math.min(inRow - 1, 10));
  return { credentialVersion, inRow, until: now + pauseMs };
}

/** Whether the credential is not to be sent. A clock that was set back lengthens no pause. */
export function isPaused(refusals: HeaderRefusals, credentialVersion: number, now: number): boolean {
  const left = refusals.until - now;
  return refusals.credentialVersion === credentialVersion && left > 0 && left <= LONGEST_PAUSE_MS;
}

/** Whether a person must act: it was refused again after a pause. */
export function needsPerson({ inRow }: HeaderRefusals): boolean {
  return inRow > 1;
}

/** Whether the row has ended: nobody has reported a refusal for an hour. */
export function isOver({ until }: HeaderRefusals, now: number): boolean {
  return Math.abs(now - until) >= APART_MS;
}
