/** A pasted text: a query, an address that shows one, or percent-encoded text. Says what was done to get at the query. Pure. */
import type { Query } from "sysparm/query";
import { sentence } from "../query-editor/rows";

export type Decoded =
  | {
      /** Empty where the text names none. */
      table: string;
      query: string;
      /** What was done with the text, in whole sentences; empty for a query as it stands. */
      said: string;
    }
  /** The text holds no query. */
  | { problem: string };

type Queries = Pick<typeof Query, "parse" | "fromUrl">;

export function decode(text: string, queries: Queries): Decoded {
  const { line, joined } = onOneLine(text);
  const query = queries.parse(line, { lenient: true });
  const [problem] = query.lint({ table: "", tables: {} });
  const held = problem?.fixes[0]?.text;
  const left = leftOut(line);
  switch (problem?.code) {
    case "query.address": {
      const shown = shownBy(line, queries);
      if (shown) return { ...shown, said: `Decoded from ${kindOf(line)} of ${shown.table}.${left}` };
      if (held === undefined) return { problem: sentence(problem.message) };
      return { table: "", query: normal(held, queries), said: `Taken out of an address that names no table.${left}` };
    }
    case "query.encoded":
      if (held === undefined) return { problem: sentence(problem.message) };
      return { table: "", query: normal(held, queries), said: "The percent-encoding was removed." };
    default: {
      const printed = query.toString();
      const said = [
        joined ? "Line breaks were removed." : "",
        printed === line ? "" : "Written in normal form: operators instead of their aliases, orders at the end.",
      ];
      return { table: "", query: printed, said: said.filter(Boolean).join(" ") };
    }
  }
}

/** Queries are often written with one condition on a line. Not by one pattern: its time would be the square of a run of spaces. */
function onOneLine(text: string): { line: string; joined: boolean } {
  const parts = text
    .split("\n")
    .map((part) => part.trim())
    .filter(Boolean);
  const line = parts.map((part, index) => gap(parts[index - 1], part) + part).join("");
  return { line, joined: parts.length > 1 };
}

function gap(before: string | undefined, part: string): string {
  return before === undefined || part.startsWith("^") || /\^(?:OR|NQ)?$/.test(before) ? "" : " ";
}

function normal(query: string, queries: Queries): string {
  return queries.parse(query, { lenient: true }).toString();
}

/** A whole address may be percent-encoded, and that more than once. */
const DEEPEST = 4;

function shownBy(address: string, queries: Queries): { table: string; query: string } | null {
  for (const text of decodings(address)) {
    try {
      const { table, query } = queries.fromUrl(text);
      return { table, query: query.toString() };
    } catch {
      // Perhaps one decoding more.
    }
  }
  return null;
}

/** The text, and what it is decoded once, twice, ... */
function decodings(text: string): string[] {
  const found = [text];
  for (let depth = 1; depth < DEEPEST; depth += 1) {
    try {
      const next = decodeURIComponent(found.at(-1) ?? "");
      if (next === found.at(-1)) break;
      found.push(next);
    } catch {
      break;
    }
  }
  return found;
}

function kindOf(address: string): string {
  const plain = decodings(address).at(-1) ?? "";
  if (/\/api\/(?:now|sn)/.test(plain)) return "a request of the REST API";
  if (/\/params\/target\/|nav_to\.do/.test(plain)) return "an address of the navigation";
  if (/_list\.do/.test(plain)) return "the address of a list";
  if (/\.do/.test(plain)) return "the address of a form";
  return "an address";
}

const TAKEN = ["sysparm_query", "sysparm_fixed_query"];

/** The parameters that are not part of a query. */
function leftOut(address: string): string {
  const plain = decodings(address).at(-1) ?? "";
  const names = [...plain.matchAll(/[?&](sysparm_\w+)=/g)].map(([, name = ""]) => name);
  const left = [...new Set(names)].filter((name) => !TAKEN.includes(name));
  return left.length === 0 ? "" : ` Not taken over: ${left.join(", ")}.`;
}
