/**
 * A sign-in with a person: the authorization code grant with PKCE (RFC 7636) and a state. What it leaves until the person comes back
 * stands in the session, and is good for one return.
 */
import type { AuthorizationCode } from "sysparm";
import type { invalid as Invalid } from "../client/errors.js";

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

/** What a return carries, of OAuth (RFC 6749 section 4.1.2, RFC 9207) and of OpenID Connect. */
const CARRIED = ["code", "state", "iss", "error", "error_description", "error_uri", "session_state"];

/**
 * What the person came back with; undefined where the address is of no return. A return that is not the sign-in's own leaves it
 * waiting: anybody can send a browser to an address.
 */
export function returned(
  whose: SignIn,
  asked: string,
  isPages: boolean,
): { code: string; verifier: string } | undefined {
  const { auth, invalid } = whose;
  if (!URL.canParse(asked)) throw invalid("options.type", "Invalid argument `address`. Pass an absolute URL.");
  const came = new URL(asked).searchParams;
  if (![...came.getAll("code"), ...came.getAll("error")].some(Boolean)) return undefined;
  // Spent or not, it must not stay in the address bar, the history and the next page's referrer.
  if (isPages) clean(new URL(asked));
  const session = sessionOf(whose);
  const [state, verifier] = session.getItem(keyOf(whose))?.split(" ") ?? [];
  const foreign = objection(new URL(asked), auth.redirectUri, whose.origin);
  if (foreign) throw invalid("sign-in.foreign", `This return is of no sign-in that was begun here: ${foreign}`);
  if (!verifier || state !== came.get("state")) {
    throw invalid("sign-in.foreign", "This return belongs to no sign-in that was begun here, or to one that has ended");
  }
  // Good for one return, whatever comes of it.
  session.removeItem(keyOf(whose));
  const code = came.get("code");
  if (!code || came.get("error")) {
    throw invalid("sign-in.refused", "The sign-in was refused, by the person or by the instance");
  }
  return { code, verifier };
}

/** Why an address is not the one that the instance leads back to. */
function objection(url: URL, redirectUri: string, origin: string): string | undefined {
  const came = url.searchParams;
  if (CARRIED.some((name) => came.getAll(name).length > 1)) return "a parameter stands in it twice";
  const issuer = came.get("iss");
  // Where an instance names its issuer, that is its origin. Another server's code must not reach this one (RFC 9207 section 2.4).
  if (issuer !== null && issuer !== origin && issuer !== `${origin}/`) return "its iss names another server";
  const own = new URL(redirectUri);
  const isThere = [...own.searchParams].every(([name, value]) => came.getAll(name).includes(value));
  return isThere && whole(url) === whole(own) ? undefined : "its address is not redirectUri";
}

/** An address up to its query. */
function whole({ href }: URL): string {
  return href.replace(/[?#].*$/s, "");
}

/** Takes a return out of the address bar. What else stands there is the page's own. */
function clean(url: URL): void {
  for (const name of CARRIED) url.searchParams.delete(name);
  const path = `${url.pathname}${url.search}${url.hash}`;
  globalThis.history?.replaceState(history.state, "", path.startsWith("//") ? url.href : path);
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
