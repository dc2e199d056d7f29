/**
 * The operators of the package, with its words and what its lint says of their types.
 *
 * The package publishes them as a type. The keys of `SHAPES` are checked against that type: an operator that the package adds or drops
 * stops the build.
 */
import type { Condition, Query } from "sysparm/query";
import type { Operator, OperatorToken, Shape } from "./known";

type Queries = Pick<typeof Query, "from">;

const SHAPES: Readonly<Record<OperatorToken, Shape>> = {
  "=": "one",
  "!=": "one",
  IN: "list",
  "NOT IN": "list",
  LIKE: "one",
  "NOT LIKE": "one",
  STARTSWITH: "one",
  ENDSWITH: "one",
  ISEMPTY: "nothing",
  ISNOTEMPTY: "nothing",
  "<": "one",
  "<=": "one",
  ">": "one",
  ">=": "one",
  BETWEEN: "range",
  ON: "period",
  NOTON: "period",
  RELATIVEGT: "relative",
  RELATIVEGE: "relative",
  RELATIVELT: "relative",
  RELATIVELE: "relative",
  RELATIVEEE: "relative",
  EMPTYSTRING: "nothing",
  SAMEAS: "field",
  NSAMEAS: "field",
  GT_FIELD: "field",
  GT_OR_EQUALS_FIELD: "field",
  LT_FIELD: "field",
  LT_OR_EQUALS_FIELD: "field",
  MORETHAN: "distance",
  LESSTHAN: "distance",
  DATEPART: "date-part",
  DYNAMIC: "one",
  INSTANCEOF: "one",
  IN_HIERARCHY: "hierarchy",
  IN_HIERARCHY_DYNAMIC: "hierarchy",
  ANYTHING: "nothing",
  DOESNOTHAVE: "one",
  EXCLUDING: "one",
  VALCHANGES: "nothing",
  CHANGESFROM: "one",
  CHANGESTO: "one",
  RLQUERY: "related",
};

export const shapeOf = (token: OperatorToken): Shape => SHAPES[token];

/** The longest first, so that the first that fits is the one that is meant. */
export const TOKENS: readonly string[] = Object.keys(SHAPES).sort((a, b) => b.length - a.length);

/** Of notifications and of tags: they mean nothing for a field of a request's query. */
const NOT_OFFERED: ReadonlySet<OperatorToken> = new Set([
  "ANYTHING",
  "VALCHANGES",
  "CHANGESFROM",
  "CHANGESTO",
  "DOESNOTHAVE",
  "EXCLUDING",
  "RLQUERY",
]);

/** A value of each shape, by which the package shows its words and whether it accepts the type. */
const SAMPLES: Readonly<Record<Shape, unknown>> = {
  nothing: undefined,
  one: "SAMPLE",
  list: ["SAMPLE"],
  range: ["SAMPLE", "SAMPLE"],
  field: { field: "other" },
  period: "Today",
  relative: ["hour", "ago", 77],
  distance: ["other", "day", "before", 77],
  "date-part": ["Monday", { script: "gs.datePart('dayofweek','monday','EE')" }],
  hierarchy: ["SAMPLE", "SAMPLE"],
  related: { is: ">=", count: 1 },
};

const SAMPLE_WORDS = /\b(?:SAMPLE|other|Today|Monday|77)\b.*$/s;

/** Every operator; `operatorsFor` leaves out `NOT_OFFERED`. */
export function everyOperator(queries: Queries): Operator[] {
  return (Object.keys(SHAPES) as OperatorToken[]).map((token) => {
    const shape = SHAPES[token];
    if (shape === "related") return { token, shape, words: "has related records" };
    const said = sampleOf(queries, token).explain();
    return {
      token,
      shape,
      words: said
        .replace(/^field /, "")
        .replace(SAMPLE_WORDS, "")
        .trim(),
    };
  });
}

/** Those that the package's lint accepts for a type, the usual ones first. A field of unknown type takes any. */
export function operatorsFor(queries: Queries, every: readonly Operator[], type: string | undefined): Operator[] {
  const offered = every.filter(({ token }) => !NOT_OFFERED.has(token));
  if (type === undefined) return offered;
  const fields = { field: { type }, other: { type } };
  const schema = { table: "t", tables: { t: { fields } } };
  return offered.filter(
    ({ token }) =>
      !sampleOf(queries, token)
        .lint(schema)
        .some(({ code }) => code === "operator.unfit"),
  );
}

function sampleOf(queries: Queries, token: OperatorToken): Query {
  return queries.from({ field: "field", operator: token, value: SAMPLES[SHAPES[token]] } as Condition);
}
