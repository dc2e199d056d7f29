/** The parts of a value that stands behind an operator, as far as fields for them are drawn. */
import type { Preset, Query, Unit } from "sysparm/query";
import type { Shape } from "../schema/known";

/** Checked against the package's type: a period that it adds or drops stops the build. */
const PERIODS: Readonly<Record<Preset, true>> = {
  Today: true,
  Yesterday: true,
  Tomorrow: true,
  "This week": true,
  "Last week": true,
  "Next week": true,
  "This month": true,
  "Last month": true,
  "Next month": true,
  "Last 3 months": true,
  "Last 6 months": true,
  "Last 9 months": true,
  "Last 12 months": true,
  "This quarter": true,
  "Last quarter": true,
  "Last 2 quarters": true,
  "Next quarter": true,
  "Next 2 quarters": true,
  "This year": true,
  "Last year": true,
  "Last 2 years": true,
  "Next year": true,
  "Last 7 days": true,
  "Last 30 days": true,
  "Last 60 days": true,
  "Last 90 days": true,
  "Last 120 days": true,
  "Current hour": true,
  "Last hour": true,
  "Last 2 hours": true,
  "Current minute": true,
  "Last minute": true,
  "Last 15 minutes": true,
};

const UNITS: Readonly<Record<Unit, true>> = {
  minute: true,
  hour: true,
  day: true,
  week: true,
  month: true,
  quarter: true,
  year: true,
  dayofweek: true,
  second: true,
};

export const units = Object.keys(UNITS) as Unit[];

/** Each period with the value that the package writes for it. */
export function periods(queries: Pick<typeof Query, "from">): { label: string; value: string }[] {
  return (Object.keys(PERIODS) as Preset[]).map((label) => ({
    label,
    value: queries.from({ field: "f", operator: "ON", value: label }).toString().slice("fON".length),
  }));
}

/** The periods to choose from. One that is written in another way, as the platform's own lists do, keeps what it holds. */
export function periodsFor(
  value: string,
  queries: Pick<typeof Query, "from">,
): { label: string; value: string }[] | null {
  const [label = "", ...ends] = value.split("@");
  const known = periods(queries);
  if (ends.length !== 2 || !known.some((period) => period.label === label)) return null;
  return known.map((period) => (period.label === label ? { label, value } : period));
}

interface Relative {
  unit: string;
  direction: string;
  count: string;
}

/** `@hour@ago@1`; null for any other text. */
export function relativeOf(value: string): Relative | null {
  const [first, unit = "", direction = "", count = "", ...more] = value.split("@");
  const fits = first === "" && more.length === 0 && unit in UNITS && (direction === "ago" || direction === "ahead");
  return fits ? { unit, direction, count } : null;
}

export function relativeText({ unit, direction, count }: Relative): string {
  return `@${unit}@${direction}@${count}`;
}

/** The two ends of `1@3`; null where it has more or fewer. */
export function rangeOf(value: string): { low: string; high: string } | null {
  const [low = "", high, ...more] = value.split("@");
  return high === undefined || more.length > 0 ? null : { low, high };
}

/** The value with which an operator begins; one that fits is kept. */
export function valueFor(shape: Shape, value: string, former: Shape, period: string): string {
  if (shape === former) return value;
  const single = former === "one" || former === "list" ? value : "";
  switch (shape) {
    case "nothing":
      return "";
    case "one":
    case "list":
      return single;
    case "range":
      return `${single}@`;
    case "relative":
      return "@day@ago@1";
    case "period":
      return period;
    default:
      return "";
  }
}

/** How a value is written that has no fields of its own. */
export const FORMS: Readonly<Partial<Record<Shape, string>>> = {
  list: "value,value",
  field: "another field",
  distance: "field@day@before@1",
  "date-part": "Monday@javascript:gs.datePart('dayofweek','monday','EE')",
  hierarchy: "definition@root",
};
