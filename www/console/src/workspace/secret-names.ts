/** Recognises names whose values are secrets: of headers, parameters, fields, members and variables. */

const SECRET =
  /pass(?:word|wd|phrase|code)?$|pwd|password|secret|token|(?:api|private|signing)[-_]?keys?|assertion|authorization|cookie|credential|session[-_]?id$|^(?:sysparm|g)_ck$|^code$/i;

/** Names of what is said about a secret, such as `token_type`, `client_assertion_type` or `accessTokenUrl`. */
const ABOUT = /(?:type|url|uri|endpoint|expires[-_]?in|lifetime)$|^max[-_]?tokens$/i;

export function isSecretName(name: string): boolean {
  const trimmed = name.trim();
  return SECRET.test(trimmed) && !ABOUT.test(trimmed);
}

/**
 * Whether a JSONPath may lead to a secret: a name in it is that of one, or the name of what it leads to is not known, as after `[*]`. A
 * value that is an object may hold secrets all the same.
 */
export function isSecretPath(path: string): boolean {
  const trimmed = path.trim();
  const endsKnown = trimmed === "" || trimmed === "$" || KNOWN_END.test(trimmed);
  return !endsKnown || trimmed.includes("\\") || trimmed.split(/[^\w-]+/).some(isSecretName);
}

/** A name or an index. */
const KNOWN_END = /(?:\.\s*[^\s.*[\]()?"']+|\[\s*(?:-?\d+|"[^"]*"|'[^']*')\s*\])$/;
