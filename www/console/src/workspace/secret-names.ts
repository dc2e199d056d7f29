/** Recognises names whose values are secrets: of headers, parameters, fields, members and variables. */

const SECRET =
  /pass(?:word|wd|phrase|code)?$|pwd|password|secret|token|(?:api|private|signing)[-_]?keys?|assertion|authorization|cookie|credential|^code$/i;

/** Names of what is said about a secret, such as `token_type`, `client_assertion_type` or `accessTokenUrl`. */
const ABOUT = /(?:type|url|uri|endpoint|expires[-_]?in|lifetime)$|^max[-_]?tokens$/i;

export function isSecretName(name: string): boolean {
  const trimmed = name.trim();
  return SECRET.test(trimmed) && !ABOUT.test(trimmed);
}
