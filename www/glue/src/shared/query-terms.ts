/**
 * The plan of a query: groups joined by `^NQ`, of conditions joined by `^` and `^OR`, in the form of `Query.tree()`. A `Query` has its
 * own. For text this reads what can be read for certain, because a reading does not load the WebAssembly of `sysparm/query`: names of
 * columns are in lower case, and operators are not.
 */
import type { Query } from "sysparm/query";

/** One condition. The operator of what is not understood is empty, as in a lenient reading. */
export interface PlannedCondition {
  readonly field: string;
  readonly operator: string;
  readonly value?: unknown;
}

/** A query's conditions and orders. */
export interface QueryPlan {
  readonly any: readonly { readonly all: readonly { readonly either: readonly PlannedCondition[] }[] }[];
  readonly orderBy?: readonly { readonly field: string }[];
  readonly groupBy?: readonly string[];
}

const CONDITION = /^([a-z_][a-z\d_.]*)(NOT IN|ISEMPTY$|IN(?!STANCEOF|_HIERARCHY)|!=|<=|>=|[=<>])(.*)$/s;
const OTHER = /^([a-z_][a-z\d_.]*)(N?SAMEAS|[GL]T_(?:OR_EQUALS_)?FIELD|[^a-z\d_.].*)(.*)$/s;
const ORDER = /^(ORDERBYDESC|ORDERBY|GROUPBY)(.*)$/s;

/** Undefined where the parts of the query cannot be distinguished: a value can hold `^^`, and related lists hold queries. */
export function planOf(query: string | Query): QueryPlan | undefined {
  // An object of another kind than `Query` has no tree.
  if (typeof query !== "string") return (query as Partial<Query>).tree?.();
  if (/\^\^|RLQUERY|javascript:.*\^/s.test(query)) return undefined;
  const any: { all: { either: PlannedCondition[] }[] }[] = [{ all: [] }];
  const orderBy: { field: string }[] = [];
  const groupBy: string[] = [];
  for (const term of query.split("^")) {
    const [, order, names] = ORDER.exec(term) ?? [];
    if (order && names !== undefined) {
      for (const field of names.split(",")) order === "GROUPBY" ? groupBy.push(field) : orderBy.push({ field });
      continue;
    }
    if (term === "" || term === "EQ") continue;
    const [, joint = "", rest = term] = /^(NQ|OR)(?=[a-z_])(.*)$/s.exec(term) ?? [];
    if (joint === "NQ") any.push({ all: [] });
    const group = any.at(-1)?.all;
    const condition = conditionOf(rest);
    if (joint === "OR" && group?.at(-1)) group.at(-1)?.either.push(condition);
    else group?.push({ either: [condition] });
  }
  return { any: any.filter(({ all }) => all.length > 0), orderBy, groupBy };
}

function conditionOf(text: string): PlannedCondition {
  const [, field, operator = "", value = ""] = CONDITION.exec(text) ?? OTHER.exec(text) ?? [];
  if (field === undefined) return { field: "", operator: "", value: text };
  if (operator === "IN" || operator === "NOT IN") return { field, operator, value: value.split(",") };
  if (/^N?SAMEAS$|FIELD$/.test(operator)) return { field, operator, value: { field: value.split("@")[0] } };
  return { field, operator: /^\W|^ISEMPTY/.test(operator) ? operator : "", value };
}
