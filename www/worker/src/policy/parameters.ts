/**
 * What the parameters of a request ask for. Servers disagree about repeated parameters, the case of names, `;`, and how often percent-encoding
 * is decoded. So every parameter must be one that the API documents, spelt as documented, given once, and mean the same however it is decoded.
 */

import { type QueryProblem, type QueryTerm, readQuery } from "./encoded-query.ts";
import { quoted, type Refusal, unreadable } from "./refusal.ts";

/** How the value of a parameter is read. */
type Kind =
  /** An encoded query. */
  | "query"
  /** Fields by commas, whose values the reply holds. */
  | "values"
  /** As `values`; the reply holds one group for each of the values. */
  | "groups"
  | "limit"
  | "count"
  /** A word that changes nothing about what is read. */
  | "word"
  /** `true` and `all` ask for display values. */
  | "display"
  | "view"
  /** `count^priority^>^3` */
  | "having"
  /** `AVG^state`, `state^DESC` or `COUNT` */
  | "order"
  /** Text for the attachment or the import set itself. */
  | "text";

/** The parameters of an API and how they are read. */
export interface Documented {
  readonly parameters: ReadonlyMap<string, Kind>;
  /** Whether `state=3` next to the parameters is a condition. */
  readonly pairs: boolean;
}

function documented(pairs: boolean, parameters: Record<string, Kind>): Documented {
  return { parameters: new Map(Object.entries(parameters)), pairs };
}

/** "Table API" of the product documentation. Left out: sysparm_query_no_domain, which reads rows of other domains. */
export const OF_TABLE: Documented = documented(true, {
  sysparm_query: "query",
  sysparm_fields: "values",
  sysparm_limit: "limit",
  sysparm_offset: "count",
  sysparm_display_value: "display",
  sysparm_input_display_value: "display",
  sysparm_view: "view",
  sysparm_query_category: "word",
  sysparm_exclude_reference_link: "word",
  sysparm_no_count: "word",
  sysparm_suppress_pagination_header: "word",
  sysparm_suppress_auto_sys_field: "word",
});

/** A write has no conditions. */
export const OF_TABLE_WRITE: Documented = { ...OF_TABLE, pairs: false };

/** "Aggregate API". */
export const OF_AGGREGATE = documented(true, {
  sysparm_query: "query",
  sysparm_count: "word",
  sysparm_avg_fields: "values",
  sysparm_min_fields: "values",
  sysparm_max_fields: "values",
  sysparm_sum_fields: "values",
  sysparm_group_by: "groups",
  sysparm_having: "having",
  sysparm_order_by: "order",
  sysparm_display_value: "display",
});

/** "Attachment API", a list. */
export const OF_ATTACHMENTS = documented(false, {
  sysparm_query: "query",
  sysparm_limit: "limit",
  sysparm_offset: "count",
  sysparm_no_count: "word",
  sysparm_suppress_pagination_header: "word",
});

/** "Attachment API", an upload. */
export const OF_UPLOAD = documented(false, {
  table_name: "text",
  table_sys_id: "text",
  file_name: "text",
  encryption_context: "text",
  creation_time: "text",
});

/** "Import Set API". */
export const OF_IMPORT = documented(false, { multi_import_set_id: "text", run_after: "text" });

/** A request without parameters. */
export const OF_NOTHING = documented(false, {});

/** What parameters ask for. */
export interface Asks {
  /** Why they cannot be read; nothing else counts then. */
  problem: Refusal | undefined;
  /** Fields whose values the reply holds; undefined when none is named. */
  values: string[] | undefined;
  /** Fields that are compared, sorted by or grouped by. */
  compared: readonly string[];
  /** Fields of conditions that stand next to the parameters. */
  pairs: string[] | undefined;
  terms: readonly QueryTerm[];
  textSearch: boolean;
  limit: number | undefined;
  displayValues: boolean;
  view: string | undefined;
  texts: Map<string, string> | undefined;
}

