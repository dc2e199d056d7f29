/**
 * How each type of the dictionary is read from its raw text and written. One row for each type. A type without a row is text, as every
 * value is in a reply.
 *
 * Names and storage of the types: "Field types" and "Script evaluation of fields by data type" in the product documentation.
 */
import type { Json, Money, Reference, TypedValue } from "sysparm/values";
import { SYS_ID } from "../shared/keys.js";
import { Refused, refuseValue } from "./error.js";
import { fromStamp, isDay, isWritable, stamp, timeOfDay } from "./times.js";

/** Reads texts that are not empty and writes values that are not null. Both throw Refused. */
export interface FieldKind {
  read(text: string): TypedValue;
  write(value: unknown, wholeSeconds: boolean): string;
  /** The value of an empty text, where that is not null. */
  readonly empty?: TypedValue;
  /** Whether the column's length limits it. */
  isText?: true;
  /** Whether label and stored value are the same text in a field without choices. */
  isShownAsStored?: true;
}

const text: FieldKind = {
  isText: true,
  empty: "",
  read: (stored) => stored,
  write: (value) => (typeof value === "string" ? value : misfit("a text", value)),
};

const plainText: FieldKind = { ...text, isShownAsStored: true };

const boolean: FieldKind = {
  read(stored) {
    if (stored === "true" || stored === "1") return true;
    if (stored === "false" || stored === "0") return false;
    return refuseValue("boolean", "is neither true nor false");
  },
  write: (value) => (typeof value === "boolean" ? String(value) : misfit("true or false", value)),
};

const integer: FieldKind = {
  read(stored) {
    const number = Number(stored);
    if (!/^-?\d+$/.test(stored) || !Number.isSafeInteger(number)) {
      refuseValue("number", "is no whole number that JavaScript can hold exactly");
    }
    return number + 0;
  },
  write(value) {
    if (typeof value !== "number") return misfit("a number", value);
    // The platform knows no -0.
    return Number.isSafeInteger(value) ? String(value + 0) : refuseValue("number", "is no whole number of exact size");
  },
};

/** 64 bits, which a number cannot hold. Always a bigint, or a field's type would depend on its value. */
const long: FieldKind = {
  read: (stored) => (/^-?\d+$/.test(stored) ? BigInt(stored) : refuseValue("number", "is no whole number")),
  write(value) {
    if (typeof value === "number" && Number.isSafeInteger(value)) return String(value + 0);
    if (typeof value !== "bigint") return misfit("a bigint or a whole number", value);
    return BigInt.asIntN(64, value) === value ? String(value) : refuseValue("number", "needs more than 64 bits");
  },
};

const DIGITS = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Text, because a binary number would change the digits. */
const decimal: FieldKind = {
  read: (stored) => (DIGITS.test(stored) ? stored : refuseValue("number", "is no number")),
  write(value) {
    const digits = typeof value === "number" ? String(value) : value;
    if (typeof digits !== "string") return misfit("a number, or one as text", value);
    return /^-?\d+(\.\d+)?$/.test(digits) ? digits : refuseValue("number", "is no number of plain digits");
  },
};

const money: FieldKind = {
  read(stored): Money {
    const [, currency, amount = ""] = /^(?:([A-Z]{3});)?(.+)$/.exec(stored) ?? [];
    if (!DIGITS.test(amount)) refuseValue("money", "is no amount and no currency with an amount");
    return currency ? { amount, currency } : { amount };
  },
  write(value) {
    const { amount, currency, ...more } = (value ?? {}) as Partial<Money>;
    if (typeof amount !== "string" || Object.keys(more).length > 0) return misfit("{ amount, currency? }", value);
    if (!/^-?\d+(\.\d+)?$/.test(amount)) refuseValue("money", "has an amount that is not of plain digits");
    if (currency === undefined) return amount;
    return /^[A-Z]{3}$/.test(currency)
      ? `${currency};${amount}`
      : refuseValue("money", "has no currency of three letters");
  },
};

const instant: FieldKind = {
  read: (stored) => fromStamp(stored) ?? refuseValue("instant", "is no time of the form yyyy-MM-dd HH:mm:ss"),
  write(value, wholeSeconds) {
    if (!(value instanceof Date)) return misfit("a Date", value);
    if (!isWritable(value)) refuseValue("instant", "is no time between the years 0 and 9999");
    if (value.getTime() % 1000 !== 0 && !wholeSeconds) refuseValue("fraction", HAS_FRACTION);
    return stamp(value);
  },
};

const HAS_FRACTION = "has a fraction of a second, which the platform does not keep: { wholeSeconds: true } cuts it";

const day: FieldKind = {
  read: (stored) => (isDay(stored) ? stored : refuseValue("date", "is no day of the form yyyy-MM-dd")),
  write(value) {
    if (value instanceof Date)
      return refuseValue("type", "is an instant, and which day that is depends on a time zone: give the day as text");
    if (typeof value !== "string") return misfit("a day as text", value);
    return isDay(value) ? value : refuseValue("date", "is no day of the form yyyy-MM-dd");
  },
};

