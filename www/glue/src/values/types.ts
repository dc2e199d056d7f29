/**
 * What a type of the dictionary means: how its raw text is read, and how a value of it is written. One row a type; a type without
 * a row is text, for text is what every value is on the wire.
 *
 * Names and storage of the types: "Field types" and "Script evaluation of fields by data type" in the product documentation.
 */
import type { Json, Money, Reference, TypedValue } from "sysparm/values";
import { Refused, refuse } from "./error.js";
import { fromStamp, isDay, isWritable, stamp, timeOfDay } from "./times.js";

/** Reads a text that is not empty and writes a value that is not null. Both throw Refused. */
export interface Kind {
  read(text: string): TypedValue;
  write(value: unknown, wholeSeconds: boolean): string;
  /** What an empty text means, where it is not null. */
  readonly empty?: TypedValue;
  /** Its length is that of the column. */
  isText?: true;
  /** What people see is the stored text, letter for letter, as long as the field has no choices. */
  isShownAsStored?: true;
}

const text: Kind = {
  isText: true,
  empty: "",
  read: (stored) => stored,
  write: (value) => (typeof value === "string" ? value : misfit("a text", value)),
};

const plainText: Kind = { ...text, isShownAsStored: true };

const boolean: Kind = {
  read(stored) {
    if (stored === "true" || stored === "1") return true;
    if (stored === "false" || stored === "0") return false;
    return refuse("boolean", "is neither true nor false");
  },
  write: (value) => (typeof value === "boolean" ? String(value) : misfit("true or false", value)),
};

const integer: Kind = {
  read(stored) {
    const number = Number(stored);
    if (!/^-?\d+$/.test(stored) || !Number.isSafeInteger(number)) {
      refuse("number", "is no whole number that JavaScript can hold exactly");
    }
    return number + 0;
  },
  write(value) {
    if (typeof value !== "number") return misfit("a number", value);
    // A -0 is 0 to the platform.
    return Number.isSafeInteger(value) ? String(value + 0) : refuse("number", "is no whole number of exact size");
  },
};

/** Of 64 bits: more than a number holds, so always a bigint, or the type of a field would change with its value. */
const long: Kind = {
  read: (stored) => (/^-?\d+$/.test(stored) ? BigInt(stored) : refuse("number", "is no whole number")),
  write(value) {
    if (typeof value === "number" && Number.isSafeInteger(value)) return String(value + 0);
    if (typeof value !== "bigint") return misfit("a bigint or a whole number", value);
    return BigInt.asIntN(64, value) === value ? String(value) : refuse("number", "needs more than 64 bits");
  },
};

const DIGITS = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** As text: a binary number would change the digits. */
const decimal: Kind = {
  read: (stored) => (DIGITS.test(stored) ? stored : refuse("number", "is no number")),
  write(value) {
    const digits = typeof value === "number" ? String(value) : value;
    if (typeof digits !== "string") return misfit("a number, or one as text", value);
    return /^-?\d+(\.\d+)?$/.test(digits) ? digits : refuse("number", "is no number of plain digits");
  },
};

const money: Kind = {
  read(stored): Money {
    const [, currency, amount = ""] = /^(?:([A-Z]{3});)?(.+)$/.exec(stored) ?? [];
    if (!DIGITS.test(amount)) refuse("money", "is no amount and no currency with an amount");
    return currency ? { amount, currency } : { amount };
  },
  write(value) {
    const { amount, currency, ...more } = (value ?? {}) as Partial<Money>;
    if (typeof amount !== "string" || Object.keys(more).length > 0) return misfit("{ amount, currency? }", value);
    if (!/^-?\d+(\.\d+)?$/.test(amount)) refuse("money", "has an amount that is not of plain digits");
    if (currency === undefined) return amount;
    return /^[A-Z]{3}$/.test(currency) ? `${currency};${amount}` : refuse("money", "has no currency of three letters");
  },
};

const instant: Kind = {
  read: (stored) => fromStamp(stored) ?? refuse("instant", "is no time of the form yyyy-MM-dd HH:mm:ss"),
  write(value, wholeSeconds) {
    if (!(value instanceof Date)) return misfit("a Date", value);
    if (!isWritable(value)) refuse("instant", "is no time between the years 0 and 9999");
    if (value.getTime() % 1000 !== 0 && !wholeSeconds) refuse("fraction", HAS_FRACTION);
    return stamp(value);
  },
};

const HAS_FRACTION = "has a fraction of a second, which the platform does not keep: { wholeSeconds: true } cuts it";