/** Visible ASCII without `#`, `;` and the backslash: some servers separate parameters at a semicolon. */
const VISIBLE = /^[\x21\x22\x24-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/** What changes its meaning when it is decoded once more or before it is separated, and what ends a line or a text. */
const AMBIGUOUS = /%[0-9A-Fa-f]{2}|[&;]\w+=|[\p{Cc}\p{Zl}\p{Zp}]/u;

const FIELD = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*$/;
const NUMBER = /^(?:0|[1-9]\d{0,8})$/;
const WORD = /^[A-Za-z0-9_-]*$/;
const PAIR_NAME = /^[a-z_][a-z0-9_]{0,79}$/;
const PAIR_VALUE = /^[A-Za-z0-9 _.:@-]*$/;
const HAVING = /^(?:count|avg|min|max|sum|stddev)\^[^^]+\^(?:=|!=|<|<=|>|>=)\^[A-Za-z0-9 _.:-]*$/i;
const ORDER_WORD = /^(?:COUNT|AVG|MIN|MAX|SUM|STDDEV|ASC|DESC)$/;

/** Reads the text behind the question mark. */
export function readParameters(query: string, api: Documented): Asks {
  const asks: Asks = {
    problem: undefined,
    values: undefined,
    compared: [],
    pairs: undefined,
    terms: [],
    textSearch: false,
    limit: undefined,
    displayValues: false,
    view: undefined,
    texts: undefined,
  };
  if (query === "") return asks;
  if (!VISIBLE.test(query)) {
    asks.problem = unreadable(
      "policy.parameter",
      "The query string holds a character that must be percent-encoded, such as `;`.",
      "Percent-encode the values of parameters.",
    );
    return asks;
  }
  const seen: string[] = [];
  for (let start = 0, end = 0; start <= query.length; start = end + 1) {
    end = query.indexOf("&", start);
    if (end < 0) end = query.length;
    if (start === end) continue;
    let mark = query.indexOf("=", start);
    if (mark < 0 || mark > end) mark = end;
    const name = query.slice(start, mark);
    if (seen.includes(name)) {
      asks.problem = unreadable("policy.parameter", `Parameter ${quoted(name)} is given twice.`, "Give it once.");
      return asks;
    }
    seen.push(name);
    asks.problem = readParameter(name, query.slice(mark + 1, end), api, asks);
    if (asks.problem) return asks;
  }
  return asks;
}

function readParameter(name: string, raw: string, api: Documented, asks: Asks): Refusal | undefined {
  const kind = api.parameters.get(name);
  const isPair = kind === undefined && api.pairs && PAIR_NAME.test(name) && !name.startsWith("sysparm_");
  if (kind === undefined && !isPair) {
    const known = [...api.parameters.keys()].join(", ");
    return unreadable(
      "policy.parameter",
      `Unknown parameter ${quoted(name)}.`,
      `Supported parameters: ${known || "none"}.`,
    );
  }
  const value = decoded(raw);
  if (value === undefined) {
    return unreadable(
      "policy.parameter",
      `The value of ${quoted(name)} can be decoded in two ways, or is no valid UTF-8.`,
      "Percent-encode it once.",
    );
  }
  if (kind !== undefined) return readValue(name, kind, value, asks);
  if (!PAIR_VALUE.test(value)) {
    return unreadable(
      "policy.parameter",
      `The value of ${quoted(name)} holds a sign of encoded queries.`,
      "Write the condition into sysparm_query.",
    );
  }
  asks.pairs = [...(asks.pairs ?? []), name];
  return undefined;
}

/** The value as forms are decoded; undefined when some decoder would read another value. */
function decoded(raw: string): string | undefined {
  const spaced = raw.includes("+") ? raw.replaceAll("+", " ") : raw;
  if (!spaced.includes("%")) return spaced;
  try {
    const text = decodeURIComponent(spaced);
    return AMBIGUOUS.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function readValue(name: string, kind: Kind, value: string, asks: Asks): Refusal | undefined {
  switch (kind) {
    case "query":
      return readConditions(readQuery(value), asks);
    case "values":
    case "groups": {
      const fields = value.split(",").map((field) => field.trim());
      if (!fields.every((field) => FIELD.test(field)))
        return malformed(name, "names of fields with commas between them");
      asks.values = asks.values === undefined ? fields : [...asks.values, ...fields];
      if (kind === "groups") asks.compared = [...asks.compared, ...fields];
      return undefined;
    }
    case "limit":
      if (!NUMBER.test(value)) return malformed(name, "a whole number");
      asks.limit = Number(value);
      return undefined;
    case "count":
      return NUMBER.test(value) ? undefined : malformed(name, "a whole number");
    case "word":
      return WORD.test(value) ? undefined : malformed(name, "one word");
    case "display":
      if (value !== "true" && value !== "false" && value !== "all") return malformed(name, "true, false or all");
      if (value !== "false") asks.displayValues = true;
      return undefined;
    case "view":
      asks.view = value;
      return undefined;
    case "having":
    case "order":
      return readMeasures(name, kind, value, asks);
    case "text":
      asks.texts = (asks.texts ?? new Map()).set(name, value);
      return undefined;
  }
}

function readConditions(query: ReturnType<typeof readQuery>, asks: Asks): Refusal | undefined {
  if ("problem" in query) return ofQuery(query);
  asks.terms = query.terms;
  asks.compared = asks.compared.length === 0 ? query.fields : [...asks.compared, ...query.fields];
  asks.textSearch = query.textSearch;
  return undefined;
}

function ofQuery(query: QueryProblem): Refusal {
  return unreadable(query.code, `In sysparm_query ${query.problem}.`, query.fix);
}

/** What a group is compared or sorted by can be read from which groups come back, so that its field must be readable, too. */
function readMeasures(name: string, kind: "having" | "order", value: string, asks: Asks): Refusal | undefined {
  const fields: string[] = [];
  for (const one of value.split(",")) {
    const parts = one.split("^");
    const fits = kind === "having" ? HAVING.test(one) : parts.length <= 3;
    const named = kind === "having" ? parts.slice(1, 2) : parts.filter((part) => !ORDER_WORD.test(part));
    if (!fits || !named.every((field) => FIELD.test(field))) {
      return malformed(name, kind === "having" ? "such as count^priority^>^3" : "such as AVG^state or state^DESC");
    }
    fields.push(...named);
  }
  asks.values = [...(asks.values ?? []), ...fields];
  asks.compared = [...asks.compared, ...fields];
  return undefined;
}

function malformed(name: string, expected: string): Refusal {
  return unreadable("policy.parameter", `The value of \`${name}\` cannot be read.`, `Write ${expected}.`);
}
