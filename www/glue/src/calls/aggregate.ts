/** The Aggregate API: counts, averages and extremes as numbers, in total or by group. What the instance left out is an error. */
import type { AggregateGroup, AggregateOptions, AggregateOrder, Having, Measure } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { checkArgument, TEXT } from "../protocol/check-options.js";
import { ExpectedBody } from "../protocol/codes.js";
import { encodedQuery } from "../shared/query-text.js";
import { countIn } from "../shared/rows.js";

interface Raw {
  stats?: { count?: string } & Partial<Record<Measure, Record<string, string | null>>>;
  groupby_fields?: GroupedBy[];
}

interface GroupedBy {
  field: string;
  value?: string;
  display_value?: string;
}

const MEASURES: readonly Measure[] = ["avg", "min", "max", "sum"];
const OPERATORS = ["=", "!=", ">", ">=", "<", "<="];

/** Counts and measures, one group for each combination of the `groupBy` values. */
export async function readAggregate(
  { send, invalid, table: open }: CallContext,
  table: string,
  options: AggregateOptions = {},
): Promise<AggregateGroup[]> {
  checkArgument("table", table || null, TEXT, invalid);
  const { groupBy = [] } = options;
  // Rows are always counted: the count distinguishes an empty group from a field that the instance left out.
  const parameters = new Map([["sysparm_count", "true"]]);
  const query = encodedQuery(options.query, invalid);
  if (query) parameters.set("sysparm_query", query);
  if (options.verify && options.query) {
    const { checkFiltered } = await import("../conditions/index.js");
    const { signal } = options;
    await checkFiltered(open(table).count, table, options.query, { signal }, invalid);
  }
  for (const measure of MEASURES) {
    const fields = options[measure] ?? [];
    if (fields.length > 0) parameters.set(`sysparm_${measure}_fields`, fields.join());
  }
  if (groupBy.length > 0) parameters.set("sysparm_group_by", groupBy.join());
  const having = (options.having ?? []).map((one) => havingText(one, invalid));
  if (having.length > 0) parameters.set("sysparm_having", having.join());
  const order = (options.orderBy ?? []).map((one) => orderText(one, invalid));
  if (order.length > 0) parameters.set("sysparm_order_by", order.join());
  if (options.displayValue) parameters.set("sysparm_display_value", String(options.displayValue));
  const text = Array.from(parameters, ([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const { result } = await send({
    method: "GET",
    path: `/api/now/stats/${encodeURIComponent(table)}?${text}`,
    expect: groupBy.length > 0 ? ExpectedBody.rows : ExpectedBody.record,
    signal: options.signal,
  });
  const all = groupBy.length > 0 ? (result as Raw[]) : [result as Raw];
  return all.map((group) => {
    const { stats = {}, groupby_fields: groups }: Raw = Object(group);
    const fields = (Array.isArray(groups) ? groups : []).map((one): GroupedBy => Object(one));
    const missing = groupBy.find((field) => !fields.some((one) => one.field === field));
    if (missing) throw invalid("aggregate.field", `The instance did not group by ${missing}: ${LEFT_OUT}`);
    const count = countIn(stats, invalid);
    const measured = Object.fromEntries(
      MEASURES.map((measure) => {
        const of = (field: string) => {
          const value = stats[measure]?.[field];
          if (value === undefined && count > 0) {
            throw invalid("aggregate.field", `The instance gave no ${measure} of ${field}: ${LEFT_OUT}`);
          }
          return [field, numeric(value)];
        };
        return [measure, Object.fromEntries((options[measure] ?? []).map(of))];
      }),
    ) as Pick<AggregateGroup, Measure>;
    const labels = Object.fromEntries(fields.map((one) => [one.field, one.display_value ?? ""]));
    return {
      by: Object.fromEntries(fields.map((one) => [one.field, one.value ?? ""])),
      ...(options.displayValue === "all" && { labels }),
      count,
      ...measured,
    };
  });
}

const LEFT_OUT = "the table has no such field, it has no such measure, or this user may not read it";

/** The instance sends every number as text. Other values, such as dates, stay text. */
function numeric(value: string | null | undefined): number | string | null {
  if (value === undefined || value === null || value === "") return null;
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function havingText(having: Having, invalid: CallContext["invalid"]): string {
  const { of, field, operator, value }: Having = { ...having };
  const text = String(value);
  if (!["count", ...MEASURES].includes(of) || !OPERATORS.includes(operator) || /[\^,]/.test(`${field}${text}`)) {
    const expects = "{ of, field, operator, value }, and in a value neither ^ nor a comma";
    throw invalid("options.having", `Invalid option \`having\`. Pass ${expects}.`);
  }
  return [of, field, operator, text].join("^");
}

function orderText(order: AggregateOrder, invalid: CallContext["invalid"]): string {
  const { of, field = "", descending } = { ...order } as { of?: string; field?: string; descending?: boolean };
  const named = typeof field === "string" && /^[\w.]+$/.test(field);
  if (!(of === "count" ? field === "" : named && (of === undefined || (MEASURES as readonly string[]).includes(of)))) {
    const expects = '{ field }, { of: a measure, field } or { of: "count" }, each with descending?';
    throw invalid("options.order-by", `Invalid option \`orderBy\`. Pass ${expects}.`);
  }
  const name = [of?.toUpperCase(), field].filter(Boolean).join("^");
  return descending ? `${name}^DESC` : name;
}
