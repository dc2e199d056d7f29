/** `Query`: a list of parts until its text is needed, then the text. It enters the core once, however many conditions it has. */
import type { KnownErrorCode } from "sysparm";
import type {
  Condition,
  Fix,
  Operand,
  ParseOptions,
  Phrase,
  Problem,
  QueryNode,
  QueryTree,
  Schema,
} from "sysparm/query";
import { QueryPart } from "../protocol/codes.js";
import { QueryError, throwing } from "./error.js";
import { formOfCondition, formOfNode, formOfSchema, formOfTree, orderPart } from "./form.js";
import { shownAt } from "./from-url.js";
import { queries } from "./wasm.js";

type Joiner = "^" | "^OR" | "^NQ";
type Part = readonly [joint: Joiner, form: string];
type Value = Condition["value"];

/** Schemas are long and used for many queries, so each is encoded once. */
const FORMS = new WeakMap<Schema, string>();

export class Query {
  #text: string | undefined;
  #parts: readonly Part[] | undefined;
  /** Orders and groupings, encoded. */
  #tail: readonly string[] = [];
  /** Why a text is not a query although it contains one: `explain()` and `lint()` propose the decoded one. */
  #refused: QueryError | undefined;

  static parse(text: string, { lenient = false }: ParseOptions = {}): Query {
    needReady();
    if (typeof text !== "string")
      throw new QueryError("query.syntax", "Invalid argument `text`. Pass an encoded query as a string.");
    return Query.#read(text, lenient, true);
  }

