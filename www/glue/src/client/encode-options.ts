/** Encodes options for the core as one text of alternating names and values. The core checks the names. */
import { invalid } from "./errors.js";

/** No option is nested deeper. Circular values exceed this, too. */
const DEEPEST = 4;

/** The text of an options object. A list repeats its option's name. */
export function optionsText(options: object): string {
  let text = "";
  const add = (name: string, value: unknown, depth = 0): void => {
    if (value === undefined || value === false) return;
    if (depth > DEEPEST)
      throw invalid("options.type", `Invalid option \`${name.slice(0, 100)}\`: nested too deep. Pass a flat value.`);
    if (Array.isArray(value)) {
      for (const one of value) add(name, one, depth + 1);
    } else if (isPlain(value)) {
      for (const [key, inner] of Object.entries(value as object)) add(name ? `${name}.${key}` : key, inner, depth + 1);
    } else if (typeof value === "number" && !Number.isNaN(value)) {
      text += `#${name}\0${Math.trunc(Math.min(value, Number.MAX_SAFE_INTEGER))}\0`;
    } else {
      if (typeof value !== "string" && value !== true) {
        const given = value === null || typeof value === "number" ? value : typeof value;
        throw invalid("options.type", `Invalid option \`${name}\`: ${given}. Pass a string, a finite number or true.`);
      }
      const plain = String(value);
      if (`${name}${plain}`.includes("\0"))
        throw invalid("options.type", `Invalid option \`${name}\`. Pass a string without NUL characters.`);
      text += `${name}\0${plain}\0`;
    }
  };
  add("", options);
  return text;
}

/** Whether a value is a plain object, and not a key, a URL or a date. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
