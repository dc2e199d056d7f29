/**
 * When a password or an API key that the instance has refused is sent again: pure decisions. There is no token endpoint that says why, so there
 * are pauses, which end in case that the API refused one request only. An instance locks a user out after five wrong passwords
 * (glide.user.max_unlock_attempts), and nothing says that it forgets them with time: a password is sent three times, and then no more.
 */

/** Refusals in a row of one credential. Plain JSON. */
export interface HeaderRefusals {
  readonly credentialVersion: number;
  readonly inRow: number;
  /** Not handed out before. Null: not before the credential changes or an operator resumes. */
  readonly until: number | null;
  /** When it was handed out first since then. */
  readonly handedOutAt?: number;
}

/** A refused credential, as an isolate reports it. */
export interface RefusedCredential {
  readonly credentialVersion: number;
  /** Whether the instance counts wrong ones and locks the user. */
  readonly isPassword: boolean;
  /** When the isolate obtained it, if the instance has answered another request with it since. */
  readonly acceptedSince?: number | undefined;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 900_000;
/** In use for so long without a refusal, a credential is right. */
const APART_MS = 3_600_000;
/** The instance says well within this time whether it accepts a password. */
const FIRST_ANSWER_MS = 2_000;
/** Two fewer than lock a user: requests that are under way at the same time may have sent it too. */
const MOST_PASSWORDS = 3;

/** Other isolates that held the same credential report within the pause: that is no further refusal. */
export function afterRefusal(
  before: HeaderRefusals | undefined,
  { credentialVersion, isPassword, acceptedSince = 0 }: RefusedCredential,
  now: number,
): HeaderRefusals {
  const last = before?.credentialVersion === credentialVersion ? before : undefined;
  if (last && isPaused(last, credentialVersion, now)) return last;
  // After the last pause it was right, so one request was refused, and not the credential.
  const isRight = last !== undefined && last.until !== null && acceptedSince >= last.until;
  const inRow = last && !isRight && !isOver(last, now) ? last.inRow + 1 : 1;
  if (isPassword && inRow >= MOST_PASSWORDS) return { credentialVersion, inRow, until: null };
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 4 ** Math.min(inRow - 1, 10));
  return { credentialVersion, inRow, until: now + pauseMs };
}

/** Whether the credential is not to be sent. A clock that was set back lengthens no pause. */
export function isPaused({ until, ...refusals }: HeaderRefusals, credentialVersion: number, now: number): boolean {
  if (refusals.credentialVersion !== credentialVersion) return false;
  const left = until === null ? LONGEST_PAUSE_MS : until - now;
  return left > 0 && left <= LONGEST_PAUSE_MS;
}

/** Whether a person must act: it was refused again after a pause. */
export function needsPerson({ inRow }: HeaderRefusals): boolean {
  return inRow > 1;
}

/**
 * How long another isolate waits for a password that was handed out after its pause: the first isolate tells whether it is wrong. One request
 * instead of one isolate would tell less: where one API refuses it, nothing else could show that the password is right. An API key locks nobody.
 */
export function waitForFirstMs({ handedOutAt }: HeaderRefusals, isPassword: boolean, now: number): number {
  if (!isPassword || handedOutAt === undefined || now < handedOutAt) return 0;
  return Math.max(0, handedOutAt + FIRST_ANSWER_MS - now);
}

/** The credential is handed out again. */
export function handedOut(refusals: HeaderRefusals, now: number): HeaderRefusals {
  const { handedOutAt } = refusals;
  return handedOutAt !== undefined && handedOutAt <= now ? refusals : { ...refusals, handedOutAt: now };
}

/** Whether the row has ended: it was handed out again, and nobody has reported a refusal for an hour. Idle hours say nothing. */
export function isOver({ handedOutAt }: HeaderRefusals, now: number): boolean {
  return handedOutAt !== undefined && now - handedOutAt >= APART_MS;
}