/** Stored as a date-time of 1970-01-01. */
const time: FieldKind = {
  read: (stored) => timeOfDay(stored) ?? refuseValue("time", "is no time of day"),
  write(value) {
    if (typeof value !== "string") return misfit("a time of day as text", value);
    const found = value.length === 8 && timeOfDay(value);
    return found ? `1970-01-01 ${found}` : refuseValue("time", "is no time of the form HH:mm:ss");
  },
};

/** Stored as a date-time after the beginning of 1970: four days and eight hours are 1970-01-05 08:00:00. */
const duration: FieldKind = {
  read: (stored) =>
    fromStamp(stored)?.getTime() ?? refuseValue("duration", "is no duration, counted from 1970-01-01 00:00:00"),
  write(value, wholeSeconds) {
    if (typeof value !== "number") return misfit("milliseconds", value);
    if (!Number.isFinite(value)) return refuseValue("duration", "is no length of time");
    if (value % 1000 !== 0 && !wholeSeconds) refuseValue("fraction", HAS_FRACTION);
    const end = new Date(Math.trunc(value / 1000) * 1000);
    return isWritable(end) ? stamp(end) : refuseValue("duration", "is longer than the platform can say");
  },
};

const reference: FieldKind = {
  read: (stored): Reference => ({ id: stored }),
  write(value) {
    const id = typeof value === "string" ? value : (value as Partial<Reference> | undefined)?.id;
    if (typeof id !== "string") return misfit("a sys_id or { id }", value);
    return /^[\w.-]{1,100}$/.test(id) ? id : refuseValue("reference", NO_KEY);
  },
};

/** The instance stores a name as a broken reference without an error. */
const NO_KEY = "is no sys_id: give the sys_id of the record that has this name, or { id } for a record named by a word";

/** Without the target's key a text could be a name as well as a key. */
export function bareKey(id: string): string {
  return SYS_ID.test(id) ? id : refuseValue("reference", NO_KEY);
}

const list: FieldKind = {
  empty: [],
  read: (stored) => stored.split(","),
  write(value) {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string"))
      return misfit("a list of texts", value);
    if (value.some((item) => item === "" || item.includes(","))) {
      refuseValue("separator", "has an item that is empty or holds a comma, which stands between items");
    }
    return value.join(",");
  },
};

const json: FieldKind = {
  read(stored): Json {
    try {
      return JSON.parse(stored);
    } catch {
      return refuseValue("json", "is no JSON");
    }
  },
  write(value) {
    let written: string | undefined;
    try {
      written = JSON.stringify(value, (_, part) =>
        says(part) ? part : refuseValue("type", "holds what JSON cannot say"),
      );
    } catch (thrown) {
      if (thrown instanceof Refused) throw thrown;
      // Circular, or a bigint.
    }
    return written ?? refuseValue("type", "is nothing that JSON can say");
  },
};

/** JSON silently drops or nulls some values; those are refused. */
function says(part: unknown): boolean {
  return typeof part === "number" ? Number.isFinite(part) : !["undefined", "function", "symbol"].includes(typeof part);
}

/** Read from its label only: see `index.ts`. */
const journal: FieldKind = {
  read: (stored) => refuseValue("journal", `is ${stored.length} characters where a stored value has none`),
  write(value) {
    if (typeof value !== "string") return misfit("a text, which becomes an entry", value);
    return value === "" ? refuseValue("type", "is empty, and would add no entry") : value;
  },
};

const secret: FieldKind = {
  empty: { set: false },
  read: () => ({ set: true }),
  write: () =>
    refuseValue(
      "secret",
      "is encrypted only on its way through sysparm_input_display_value: write it by request(), with that parameter",
    ),
};

const ROWS: [FieldKind, string][] = [
  [boolean, "boolean"],
  [integer, "integer order_index day_of_week month_of_year week_of_month integer_date integer_time"],
  [long, "longint auto_increment"],
  [decimal, "decimal float double percent_complete numeric"],
  [money, "currency price currency2"],
  [instant, "glide_date_time due_date"],
  [day, "glide_date date"],
  [time, "glide_time time"],
  [duration, "glide_duration timer"],
  [reference, "reference domain_id"],
  [list, "glide_list"],
  [journal, "journal journal_input journal_list"],
  [json, "json"],
  [secret, "password password2 glide_encrypted"],
  [plainText, "string GUID email url sys_class_name table_name field_name conditions"],
];

const KINDS: ReadonlyMap<string, FieldKind> = new Map(
  ROWS.flatMap(([kind, names]) => names.split(" ").map((name): [string, FieldKind] => [name, kind])),
);

/** How values of a type are read and written. */
export function kindOf(type: string): FieldKind {
  return KINDS.get(type) ?? text;
}

export function isJournal(kind: FieldKind): boolean {
  return kind === journal;
}

export function isReference(kind: FieldKind): boolean {
  return kind === reference;
}

export function isSecret(kind: FieldKind): boolean {
  return kind === secret;
}

export function isInstant(kind: FieldKind): boolean {
  return kind === instant;
}

function misfit(wanted: string, value: unknown): never {
  return refuseValue("type", `is ${value instanceof Date ? "a Date" : typeof value}; it takes ${wanted}`);
}