const day: Kind = {
  read: (stored) => (isDay(stored) ? stored : refuse("date", "is no day of the form yyyy-MM-dd")),
  write(value) {
    if (value instanceof Date)
      return refuse("type", "is an instant, and which day that is depends on a time zone: give the day as text");
    if (typeof value !== "string") return misfit("a day as text", value);
    return isDay(value) ? value : refuse("date", "is no day of the form yyyy-MM-dd");
  },
};

/** Kept as a moment of the first day of 1970. */
const time: Kind = {
  read: (stored) => timeOfDay(stored) ?? refuse("time", "is no time of day"),
  write(value) {
    if (typeof value !== "string") return misfit("a time of day as text", value);
    const found = value.length === 8 && timeOfDay(value);
    return found ? `1970-01-01 ${found}` : refuse("time", "is no time of the form HH:mm:ss");
  },
};

/** Kept as the moment so long after the beginning of 1970: four days and eight hours are 1970-01-05 08:00:00. */
const duration: Kind = {
  read: (stored) =>
    fromStamp(stored)?.getTime() ?? refuse("duration", "is no duration, counted from 1970-01-01 00:00:00"),
  write(value, wholeSeconds) {
    if (typeof value !== "number") return misfit("milliseconds", value);
    if (!Number.isFinite(value)) return refuse("duration", "is no length of time");
    if (value % 1000 !== 0 && !wholeSeconds) refuse("fraction", HAS_FRACTION);
    const end = new Date(Math.trunc(value / 1000) * 1000);
    return isWritable(end) ? stamp(end) : refuse("duration", "is longer than the platform can say");
  },
};

const reference: Kind = {
  read: (stored): Reference => ({ id: stored }),
  write(value) {
    const id = typeof value === "string" ? value : (value as Partial<Reference> | undefined)?.id;
    if (typeof id !== "string") return misfit("a sys_id or { id }", value);
    return /^[\w.-]{1,100}$/.test(id) ? id : refuse("reference", NO_KEY);
  },
};

/** A name is stored as it stands, and leads nowhere: the instance does not say so. */
const NO_KEY = "is no sys_id: give the sys_id of the record that has this name, or { id } for a record named by a word";

/** A text that names no key could be a name as well as a key. */
export function bareKey(id: string): string {
  return /^[\da-f]{32}$/i.test(id) ? id : refuse("reference", NO_KEY);
}

const list: Kind = {
  empty: [],
  read: (stored) => stored.split(","),
  write(value) {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string"))
      return misfit("a list of texts", value);
    if (value.some((item) => item === "" || item.includes(","))) {
      refuse("separator", "has an item that is empty or holds a comma, which stands between items");
    }
    return value.join(",");
  },
};

const json: Kind = {
  read(stored): Json {
    try {
      return JSON.parse(stored);
    } catch {
      return refuse("json", "is no JSON");
    }
  },
  write(value) {
    let written: string | undefined;
    try {
      written = JSON.stringify(value, (_, part) => (says(part) ? part : refuse("type", "holds what JSON cannot say")));
    } catch (thrown) {
      if (thrown instanceof Refused) throw thrown;
      // A circle or a bigint.
    }
    return written ?? refuse("type", "is nothing that JSON can say");
  },
};

/** What is left out or becomes null on its way into JSON is not said. */
function says(part: unknown): boolean {
  return typeof part === "number" ? Number.isFinite(part) : !["undefined", "function", "symbol"].includes(typeof part);
}

/** From its label only: see `values.ts`. */
const journal: Kind = {
  read: (stored) => refuse("journal", `is ${stored.length} characters where a stored value has none`),
  write(value) {
    if (typeof value !== "string") return misfit("a text, which becomes an entry", value);
    return value === "" ? refuse("type", "is empty, and would add no entry") : value;
  },
};

const secret: Kind = {
  empty: { set: false },
  read: () => ({ set: true }),
  write: () =>
    refuse(
      "secret",
      "is encrypted only on its way through sysparm_input_display_value: write it by request(), with that parameter",
    ),
};

const ROWS: [Kind, string][] = [
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

const KINDS: ReadonlyMap<string, Kind> = new Map(
  ROWS.flatMap(([kind, names]) => names.split(" ").map((name): [string, Kind] => [name, kind])),
);

export function kindOf(type: string): Kind {
  return KINDS.get(type) ?? text;
}

export function isJournal(kind: Kind): boolean {
  return kind === journal;
}

export function isReference(kind: Kind): boolean {
  return kind === reference;
}

export function isSecret(kind: Kind): boolean {
  return kind === secret;
}

export function isInstant(kind: Kind): boolean {
  return kind === instant;
}

function misfit(wanted: string, value: unknown): never {
  return refuse("type", `is ${value instanceof Date ? "a Date" : typeof value}; it takes ${wanted}`);
}
