/**
 * The check of options that every call makes before it does anything else. One pattern of messages for all entries: what is wrong,
 * with the option named, then what to pass. It imports nothing, so that each bundle can carry it.
 */
import type { KnownErrorCode } from "sysparm";

/** Makes the error of an entry. */
export type Refuse = (code: KnownErrorCode, message: string) => Error;

/** What an option may be. */
export interface OptionType {
  /** The object of "Pass ...". */
  readonly expects: string;
  accepts(value: unknown): boolean;
  /** Of a wrong value, where it is not `options.type`. */
  readonly code?: KnownErrorCode;
  readonly isRequired?: boolean;
}

/** One type for each option: a new option that is not named here fails to compile. */
export type OptionTypes<Options> = { readonly [Name in keyof Options]-?: OptionType };

/** `within` ends with a dot and names the option whose members these are. */
export function checkOptions(given: unknown, types: Readonly<Record<string, OptionType>>, refuse: Refuse, within = "") {
  const list = () =>
    Object.keys(types)
      .map((name) => within + name)
      .join(", ");
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const what = within ? `option \`${within.slice(0, -1)}\`` : "options";
    throw refuse("options.type", `Invalid ${what}. Pass an object. Supported options: ${list()}.`);
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(types, name));
  if (unknown !== undefined) {
    throw refuse("options.unknown", `Unknown option \`${within}${unknown}\`. Supported options: ${list()}.`);
  }
  for (const [name, type] of Object.entries(types)) {
    checkValue("option", within + name, (given as Record<string, unknown>)[name], type, refuse);
  }
}

/** An argument that is no option. */
export function checkArgument(name: string, value: unknown, type: OptionType, refuse: Refuse): void {
  checkValue("argument", name, value, type, refuse);
}

function checkValue(what: string, name: string, value: unknown, type: OptionType, refuse: Refuse): void {
  const { expects, code = "options.type", isRequired } = type;
  if (value === undefined ? isRequired : !type.accepts(value)) {
    const given = typeof value === "number" ? `: ${value}` : "";
    throw refuse(code, `${value === undefined ? "Missing" : "Invalid"} ${what} \`${name}\`${given}. Pass ${expects}.`);
  }
}

const isText = (value: unknown) => typeof value === "string";

/** Checked elsewhere, or free. */
export const ANY: OptionType = { expects: "a value", accepts: () => true };
export const TEXT: OptionType = { expects: "a string", accepts: isText };
export const NUMBER: OptionType = {
  expects: "a number",
  accepts: (value) => typeof value === "number" && !Number.isNaN(value),
};
/** A number of rows or bytes; Infinity is as many as there are. */
export const COUNT: OptionType = {
  expects: "a whole number",
  accepts: (value) => typeof value === "number" && value >= 0 && Math.trunc(value) === value,
};
export const FLAG: OptionType = { expects: "true or false", accepts: (value) => typeof value === "boolean" };
export const NAMES: OptionType = {
  expects: "a list of strings",
  accepts: (value) => Array.isArray(value) && value.every(isText),
};
export const LIST: OptionType = { expects: "a list", accepts: Array.isArray };
export const OBJECT: OptionType = {
  expects: "an object",
  accepts: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
export const FUNCTION: OptionType = { expects: "a function", accepts: (value) => typeof value === "function" };
export const SIGNAL: OptionType = {
  expects: "an AbortSignal",
  accepts: (value) => typeof (value as Partial<AbortSignal> | null)?.addEventListener === "function",
};
/** What every call may add to its requests. Names and values are checked when they are added. */
export const ADDITIONS = { headers: OBJECT, params: OBJECT };
export const STORE: OptionType = {
  expects: "an object with the functions get and set",
  accepts: (value) => hasFunctions(value, "get", "set"),
};
/** A text, or what `sysparm/query` builds. */
export const QUERY: OptionType = {
  expects: "an encoded query, or a Query of sysparm/query",
  accepts: (value) => isText(value) || hasFunctions(value, "encoded"),
};
export const DISPLAY_VALUE: OptionType = {
  expects: 'true, false or "all"',
  accepts: (value) => [true, false, "all", null].includes(value as null),
  code: "options.display-value",
};

/** Whether a value has these functions. */
export function hasFunctions(value: unknown, ...names: string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === "function");
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number, code?: KnownErrorCode): OptionType {
  return {
    expects: `a whole number from ${least} to ${most}`,
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    ...(code !== undefined && { code }),
  };
}
