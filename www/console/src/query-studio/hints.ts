/**
 * How an instance is likely to find the rows of a query, as far as its dictionary shows: indexes, sorts, joins. By the general rules of
 * databases; only the instance's own plan is certain. Pure.
 */
import type { Condition, QueryTree } from "sysparm/query";
import type { Field } from "sysparm/schema";
import { count } from "../number";

export interface Hint {
  tone: "ok" | "warn" | "info";
  text: string;
  /** What a button next to it does. */
  remedy?: "sort-by-sys-id";
}

export interface Facts {
  table: string;
  /** Undefined where it is not known. */
  field: (name: string) => Pick<Field, "indexed" | "reference" | "type"> | undefined;
  /** Whether it was read which indexes there are. */
  indexesKnown: boolean;
  /** Of the query in an address. */
  encodedLength: number;
}

/** Operators by which an index is searched. */
const SEARCHES: readonly string[] = [
  ..."= IN < <= > >= BETWEEN ON STARTSWITH DYNAMIC".split(" "),
  ..."RELATIVEGT RELATIVELT RELATIVEEE RELATIVEGE RELATIVELE".split(" "),
];
/** Operators that look for a text wherever it begins. */
const ANYWHERE: readonly string[] = ["LIKE", "NOT LIKE", "ENDSWITH"];

/** Characters of a query in an address, above which the package asks through the Batch API. */
const LONGEST = 6_000;

export function hintsOf(tree: QueryTree, facts: Facts): Hint[] {
  const conditions = tree.any.flatMap(({ all }) => all.flatMap(({ either }) => either));
  return [
    ...searches(tree, facts),
    ...anywhere(conditions),
    ...joins(conditions, facts),
    ...alternatives(tree, facts),
    ...sorts(tree, facts),
    ...lengths(facts),
  ];
}

function searches({ any }: QueryTree, { table, field, indexesKnown }: Facts): Hint[] {
  if (any.length === 0) return [{ tone: "warn", text: `The query has no condition: every row of ${table} is found.` }];
  if (!indexesKnown) {
    return [{ tone: "info", text: `Which fields of ${table} have an index is not known: sys_index was not read.` }];
  }
  const hints: Hint[] = [];
  any.forEach(({ all }, number) => {
    const alone = all.flatMap(({ either }) => (either.length === 1 ? either : []));
    const served = alone.filter(
      (condition) => SEARCHES.includes(condition.operator) && isIndexed(condition.field, field),
    );
    const names = [...new Set(served.map((condition) => condition.field))];
    const group = any.length === 1 ? "" : `Group ${number + 1}: `;
    hints.push(
      names.length > 0
        ? { tone: "ok", text: `${group}an index begins with ${names.join(", ")}: the rows can be found by it.` }
        : { tone: "warn", text: `${group}no index serves a condition: every row of ${table} is looked at.` },
    );
  });
  return hints.map((hint) => ({ ...hint, text: upper(hint.text) }));
}

function isIndexed(name: string, field: Facts["field"]): boolean {
  return name === "sys_id" || (!name.includes(".") && field(name)?.indexed === true);
}

function anywhere(conditions: readonly Condition[]): Hint[] {
  const names = unique(conditions.filter(({ operator }) => ANYWHERE.includes(operator)).map(({ field }) => field));
  if (names.length === 0) return [];
  const text = `${names.join(", ")}: a text that may begin anywhere is looked for in every row. STARTSWITH can be served by an index.`;
  return [{ tone: "warn", text }];
}

function joins(conditions: readonly Condition[], { field }: Facts): Hint[] {
  const hints: Hint[] = [];
  const walked = unique(conditions.flatMap((condition) => pathOf(condition) || []));
  if (walked.length > 0) {
    hints.push({
      tone: "info",
      text: `Fields behind ${walked.join(", ")}: the instance joins another table for each.`,
    });
  }
  const shown = unique(
    conditions.flatMap((one) =>
      [...ANYWHERE, "STARTSWITH"].includes(one.operator) && field(one.field)?.type === "reference" ? one.field : [],
    ),
  );
  if (shown.length > 0) {
    const text = `${shown.join(", ")}: a text operator on a reference compares what the reference shows, in a joined table.`;
    hints.push({ tone: "warn", text });
  }
  const related = conditions.some(({ operator }) => operator === "RLQUERY");
  if (related) hints.push({ tone: "warn", text: "Related records are counted for each row that is looked at." });
  return hints;
}

/** The reference that a name leads through; empty for a field of the table itself. */
function pathOf({ field, operator }: Condition): string {
  if (operator === "RLQUERY" || operator === "") return "";
  return field.split(".").slice(0, -1).join(".");
}

function alternatives({ any }: QueryTree, { field, indexesKnown }: Facts): Hint[] {
  for (const { either } of any.flatMap(({ all }) => all)) {
    const tables = unique(either.map((condition) => pathOf(condition) || "the table itself"));
    const names = unique(either.map((condition) => condition.field));
    if (tables.length > 1) {
      const text = `${names.join(" or ")}: alternatives in different tables share no index. Two queries, each with one of them, can use theirs.`;
      return [{ tone: "warn", text }];
    }
    const bare = names.filter((name) => !isIndexed(name, field));
    if (indexesKnown && names.length > 1 && bare.length > 0 && bare.length < names.length) {
      const text = `${names.join(" or ")}: the index of one does not serve, because ${bare.join(", ")} has none.`;
      return [{ tone: "warn", text }];
    }
  }
  return [];
}

function sorts({ orderBy = [] }: QueryTree, { field, indexesKnown }: Facts): Hint[] {
  const [first] = orderBy;
  if (!first) return [];
  const hints: Hint[] = [];
  if (first.field.includes(".")) {
    hints.push({
      tone: "warn",
      text: `Sorted by ${first.field}, a field of another table: every row found is joined first.`,
    });
  } else if (indexesKnown && !isIndexed(first.field, field)) {
    const text = `Sorted by ${first.field}, with which no index begins: every row found is read before the first is sent.`;
    hints.push({ tone: "warn", text });
  }
  if (!orderBy.some((order) => order.field === "sys_id")) {
    const text = `Rows with the same ${first.field} may repeat or go missing between pages.`;
    hints.push({ tone: "info", text, remedy: "sort-by-sys-id" });
  }
  return hints;
}

function lengths({ encodedLength }: Facts): Hint[] {
  if (encodedLength <= LONGEST) return [];
  const text = `The query takes ${count(encodedLength)} characters in an address. Instances refuse addresses of about 8,000.`;
  return [{ tone: "warn", text }];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].filter(Boolean);
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