  /** `given`: written by a program or a person. A text built from values may contain what looks like an address. */
  static #read(text: string, lenient: boolean, given: boolean): Query {
    try {
      return Query.#of(throwing(() => queries.glue.normaliseQuery(text, lenient, given)) ?? text);
    } catch (thrown) {
      const { code } = thrown as QueryError;
      if (
        code !== ("query.encoded" satisfies KnownErrorCode) &&
        !(lenient && code === ("query.address" satisfies KnownErrorCode))
      )
        throw thrown;
      const query = Query.#of(text);
      query.#refused = thrown as QueryError;
      return query;
    }
  }

  static fromUrl(url: string | URL): { table: string; query: Query } {
    const shown = shownAt(String(url));
    if (!shown) {
      const words = "Invalid argument `url`. Pass the address of a list, a record or a request of the Table API.";
      throw new QueryError("query.address", words);
    }
    return { table: shown.table, query: Query.parse(shown.query, { lenient: true }) };
  }

  static where(): Query;
  static where(field: string): Clause;
  static where(...given: [] | [string]): Clause | Query {
    if (given.length === 0) return Query.#of(undefined, []);
    return new Clause(given[0], (form) => Query.#of(undefined, [["^", form]]));
  }

  static from(tree: QueryTree | QueryNode): Query {
    needReady();
    const form = formOfTree(tree);
    return Query.#of(throwing(() => queries.glue.buildQuery(form)));
  }

  static #of(text: string | undefined, parts?: readonly Part[], tail: readonly string[] = []): Query {
    const query = new Query();
    query.#text = text;
    query.#parts = parts;
    query.#tail = tail;
    return query;
  }

  and(field: string): Clause {
    return this.#joined("^", field);
  }

  or(field: string): Clause {
    return this.#joined("^OR", field);
  }

  newQuery(field: string): Clause {
    return this.#joined("^NQ", field);
  }

  orderBy(field: string): Query {
    return this.#sorted(QueryPart.orderBy, field);
  }

  orderByDescending(field: string): Query {
    return this.#sorted(QueryPart.orderByDescending, field);
  }

  groupBy(field: string): Query {
    return this.#sorted(QueryPart.groupBy, field);
  }

  tree(): QueryTree {
    return JSON.parse(queries.glue.queryTree(this.encoded())) as QueryTree;
  }

  toString(): string {
    if (this.#text === undefined) {
      needReady();
      const form = formOfParts(this.#parts ?? [], this.#tail);
      this.#text = throwing(() => queries.glue.buildQuery(form));
    }
    return this.#text;
  }

  encoded(): string {
    if (this.#refused) throw this.#refused;
    return this.toString();
  }

  toJSON(): string {
    return this.toString();
  }

  get encodedLength(): number {
    return encodeURIComponent(this.toString()).length;
  }

  explain(): string {
    const { message, proposal } = this.#refused ?? {};
    const sentence = queries.glue.explainQuery(proposal ?? this.toString());
    return message === undefined ? sentence : `${message}: ${proposal === undefined ? "it holds none" : sentence}`;
  }

  phrases(): Phrase[] {
    if (this.#refused) return [{ text: this.explain() }];
    return JSON.parse(queries.glue.queryPhrases(this.toString())) as Phrase[];
  }

  lint(schema: Schema): Problem[] {
    let form = FORMS.get(schema);
    if (form === undefined) {
      form = formOfSchema(schema);
      FORMS.set(schema, form);
    }
    const isForeign = this.#refused !== undefined;
    const problems = throwing(() => queries.glue.lintQuery(this.toString(), schema.table, form, isForeign));
    return JSON.parse(problems) as Problem[];
  }

  check(schema: Schema): this {
    const problems = this.lint(schema).filter(({ severity }) => severity === "error");
    if (problems.length > 0) {
      const words = problems.map(({ message }) => message).join("; ");
      throw new QueryError("query.unsound", `The query would not find what it says: ${words}`, { problems });
    }
    return this;
  }

  fixed(fix: Fix): Query {
    const text = this.toString();
    const after = text.slice(0, fix.start) + fix.text + text.slice(fix.end);
    return Query.#read(after, true, this.#refused !== undefined);
  }

  #joined(joint: Joiner, field: string): Clause {
    const { parts, tail } = this.#opened();
    return new Clause(field, (form) => Query.#of(undefined, [...parts, [joint, form]], tail));
  }

  #sorted(part: QueryPart, field: string): Query {
    const { parts, tail } = this.#opened();
    return Query.#of(undefined, parts, [...tail, `${part}\0${field}`]);
  }

  /** The parts, also of a query given as text. */
  #opened(): { parts: readonly Part[]; tail: readonly string[] } {
    if (this.#parts) return { parts: this.#parts, tail: this.#tail };
    const { any, groupBy = [], orderBy = [] } = this.tree();
    const joint = (all: number, either: number): Joiner => (either > 0 ? "^OR" : all > 0 ? "^" : "^NQ");
    const parts = any.flatMap(({ all }) =>
      all.flatMap(({ either }, number) =>
        either.map((condition, alternative): Part => [joint(number, alternative), formOfNode(condition)]),
      ),
    );
    const orders = orderBy.map(({ field, descending }) => `${orderPart(descending)}\0${field}`);
    return { parts, tail: [...groupBy.map((field) => `${QueryPart.groupBy}\0${field}`), ...orders] };
  }
}

class Clause {
  readonly #field: string;
  readonly #then: (form: string) => Query;

  constructor(field: string, then: (form: string) => Query) {
    if (typeof field !== "string")
      throw new QueryError("field.name", "Invalid argument `field`. Pass a field's name as a string.");
    this.#field = field;
    this.#then = then;
  }

  with(operator: string, value?: Value): Query {
    if (operator === "RLQUERY") return this.#then(formOfNode({ field: this.#field, operator, value } as Condition));
    return this.#then(formOfCondition(this.#field, operator, value));
  }

  in(values: readonly Operand[]): Query {
    return this.with("IN", [...values]);
  }

  notIn(values: readonly Operand[]): Query {
    return this.with("NOT IN", [...values]);
  }

  between(low: Operand, high: Operand): Query {
    return this.with("BETWEEN", [low, high]);
  }

  sameAs(field: string): Query {
    return this.with("SAMEAS", { field });
  }
}

/** The methods that take one value or none, and the platform's operators. */
const METHODS: Record<string, string> = {
  is: "=",
  isNot: "!=",
  lessThan: "<",
  atMost: "<=",
  moreThan: ">",
  atLeast: ">=",
  contains: "LIKE",
  doesNotContain: "NOT LIKE",
  startsWith: "STARTSWITH",
  endsWith: "ENDSWITH",
  on: "ON",
  notOn: "NOTON",
  isEmpty: "ISEMPTY",
  isNotEmpty: "ISNOTEMPTY",
};
for (const [word, token] of Object.entries(METHODS)) {
  const takesNothing = token.endsWith("EMPTY");
  Object.defineProperty(Clause.prototype, word, {
    value(this: Clause, value: Value) {
      if (!takesNothing && value === undefined)
        throw new QueryError(
          "operator.value",
          `Missing value of ${word}(). Pass a string, number, Date or another operand.`,
        );
      return this.with(token, value);
    },
  });
}

/** Encodes parts as the core nests them: `^OR` chains, joined by `^`, joined by `^NQ`. */
function formOfParts(parts: readonly Part[], tail: readonly string[]): string {
  const groups: string[][][] = [];
  for (const [joint, form] of parts) {
    const group = groups.at(-1);
    if (group === undefined || joint === "^NQ") groups.push([[form]]);
    else if (joint === "^") group.push([form]);
    else group.at(-1)?.push(form);
  }
  const node = (part: QueryPart, forms: string[]) =>
    forms.length === 1 ? forms[0] : `${part}\0${forms.length}\0${forms.join("\0")}`;
  const all = groups.map(
    (group) =>
      node(
        QueryPart.all,
        group.map((either) => node(QueryPart.any, either) as string),
      ) as string,
  );
  return [...(all.length > 0 ? [`${QueryPart.groups}\0${all.length}`] : []), ...all, ...tail].join("\0");
}

function needReady(): void {
  if (!queries.isReady)
    throw new QueryError(
      "query.not-loaded",
      "The WebAssembly of queries is not loaded. Await load() of sysparm/query once before the first query.",
    );
}

export { QueryError };
