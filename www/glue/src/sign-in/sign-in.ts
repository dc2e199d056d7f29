/**
 * Sign-in of a person: the authorization code grant with PKCE (RFC 7636) and a state. Verifier and state are kept in the session until the
 * person returns, and are valid for one return.
 */
import type { AuthorizationCode } from "sysparm";
import type { invalid as Invalid } from "../client/errors.js";

/** The page of an instance on which a person signs in and consents. */
const AUTHORIZATION_PATH = "/oauth_auth.do";

/** The client that signs in. `invalid` makes the client's errors, which another bundle cannot import. */
export interface SignInContext {
  origin: string;
  auth: AuthorizationCode;
  invalid: typeof Invalid;
}

/** Redirects the person to the instance; returns the address. */
export async function signIn(context: SignInContext, open: ((url: string) => void) | undefined): Promise<string> {
  const { origin, auth, invalid } = context;
  if (auth.grant !== "authorization_code") throw invalid("sign-in.grant", "signIn() is for authorization_code");
  const random = crypto.getRandomValues(new Uint8Array(64));
  const { url, state, verifier } = await beginSignIn(origin, auth, random);
  sessionOf(context).setItem(sessionKey(context), `${state} ${verifier}`);
  if (open) open(url);
  else globalThis.location?.assign(url);
  return url;
}

/** The parameters of a return: OAuth (RFC 6749 section 4.1.2, RFC 9207) and OpenID Connect. */
const RETURN_PARAMETERS = ["code", "state", "iss", "error", "error_description", "error_uri", "session_state"];

/** What obtains a token with a code. */
interface CodeClient {
  code(code: string, verifier: string): Promise<unknown>;
}

/** Ends a sign-in; false for an address that is no return. */
export async function handled(
  context: SignInContext,
  client: CodeClient,
  asked: string,
  isPages: boolean,
): Promise<boolean> {
  const given = returned(context, asked, isPages);
  if (given) await client.code(given.code, given.verifier);
  return given !== undefined;
}

/**
 * The code of a return; undefined for an address that is no return. A foreign return leaves the sign-in pending: anybody can send a browser to
 * an address.
 */
function returned(
  context: SignInContext,
  asked: string,
  isPages: boolean,
): { code: string; verifier: string } | undefined {
  const { auth, invalid } = context;
  if (!URL.canParse(asked)) throw invalid("options.type", "Invalid argument `address`. Pass an absolute URL.");
  const came = new URL(asked).searchParams;
  if (![...came.getAll("code"), ...came.getAll("error")].some(Boolean)) return undefined;
  // Valid or not, a code must not stay in the address bar, the history and the next page's referrer.
  if (isPages) cleanAddressBar(new URL(asked));
  const session = sessionOf(context);
  const [state, verifier] = session.getItem(sessionKey(context))?.split(" ") ?? [];
  const foreign = mismatch(new URL(asked), auth.redirectUri, context.origin);
  if (foreign) throw invalid("sign-in.foreign", `This return is of no sign-in that was begun here: ${foreign}`);
  if (!verifier || state !== came.get("state")) {
    throw invalid("sign-in.foreign", "This return belongs to no sign-in that was begun here, or to one that has ended");
  }
  // Valid for one return, whatever its result.
  session.removeItem(sessionKey(context));
  const code = came.get("code");
  const refusal = came.get("error");
  if (!code || refusal) {
    // Only a code as RFC 6749 has them: the text of an address may be anybody's.
    const said = /^[a-z_]{1,40}$/.exec(refusal ?? "")?.[0];
    const message = "The sign-in was refused, by the person or by the instance";
    throw invalid("sign-in.refused", said ? `${message}: ${said}` : message);
  }
  return { code, verifier };
}

/** Why an address is not the one to which the instance redirects. */
function mismatch(url: URL, redirectUri: string, origin: string): string | undefined {
  const came = url.searchParams;
  if (RETURN_PARAMETERS.some((name) => came.getAll(name).length > 1)) return "a parameter stands in it twice";
  const issuer = came.get("iss");
  // An instance's issuer is its origin. Another server's code must not be sent to this one (RFC 9207 section 2.4).
  if (issuer !== null && issuer !== origin && issuer !== `${origin}/`) return "its iss names another server";
  const own = new URL(redirectUri);
  const isThere = [...own.searchParams].every(([name, value]) => came.getAll(name).includes(value));
  return isThere && withoutQuery(url) === withoutQuery(own) ? undefined : "its address is not redirectUri";
}

/** An address up to its query. */
function withoutQuery({ href }: URL): string {
  return href.replace(/[?#].*$/s, "");
}

/** Removes the return's parameters from the address bar and keeps the page's own. */
function cleanAddressBar(url: URL): void {
  for (const name of RETURN_PARAMETERS) url.searchParams.delete(name);
  const path = `${url.pathname}${url.search}${url.hash}`;
  globalThis.history?.replaceState(history.state, "", path.startsWith("//") ? url.href : path);
}

/** `random` is 64 random bytes: half for the verifier (RFC 7636 section 4.1), half for the state. */
async function beginSignIn(
  origin: string,
  auth: AuthorizationCode,
  random: Uint8Array,
): Promise<{ url: string; state: string; verifier: string }> {
  const verifier = base64url(random.subarray(0, 32));
  // "Should have no special characters" (documentation page "Enforce OAuth state parameter validation").
  const state = Array.from(random.subarray(32), (byte) => byte.toString(16).padStart(2, "0")).join("");
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

function sessionKey({ origin, auth }: SignInContext): string {
  return `${origin} ${auth.clientId}`;
}

function sessionOf({ auth, invalid }: SignInContext): NonNullable<AuthorizationCode["session"]> {
  const session = auth.session ?? globalThis.sessionStorage;
  if (!session)
    throw invalid(
      "sign-in.session",
      "Missing option `auth.session`. Outside a page, pass an object that stores the sign-in.",
    );
  return session;
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}
