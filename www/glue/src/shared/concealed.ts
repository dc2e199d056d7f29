/**
 * Replaces what looks like a credential in texts of records and of callers: an address with a password, a parameter that names a secret, a
 * header, a token, a key. Names, sys_ids and client ids stay.
 */
import { SYS_ID } from "./keys.js";

const CONCEALED = "[concealed]";

type Instead = string | ((whole: string, before: string, value: string) => string);

const PATTERNS: readonly (readonly [pattern: RegExp, instead: Instead])[] = [
  [/-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g, CONCEALED],
  // A capital, a digit or a sign tells a credential from the next word of a sentence.
  [/\b([Bb]asic|[Bb]earer)\s+(?=[a-z]*[A-Z\d+/=.])[\w.~+/=-]{6,}/g, `$1 ${CONCEALED}`],
  // The user name of an address goes with its password.
  [/((?:\b[a-z][a-z\d+.-]*:)?\/\/)[^/\s?#]*@/gi, `$1${CONCEALED}@`],
  // The names are words by themselves or after an underscore: "client_secret", "x-sn-apikey", not "subsecret".
  [/((?:^|[^a-z\d])(?:pass(?:word|phrase|wd)?|pwd)["']?\s*[=:]\s*["']?)[^\s"'&,;|<>]+/gi, `$1${CONCEALED}`],
  [
    /((?:^|[^a-z\d])(?:secret|token|api[-_]?key|private[-_]?key|shared[-_]?key|assertion|code_verifier|code|signature)["']?\s*[=:]\s*["']?)([^\s"'&,;|<>]+)/gi,
    (whole, before, value) => (isNoted(before) && WORDS.test(value) ? whole : before + CONCEALED),
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, CONCEALED],
];

/** "Kubernetes secret: sn-oauth" says where one lives. Words of small letters are names; what has digits or capitals in it may be a secret. */
const WORDS = /^[A-Z]?[a-z]{1,15}(?:[-_./][A-Z]?[a-z]{1,15}){0,2}[-_./)]*$/;
const isNoted = (before: string) => /\w:\s+$/.test(before);

/** A run of letters and digits as long as an opaque token. A sys_id and a client id have 32 hexadecimal digits. */
const RUN = /[\w~+/=-]{24,}/g;

export function concealed(text: string): string {
  const known = PATTERNS.reduce(
    // Two forms of one call: its overloads take no union.
    (shown, [pattern, instead]) =>
      typeof instead === "string" ? shown.replace(pattern, instead) : shown.replace(pattern, instead),
    text,
  );
  return known.replace(RUN, (run) => (isToken(run) ? CONCEALED : run));
}

/** Names of tables, roles and addresses are words; tokens mix capitals, small letters and digits. */
function isToken(run: string): boolean {
  if (SYS_ID.test(run)) return false;
  if (/^[\da-f]{40,}$/i.test(run)) return true;
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && (run.match(/\d/g)?.length ?? 0) >= 3;
}
