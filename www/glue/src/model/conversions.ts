/**
 * One conversion for each shape. Reading is strict: only a text that writing gives back letter for letter is read, so that an object
 * that is written unchanged changes nothing.
 */
import type { Choice, Code, Money, PlanLine, Reference, UnifiedValue } from "sysparm/model";
import { KEY, SYS_ID } from "../shared/keys.js";

/** Stored value and label of one cell. */
export interface BothForms {
  value: string;
  label: string | null;
  /** Of a reference. */
  link: string | null;
}

/** One value that does not fit. Never leaves this folder: it becomes a problem with the field's name. */
export class Unfit {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {}
}

/** Converts the values of one shape. */
interface Conversion {
  /** Of a value that is not empty. @throws Unfit */
  read(cell: BothForms): UnifiedValue;
  /** Of a value that is not null. @throws Unfit */
  write(given: unknown): string;
}

const STORED_INSTANT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/;
const GIVEN_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?(Z|[+-]\d\d:\d\d)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const INTEGER = /^(0|-?[1-9]\d*)$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const MONEY = /^(?:([A-Z]{3});)?(-?\d+(?:\.\d+)?)$/;

/** The instant of a stored text in milliseconds. */
function storedInstant(text: string, code: string): number {
  const time = STORED_INSTANT.test(text) ? Date.parse(`${text.replace(" ", "T")}Z`) : Number.NaN;
  // Date.parse() takes the 31st of a month that has 30 days.
  if (Number.isNaN(time) || stored(time) !== text) throw new Unfit(code, "is no stored time (yyyy-MM-dd HH:mm:ss)");
  return time;
}

