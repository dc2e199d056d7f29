/** Rows and maps of the unified model, drawn with a seed. */
import type { FieldMap, ModelMap, Plan, PlanLine, TableMap } from "sysparm/model";

/** Numbers below 1, the same for the same seed (mulberry32). */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** True so often in a hundred. */
  percent(share: number): boolean {
    return this.below(100) < share;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    return items.map(() => rest.splice(this.below(rest.length), 1)[0] as T);
  }
}

const TEXTS = [
  ...'Mail is slow|a, b; "c"|line\nbreak|  spaced  |Ünïcödé 🚀|null|undefined|0|true|javascript:gs.now()'.split("|"),
  ..."2026-02-30 10:00:00|28.02.2026|99999999999999999999|01|-0|1e3|1,234|USD;1|YES|__proto__|constructor".split("|"),
];

const two = (number: number) => String(number).padStart(2, "0");
const id = (draw: Draw) => Array.from({ length: 32 }, () => draw.below(16).toString(16)).join("");
const instant = (draw: Draw) =>
  new Date(draw.below(4_000_000_000) * 1000 - 1e12).toISOString().slice(0, 19).replace("T", " ");

/** A stored value of a shape, as an instance has it. */
function stored(draw: Draw, { shape, values }: PlanLine): string {
  if (values && draw.percent(80)) return draw.of(values)[0];
  switch (shape) {
    case "code":
      return draw.of(["software", "hardware", "2", "not requested"]);
    case "choice":
      return draw.of(["-7", "99", "open"]);
    case "reference":
      return draw.percent(95) ? id(draw) : "global";
    case "instant":
    case "duration":
      return instant(draw);
    case "date":
      return instant(draw).slice(0, 10);
    case "boolean":
      return draw.of(["true", "false"]);
    case "integer":
      return String(draw.below(2_000_000) - 1_000_000);
    case "decimal":
      return `${draw.below(180)}.${two(draw.below(100))}`;
    case "money":
      return `${draw.of(["", "USD;", "EUR;"])}${draw.below(1000)}.${two(draw.below(100))}`;
    case "list":
      return Array.from({ length: 1 + draw.below(3) }, () => id(draw)).join(",");
    default:
      return draw.of(TEXTS);
  }
}

/** One cell in one of the forms of the Table API. */
function cell(draw: Draw, value: string, reference: string | undefined): unknown {
  const form = draw.below(10);
  const link = `https://dev.service-now.com/api/now/table/${reference ?? "sys_user"}/${value}`;
  if (form < 5 || (value === "" && form < 8)) return value;
  if (form === 9 && draw.percent(10)) return { display_value: "a label alone" };
  if (reference !== undefined && form < 7) return { link, value };
  return {
    display_value: value === "" ? "" : `label of ${value}`,
    value,
    ...(reference !== undefined ? { link } : {}),
  };
}

const OTHERS = [
  "u_symptom",
  "x_acme_code",
  "upon_approval",
  "sys_domain",
  "u_owner.email",
  "u_ü",
  "__proto__",
  "constructor",
];

/** A row of a plan's table: most of its columns, some of others, some values that do not fit. */
export function row(draw: Draw, plan: Plan): Record<string, unknown> {
  const drawn: Record<string, unknown> = {};
  for (const line of plan.lines) {
    if (draw.percent(15) && line.field !== "id") continue;
    const kind = draw.below(20);
    const value = kind < 4 && line.field !== "id" ? "" : kind === 4 ? draw.of(TEXTS) : stored(draw, line);
    drawn[line.column] = line.shape === "entry" ? "" : cell(draw, value, line.reference);
  }
  const others: [string, unknown][] = [];
  for (let more = draw.below(4); more > 0; more -= 1)
    others.push([draw.of(OTHERS), cell(draw, draw.of(TEXTS), draw.percent(30) ? "cmdb_ci" : undefined)]);
  return { ...drawn, ...Object.fromEntries(others) };
}

/** The stored value of a cell; undefined where the row has none. */
export function storedIn(content: unknown): string | undefined {
  const value = typeof content === "object" && content !== null ? (content as { value?: unknown }).value : content;
  return typeof value === "string" ? value : undefined;
}

const NORMALISED: Record<string, string[]> = {
  status: "new in_progress waiting resolved closed closed_incomplete cancelled".split(" "),
  priority: "critical high moderate low planning".split(" "),
  impact: "high medium low".split(" "),
};

/** A map that can be used: other columns, values and fields for one table. */
export function map(draw: Draw, base: Plan): ModelMap {
  const fields: Record<string, FieldMap | null> = {};
  for (const line of draw.shuffled(base.lines.filter(({ field }) => field !== "id")).slice(0, draw.below(12))) {
    const way = draw.below(4);
    const known = NORMALISED[line.field];
    if (way === 0) fields[line.field] = null;
    else if (way === 1) fields[line.field] = { column: `u_${line.column.replace(".", "_")}` };
    else if (way === 2) fields[line.field] = { readOnly: draw.percent(50) || line.readOnly === true };
    else if (line.shape === "boolean") fields[line.field] = { values: draw.of(TRUTHS) };
    else if (known) fields[line.field] = choices(draw, known);
  }
  const types = "text code reference instant date boolean integer decimal money duration list".split(" ");
  const extra: Record<string, FieldMap> = {};
  for (let more = draw.below(4); more > 0; more -= 1)
    extra[`own${more}`] = { column: `u_own_${more}`, type: draw.of(types) as NonNullable<FieldMap["type"]> };
  const table: TableMap = { fields, extra, custom: draw.shuffled(["u_symptom", "x_acme_code"]) };
  return { version: 1, tables: { [base.table]: table } };
}

const TRUTHS = [{ yes: "true", no: "false" }, { "1": "true", "": "false" }, { x: "true" }];

function choices(draw: Draw, known: string[]): FieldMap {
  const raws = Array.from({ length: 1 + draw.below(9) }, (_, place) => String(place * 10 - 20));
  const values = Object.fromEntries(raws.map((raw) => [raw, draw.of(known)]));
  const chosen = raws.filter(() => draw.percent(50)).map((raw) => [values[raw] as string, raw]);
  return { values, write: Object.fromEntries(chosen) };
}
