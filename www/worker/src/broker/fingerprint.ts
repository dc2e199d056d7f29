/** By which a broker notices that the plain bindings have changed. It is stored, without SEALING_KEYS as it is. */

/** So few of the secret's hash that nobody can find the secret by guessing: of all secrets, one in 65,536 has these. */
const DIGITS_OF_SECRET = 4;

/** A change of the secret alone may be missed, once in 65,536. Then the next token is obtained with the new one all the same. */
export async function fingerprintOf(instanceUrl: string, clientId: string, clientSecret: string): Promise<string> {
  const open = await hash([instanceUrl, clientId]);
  const secret = await hash([instanceUrl, clientId, clientSecret]);
  return open + secret.slice(0, DIGITS_OF_SECRET);
}

async function hash(texts: readonly string[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("\n")));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
