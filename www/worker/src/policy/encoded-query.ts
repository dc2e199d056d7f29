/**
 * Which fields an encoded query compares, sorts by and groups by. A query is read term by term between carets, and a term that is not one of
 * the documented forms is a problem: a part that only the instance understands could name any field.
 */

import { operatorAt } from "./operators.ts";
import { isHarmless } from "./script-values.ts";

/** One condition, order or grouping. */
export interface QueryTerm {
  readonly field: string;
  /** `ORDERBY` and `GROUPBY` for those. */
  readonly operator: string;
  readonly value: string;
  /** How it is joined to the term before it. */
  readonly joined: "and" | "or" | "new";
}

/** What an encoded query asks for. */
export interface QueryReading {
  readonly terms: readonly QueryTerm[];
  /** Fields of terms, and fields that values name. */
  readonly fields: readonly string[];
  readonly textSearch: boolean;
}

/** Why a query is not read. */
export interface QueryProblem {
  readonly code: "policy.query" | "policy.script";
  readonly problem: string;
  readonly fix: string;
}

/** Names of fields are lower case ("column names, operators and values are case-sensitive", Table API). */
const FIELD = /^[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*$/;

const FIELD_AT = /[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*/y;

const TEXT_SEARCH = "123TEXTQUERY321=";

const SCRIPT: QueryProblem = {
  code: "policy.script",
  problem: "a value is a script",
  fix: "Use dates, or one call of gs.daysAgo..., gs.beginningOf..., gs.endOf... with plain arguments.",
};
const FILTER: QueryProblem = {
  code: "policy.script",
  problem: "DYNAMIC or IN_HIERARCHY runs a filter of the instance",
  fix: "Compare with a value.",
};
const TERM: QueryProblem = {
  code: "policy.query",
  problem: "a condition is not one of the documented forms",
  fix: "Write field, operator and value, and no caret inside a value.",
};

/** Reads a decoded query. */
export function readQuery(text: string): QueryReading | QueryProblem {
  const terms: QueryTerm[] = [];
  const fields: string[] = [];
  let textSearch = false;
  let ended = false;
  for (let start = 0, end = 0; start <= text.length; start = end + 1) {
    end = text.indexOf("^", start);
    if (end < 0) end = text.length;
    let at = start;
    let joined: QueryTerm["joined"] = ended ? "new" : "and";
    if (text.startsWith("NQ", at)) {
      joined = "new";
      at += 2;
    } else if (text.startsWith("OR", at) && !text.startsWith("ORDERBY", at)) {
      joined = ended ? "new" : "or";
      at += 2;
    }
    if (at === end) {
      // At the beginning and the end of a query, a caret separates nothing. Between terms, `^^` may be an escaped caret, which is part of a value
      // (GlideStringUtil.escapeQueryTermSeparator of the product documentation): whether the REST APIs read it so is not documented.
      if (start === end && (start === 0 || end === text.length)) continue;
      return TERM;
    }
    // The user interface marks the end of a query. Whether the instance reads what is behind it is not documented.
    if (end - at === 2 && text.startsWith("EQ", at)) {
      ended = true;
      continue;
    }
    if (text.startsWith(TEXT_SEARCH, at)) {
      if (!isHarmless(text.slice(at, end))) return SCRIPT;
      textSearch = true;
      continue;
    }
    const term = readTerm(text.slice(at, end), joined);
    if ("problem" in term) return term;
    terms.push(term);
    fields.push(term.field);
    if (term.other !== undefined) fields.push(term.other);
  }
  return { terms, fields, textSearch };
}

const WORDS = ["ORDERBYDESC", "ORDERBY", "GROUPBY"] as const;

function readTerm(term: string, joined: QueryTerm["joined"]): (QueryTerm & { readonly other?: string }) | QueryProblem {
  FIELD_AT.lastIndex = 0;
  const field = FIELD_AT.exec(term)?.[0];
  if (field === undefined) {
    const word = WORDS.find((one) => term.startsWith(one));
    const sorted = word && term.slice(word.length);
    if (sorted === undefined || !FIELD.test(sorted)) return TERM;
    return { field: sorted, operator: word === "GROUPBY" ? "GROUPBY" : "ORDERBY", value: "", joined };
  }
  const operator = operatorAt(term, field.length);
  if (operator === undefined) return TERM;
  const [token, kind] = operator;
  const value = term.slice(field.length + token.length);
  if (kind === "script") return FILTER;
  if (!isHarmless(value)) return SCRIPT;
  if (kind === "plain") return { field, operator: token, value, joined };
  const other = value.split("@", 1)[0] ?? "";
  if (!FIELD.test(other)) return TERM;
  return { field, operator: token, value, joined, other };
}
