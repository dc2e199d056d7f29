/** The life of a token as times and places on a line. Pure. */
import type { Status, SysparmEvent } from "sysparm";

export interface Life {
  /** When this page got it. The instance may have issued it earlier, and hands it out again while it lives. */
  obtainedAt: number;
  expiresAt: number;
  /** Within these two a used token is renewed. */
  window: readonly [from: number, until: number];
  /** The moment that the package has drawn; absent while no call has used the token. */
  renewsAt: number | undefined;
  /** From here on it is not used if another can be had. */
  tooOldAt: number;
}

/** The package's own times (`auth::TokenState`, and "Defaults" of its README). */
const EARLIEST_MS = 180_000;
const LATEST_MS = 60_000;
const TOO_OLD_MS = 30_000;

/** Null where no token is held or its end is not known: an API key, a token from elsewhere. */
export function lifeOf(token: Status["token"], events: readonly SysparmEvent[]): Life | null {
  const { expiresAt, renewsAt } = token;
  if (token.state === "absent" || expiresAt === undefined) return null;
  const obtained = events.filter((event) => event.type === "token.renewed" && event.until === expiresAt).at(-1);
  if (!obtained) return null;
  const { at: obtainedAt } = obtained;
  const half = obtainedAt + (expiresAt - obtainedAt) / 2;
  const from = Math.max(half, expiresAt - EARLIEST_MS);
  return {
    obtainedAt,
    expiresAt,
    window: [from, Math.max(from, expiresAt - LATEST_MS)],
    renewsAt,
    tooOldAt: Math.max(obtainedAt, expiresAt - TOO_OLD_MS),
  };
}

/** Beyond the expiry the line goes on for this part of the life, so that the label of the end fits. */
const BEYOND = 0.14;

/** Where a time stands on the line, 0 to 100. */
export function placeOf({ obtainedAt, expiresAt }: Life, time: number): number {
  const whole = (expiresAt - obtainedAt) * (1 + BEYOND);
  return whole <= 0 ? 0 : Math.min(100, Math.max(0, ((time - obtainedAt) / whole) * 100));
}

/** "17:24", "1:02:03"; "0:00" when it is over. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export type TokenTone = "ok" | "warn" | "error" | "info";

/** The state in one word, with its tone. */
export function stateWord(token: Status["token"], now: number): { word: string; tone: TokenTone } {
  if (token.attention) return { word: "Needs attention", tone: "error" };
  switch (token.state) {
    case "absent":
      return { word: "No token", tone: "info" };
    case "renewing":
      return { word: "Being obtained", tone: "info" };
    case "failed":
      return { word: "Failed", tone: "error" };
    case "held": {
      if (token.expiresAt !== undefined && token.expiresAt <= now) return { word: "Expired", tone: "warn" };
      return (token.failures ?? 0) > 0
        ? { word: "Valid, renewal failed", tone: "warn" }
        : { word: "Valid", tone: "ok" };
    }
  }
}
