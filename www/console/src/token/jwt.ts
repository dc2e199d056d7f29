/** Reads a JWT (RFC 7519) without verifying its signature: the page has no key for that. Nothing is sent. Pure. */

export interface Claim {
  name: string;
  /** As JSON has it, or a text. */
  value: string;
  /** What it means; empty if it is no registered claim. */
  meaning: string;
}

export interface Decoded {
  header: Claim[];
  claims: Claim[];
  /** What speaks against its use, the worst first. */
  warnings: string[];
}

/** Characters that are read. Tokens travel in headers, which servers bound to far less. */
const MOST = 100_000;

const MEANINGS: Readonly<Record<string, string>> = {
  alg: "Algorithm of the signature",
  typ: "Type",
  kid: "Key that signed it",
  iss: "Issuer",
  sub: "Subject: whose token it is",
  aud: "Audience: for whom it is meant",
  exp: "Expires",
  nbf: "Not valid before",
  iat: "Issued",
  jti: "Its own id",
  scope: "Scopes",
  azp: "Client that it was issued to",
  client_id: "Client that it was issued to",
  nonce: "Ties it to one sign-in",
  auth_time: "When the person signed in",
};

const TIMES = new Set(["exp", "nbf", "iat", "auth_time"]);

/** `problem` says what is wrong with the text, without a part of it. */
export function decodeJwt(text: string, now: number): Decoded | { problem: string } {
  const token = text.trim().replace(/^Bearer\s+/i, "");
  if (token.length > MOST)
    return { problem: `The text has more than ${MOST.toLocaleString("en-GB")} characters. Paste the token alone.` };
  const parts = token.split(".");
  if (parts.length === 5) {
    return { problem: "This is an encrypted token (JWE, five parts). Only who has its key can read it." };
  }
  if (parts.length !== 3) {
    return {
      problem: `A JWT has three parts with dots between them; this has ${parts.length}. Access tokens of ServiceNow are opaque by default: there is nothing in them to decode.`,
    };
  }
  const [header, payload] = [objectIn(parts[0] ?? ""), objectIn(parts[1] ?? "")];
  if (!header) return { problem: "The first part is no JSON object in base64url. Copy the whole token again." };
  if (!payload) return { problem: "The second part is no JSON object in base64url. Copy the whole token again." };
  return {
    header: Object.entries(header).map(claimOf),
    claims: Object.entries(payload).map(claimOf),
    warnings: warningsOf(header, payload, parts[2] ?? "", now),
  };
}

type Members = Record<string, unknown>;

function objectIn(part: string): Members | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

function claimOf([name, value]: [string, unknown]): Claim {
  const meaning = Object.hasOwn(MEANINGS, name) ? (MEANINGS[name] ?? "") : "";
  const time = TIMES.has(name) && typeof value === "number" ? timeWords(value) : undefined;
  return { name, meaning, value: time ?? (typeof value === "string" ? value : JSON.stringify(value)) };
}

function timeWords(seconds: number): string | undefined {
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return undefined;
  return `${seconds} (${date.toISOString().replace("T", " ").slice(0, 19)} UTC)`;
}

function warningsOf(header: Members, payload: Members, signature: string, now: number): string[] {
  const { exp, nbf, iat } = payload;
  const at = (value: unknown): number | undefined => (typeof value === "number" ? value * 1_000 : undefined);
  const [expires, begins, issued] = [at(exp), at(nbf), at(iat)];
  const found = [
    (String(header.alg).toLowerCase() === "none" || signature === "") &&
      "It is not signed: anybody can have written it.",
    expires !== undefined && expires <= now && "It has expired.",
    expires === undefined && "It says no expiry (exp).",
    begins !== undefined && begins > now && "It is not valid yet (nbf). Compare the clocks of both machines.",
    issued !== undefined &&
      issued > now + CLOCK_SKEW_MS &&
      "It was issued in the future (iat). Compare the clocks of both machines.",
    typeof header.alg === "string" &&
      header.alg.startsWith("HS") &&
      "It is signed with a shared secret (HS…): everybody who can verify it can also write one.",
  ];
  return found.filter((warning) => warning !== false);
}

const CLOCK_SKEW_MS = 60_000;
