/**
 * A sign-in with a person: the authorization code grant with PKCE (RFC 7636) and a state. What it leaves until the person comes back
 * stands in the session, and is good for one return.
 */
import type { AuthorizationCode } from "sysparm";
import type { invalid as Invalid } from "./errors.js";

/** The page of an instance on which a person signs in and consents. */
const AUTHORIZATION_PATH = "/oauth_auth.do";

/** Whose sign-in it is. `invalid` makes the client's errors: this file is none of its bundle. */
export interface SignIn {
  origin: string;
  auth: AuthorizationCode;
  invalid: typeof Invalid;
}

/** Sends the person away; gives the address. */
export async function signIn(whose: SignIn, open: ((url: string) => void) | undefined): Promise<string> {
  const { origin, auth, invalid } = whose;
  if (auth.grant !== "authorization_code") throw invalid("sign-in.grant", "signIn() is for authorization_code");
  const chance = crypto.getRandomValues(new Uint8Array(64));
  const { url, state, verifier } = await beginSignIn(origin, auth, chance);
  sessionOf(whose).setItem(keyOf(whose), `${state} ${verifier}`);
  if (open) open(url);
  else globalThis.location?.assign(url);
  return url;
}

/** What the person came back with; undefined where the address is of no return. */
export function returned(
  whose: SignIn,
  asked: string,
  isPages: boolean,
): { code: string; verifier: string } | undefined {
  const { invalid } = whose;
  if (!URL.canParse(asked)) throw invalid("options.type", "handleRedirect() needs a whole address, origin and all");
  const url = new URL(asked);
  const [code, error, came] = ["code", "error", "state"].map((name) => url.searchParams.get(name));
  if (!code && !error) return undefined;
  // Good for one return, whatever comes of it.
  const [state, verifier] = sessionOf(whose).getItem(keyOf(whose))?.split(" ") ?? [];
  sessionOf(whose).removeItem(keyOf(whose));
  if (!verifier || state !== came) {
    throw invalid("sign-in.foreign", "This return belongs to no sign-in that was begun here, or to one that has ended");
  }
  // Spent or not, it must not stay in the address bar, the history and the next page's referrer. What else stands there is
  // the page's own.
  if (isPages) {
    for (const name of ["code", "state", "error", "error_description", "error_uri"]) url.searchParams.delete(name);
    history.replaceState(history.state, "", `${url.pathname}${url.search}${url.hash}`);
  }
  if (!code) throw invalid("sign-in.refused", "The sign-in was refused, by the person or by the instance");
  return { code, verifier };
}

/** `chance` is 64 random bytes: half for the verifier (RFC 7636 section 4.1), half for the state. */
async function beginSignIn(
  origin: string,
  auth: AuthorizationCode,
  chance: Uint8Array,
): Promise<{ url: string; state: string; verifier: string }> {
  const verifier = base64url(chance.subarray(0, 32));
  // "Should have no special characters" (documentation page "Enforce OAuth state parameter validation").
  const state = Array.from(chance.subarray(32), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: auth.clientId,
    redirect_uri: auth.redirectUri,
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
    ...(auth.scope && { scope: auth.scope }),
  });
  return { url: `${origin}${AUTHORIZATION_PATH}?${parameters}`, state, verifier };
}

function keyOf({ origin, auth }: SignIn): string {
  return `${origin} ${auth.clientId}`;
}

function sessionOf({ auth, invalid }: SignIn): NonNullable<AuthorizationCode["session"]> {
  const session = auth.session ?? globalThis.sessionStorage;
  if (!session) throw invalid("sign-in.session", "Outside a page a sign-in needs auth.session, which remembers it");
  return session;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}
