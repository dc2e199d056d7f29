/** Which of an account's roles were granted, and which only come with others. */
import type { HeldRole } from "sysparm/environments";

/** Granted to the account or to one of its groups. So is a role whose origin is hidden. */
export function isGranted({ ways }: HeldRole): boolean {
  return ways.length === 0 || ways.some(({ by }) => by !== "contained");
}
