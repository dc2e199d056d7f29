/** Facts of a reply's headers: row count, links to pages, rate limit. Pure. */

export interface PageLink {
  /** "First", "Previous", "Next", "Last". */
  label: string;
  /** The address as the instance sent it. */
  address: string;
}

export interface RateLimit {
  limit: number;
  remaining: number | null;
  /** Milliseconds since 1970. */
  resetsAt: number | null;
  rule: string;
}

type Headers = readonly (readonly [name: string, value: string])[];

function header(headers: Headers, name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null;
}

export function totalCount(headers: Headers): number | null {
  return number(header(headers, "x-total-count"));
}

/** In the order first, previous, next, last. Links that are absent are left out. */
export function pageLinks(headers: Headers): PageLink[] {
  const links = new Map<string, string>();
  for (const match of (header(headers, "link") ?? "").matchAll(/<([^<>]*)>\s*;\s*rel="?([a-z]+)"?/gi)) {
    const [, address = "", rel = ""] = match;
    if (URL.canParse(address, "https://instance.invalid")) links.set(rel.toLowerCase(), address);
  }
  return PAGES.flatMap(([rel, label]) => {
    const address = links.get(rel);
    return address === undefined ? [] : [{ label, address }];
  });
}

const PAGES = [
  ["first", "First"],
  ["prev", "Previous"],
  ["next", "Next"],
  ["last", "Last"],
] as const;

/** Null if the reply has no X-RateLimit-Limit that the browser shows. */
export function rateLimit(headers: Headers): RateLimit | null {
  const limit = number(header(headers, "x-ratelimit-limit"));
  if (limit === null || limit === 0) return null;
  const reset = number(header(headers, "x-ratelimit-reset"));
  return {
    limit,
    remaining: number(header(headers, "x-ratelimit-remaining")),
    // Seconds since 1970.
    resetsAt: reset === null ? null : reset * 1000,
    rule: header(headers, "x-ratelimit-rule") ?? "",
  };
}

/** Rows of `result`, or the one record; null if the body has none. */
export function rowsOf(value: unknown): Record<string, unknown>[] | null {
  const result = (value as { result?: unknown } | null)?.result;
  const rows = Array.isArray(result) ? result : result !== undefined ? [result] : null;
  if (!rows || rows.length === 0 || !rows.every((row) => typeof row === "object" && row !== null)) return null;
  return rows as Record<string, unknown>[];
}

/** Names of the members of all rows, in the order met. */
export function columnsOf(rows: readonly Record<string, unknown>[]): string[] {
  const names = new Set<string>();
  for (const row of rows.slice(0, 1_000)) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

/** A cell as text: of a reference or a pair of values the display value, otherwise the value. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  const { display_value: display, value: raw } = value as { display_value?: unknown; value?: unknown };
  if (typeof display === "string" && display !== "") return display;
  if (typeof raw === "string") return raw;
  return JSON.stringify(value);
}
