/** Ways of signing in that a client of the registry stands for, and that leave issued tokens. */
import type { AuthMethod } from "sysparm/environments";

export const GRANTS: readonly AuthMethod[] = [
  "client_credentials",
  "authorization_code",
  "password",
  "refresh_token",
  "jwt_bearer",
];

/** Whether a way of signing in is one of them. */
export function isGrant(method: AuthMethod): boolean {
  return GRANTS.includes(method);
}