function stored(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

function text(given: unknown): string {
  if (typeof given !== "string") throw new Unfit("write.type", "is not text");
  return given;
}

function matching(pattern: RegExp, expected: string): (given: unknown) => string {
  return (given) => {
    if (typeof given !== "string" || !pattern.test(given)) throw new Unfit("write.type", `is not ${expected}`);
    return given;
  };
}

function isDay(given: unknown): given is string {
  return typeof given === "string" && DAY.test(given) && !Number.isNaN(Date.parse(given)) && day(given) === given;
}

const day = (given: string) => new Date(given).toISOString().slice(0, 10);

const TEXT: Conversion = { read: ({ value }) => value, write: text };

const CODE: Conversion = {
  read: ({ value, label }): Code => ({ raw: value, label }),
  write: (given) => member(given, "raw", "label"),
};

/** The member that says what is stored, of an object that may hold what people see instead. */
function member(given: unknown, name: "raw" | "id", shown: "label" | "name"): string {
  const found = typeof given === "object" ? (given as Record<string, unknown>)[name] : given;
  if (typeof found === "string") return found;
  const hasLabel = typeof given === "object" && typeof (given as Record<string, unknown>)[shown] === "string";
  if (hasLabel) throw new Unfit("write.label-only", `has a ${shown} and no ${name}; a ${shown} may belong to several`);
  throw new Unfit("write.type", `is neither text nor an object with \`${name}\``);
}

const INSTANT: Conversion = {
  read({ value }) {
    storedInstant(value, "value.instant");
    return `${value.replace(" ", "T")}Z`;
  },
  write(given) {
    const time = typeof given === "string" && GIVEN_INSTANT.test(given) ? Date.parse(given) : Number.NaN;
    const expected = "is no time in whole seconds with its offset (2026-02-28T08:30:00Z)";
    if (Number.isNaN(time)) throw new Unfit("write.type", expected);
    const [, year = "", rest] = /^(\d{4})-(\d\d-\d\d)/.exec(given as string) ?? [];
    if (!isDay(`${year}-${rest}`)) throw new Unfit("write.type", expected);
    const written = stored(time);
    // Its offset may take the first day of the calendar before it, and the last one behind it.
    if (!STORED_INSTANT.test(written)) throw new Unfit("write.type", expected);
    return written;
  },
};

const DATE: Conversion = {
  read({ value }) {
    if (!isDay(value)) throw new Unfit("value.date", "is no day (yyyy-MM-dd)");
    return value;
  },
  write(given) {
    if (!isDay(given)) throw new Unfit("write.type", "is no day (2026-02-28)");
    return given;
  },
};

const INTEGERS: Conversion = {
  read({ value }) {
    if (!INTEGER.test(value) || !Number.isSafeInteger(Number(value)))
      throw new Unfit("value.integer", "is no whole number that JavaScript holds exactly");
    return Number(value);
  },
  write(given) {
    if (!Number.isSafeInteger(given)) throw new Unfit("write.type", "is no whole number");
    return String(given);
  },
};

const DECIMALS: Conversion = {
  read({ value }) {
    if (!DECIMAL.test(value)) throw new Unfit("value.decimal", "is no number");
    return value;
  },
  write: matching(DECIMAL, 'a number as text ("12.50")'),
};

const MONEYS: Conversion = {
  read({ value }): Money {
    const [, currency = null, amount] = MONEY.exec(value) ?? [];
    if (amount === undefined) throw new Unfit("value.money", "is no amount");
    return { amount, currency };
  },
  write(given) {
    const { amount, currency } = Object(given) as Partial<Money>;
    const written = currency == null ? String(amount) : `${currency};${amount}`;
    if (!MONEY.test(written)) throw new Unfit("write.type", 'is not { amount: "12.50", currency: "USD" }');
    return written;
  },
};

const DURATION: Conversion = {
  read: ({ value }) => storedInstant(value, "value.duration"),
  write(given) {
    const fits = typeof given === "number" && given % 1000 === 0 && Math.abs(given) < 60_000_000_000_000;
    if (!fits) throw new Unfit("write.type", "is no length of time in milliseconds of whole seconds");
    return stored(given);
  },
};

const LIST: Conversion = {
  read: ({ value }) => value.split(","),
  write(given) {
    const fits = Array.isArray(given) && given.every((item) => typeof item === "string" && !item.includes(","));
    if (!fits) throw new Unfit("write.type", "is no list of texts without commas");
    return given.join(",");
  },
};

/**
 * The key of a record. A text alone is a sys_id: anything else may be a name, which the instance stores as it is or takes for no record. An
 * object with `table` was read, and its key is written as it was.
 */
function keyOf(given: unknown): string {
  const { name, table } = Object(given) as Partial<Reference>;
  const id = member(given, "id", "name");
  if (id === "" && typeof name !== "string") return id;
  const isKey = typeof given === "string" ? SYS_ID.test(id) : KEY.test(id) || (table !== undefined && id !== "");
  if (isKey) return id;
  throw new Unfit("write.label-only", "is no sys_id (32 hexadecimal digits); a name may belong to several records");
}

const TABLE_OF_LINK = /\/table\/(\w+)\/[^/]+$/;

function references(line: PlanLine): Conversion {
  return {
    read({ value, label, link }): Reference {
      const table = (link && TABLE_OF_LINK.exec(link)?.[1]) || (line.reference ?? null);
      return { id: value, name: label, table };
    },
    write: keyOf,
  };
}

/** Of a value that no raw value is read as. */
function noRawValue(value: string, field: string, more = ""): Unfit {
  const step = `name one in the map under \`${field}.values\``;
  return new Unfit("write.no-counterpart", `is "${value}", which has no raw value here; ${step}${more}`);
}

function booleans({ field, values, written }: PlanLine): Conversion {
  const read = new Map(values ?? [["true", "true"] as const, ["false", "false"] as const]);
  const write = new Map(written ?? [["true", "true"] as const, ["false", "false"] as const]);
  return {
    read({ value }) {
      const found = read.get(value);
      if (found === undefined) throw new Unfit("value.boolean", "is neither true nor false");
      return found === "true";
    },
    write(given) {
      if (typeof given !== "boolean") throw new Unfit("write.type", "is neither true nor false");
      const raw = write.get(String(given));
      if (raw === undefined) throw noRawValue(String(given), field);
      return raw;
    },
  };
}

function choices({ field, values = [], written = [] }: PlanLine): Conversion {
  const read = new Map(values);
  const write = new Map(written);
  const counterpart = (value: string): string => {
    const raw = write.get(value);
    if (raw !== undefined) return raw;
    const candidates = values.filter(([, it]) => it === value).map(([it]) => it);
    const known = write.size > 0 ? `. Written can be: ${[...write.keys()].join(", ")}` : "";
    if (candidates.length === 0) throw noRawValue(value, field, known);
    const way = `give \`raw\`, or choose one in the map under \`${field}.write\``;
    throw new Unfit("write.no-counterpart", `is "${value}", which is ${candidates.join(" or ")} here; ${way}`);
  };
  return {
    read: ({ value, label }): Choice => ({ value: read.get(value) ?? null, raw: value, label }),
    write(given) {
      if (typeof given === "string") return counterpart(given);
      const { value, raw, label } = Object(given) as Partial<Choice>;
      if (typeof raw !== "string") {
        if (typeof value === "string") return counterpart(value);
        if (typeof label === "string") throw new Unfit("write.label-only", "has a label alone; give `value` or `raw`");
        throw new Unfit("write.type", "is neither a value nor an object with `value` or `raw`");
      }
      const known = read.get(raw) ?? null;
      if (value != null && value !== known)
        throw new Unfit(
          "write.conflict",
          `has the value ${value} and the raw value ${raw}, which is ${known}; leave out one`,
        );
      return raw;
    },
  };
}

const PLAIN: Record<string, Conversion> = {
  text: TEXT,
  entry: TEXT,
  code: CODE,
  instant: INSTANT,
  date: DATE,
  integer: INTEGERS,
  decimal: DECIMALS,
  money: MONEYS,
  duration: DURATION,
  list: LIST,
};

/** The conversion of a line of a plan. */
export function conversionOf(line: PlanLine): Conversion {
  if (line.shape === "choice") return choices(line);
  if (line.shape === "boolean") return booleans(line);
  return line.shape === "reference" ? references(line) : (PLAIN[line.shape] ?? TEXT);
}
