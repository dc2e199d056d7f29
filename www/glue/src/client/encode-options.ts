/** Options as the core reads them: one text, names and values in turn. The core knows which there are. */
import { invalid } from "./errors.js";

/** No option lies deeper; one that holds itself is found by this too. */
const DEEPEST = 4;

/** A level of options is an object; a list stands for the same option several times. */
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

/** Not a key, a URL, a date or anything else with a life of its own. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
