/** Examples of a document, and samples made from schemas where it has none. */
import type { References } from "./openapi-references";
import { entries, field, list, text } from "./reading";

/** The first example that a parameter, content or schema states. Undefined if it states none. */
export function exampleOf(holder: unknown, references: References): unknown {
  const direct = field(holder, "example");
  if (direct !== undefined) return direct;
  const examples = field(holder, "examples");
  // Schemas of 3.1 have a list of values, parameters and contents a map of objects.
  if (Array.isArray(examples)) return examples[0];
  const [first] = entries(examples);
  return first && field(references.resolve(first[1]), "value");
}

/** A value of the form that the schema describes. Depth and size are bounded, so that cycles end. */
export function sample(schema: unknown, references: References): unknown {
  let left = MOST_NODES;

  function make(given: unknown, depth: number): unknown {
    left -= 1;
    const resolved = references.resolve(given);
    const stated =
      exampleOf(resolved, references) ??
      field(resolved, "default") ??
      field(resolved, "const") ??
      list(field(resolved, "enum"))[0];
    if (stated !== undefined) return stated;
    if (depth > DEEPEST_SAMPLE || left < 0) return undefined;
    const alternative = list(field(resolved, "oneOf"))[0] ?? list(field(resolved, "anyOf"))[0];
    if (alternative !== undefined && field(resolved, "properties") === undefined) return make(alternative, depth + 1);
    const type = typeOf(resolved);
    if (type === "array") {
      const one = make(field(resolved, "items"), depth + 1);
      return one === undefined ? [] : [one];
    }
    if (type === "object") return object(resolved, depth);
    return SCALARS.get(type) ?? textOf(resolved);
  }

  function object(given: unknown, depth: number): unknown {
    const members = new Map<string, unknown>();
    for (const part of [...list(field(given, "allOf")).map((one) => references.resolve(one)), given]) {
      if (part !== given && depth < DEEPEST_SAMPLE) {
        for (const [name, value] of entries(make(part, depth + 1))) members.set(name, value);
      }
      for (const [name, property] of entries(part === given ? field(part, "properties") : undefined)) {
        if (left < 0) break;
        if (field(references.resolve(property), "readOnly") === true) continue;
        const value = make(property, depth + 1);
        if (value !== undefined) members.set(name, value);
      }
    }
    return Object.fromEntries(members);
  }

  return make(schema, 0);
}

function typeOf(schema: unknown): string {
  const type = field(schema, "type");
  // 3.1 allows a list, such as string and null.
  const stated = Array.isArray(type) ? text(type.find((one) => one !== "null")) : text(type);
  if (stated !== "") return stated;
  if (field(schema, "properties") !== undefined || field(schema, "allOf") !== undefined) return "object";
  return field(schema, "items") === undefined ? "" : "array";
}

function textOf(schema: unknown): string {
  return FORMATS.get(text(field(schema, "format"))) ?? "";
}

const SCALARS = new Map<string, unknown>([
  ["integer", 0],
  ["number", 0],
  ["boolean", false],
  ["null", null],
]);

const FORMATS = new Map([
  ["date", "2026-01-31"],
  ["date-time", "2026-01-31T12:00:00Z"],
  ["uuid", "00000000-0000-4000-8000-000000000000"],
  ["email", "someone@example.com"],
  ["uri", "https://example.com"],
]);

const DEEPEST_SAMPLE = 8;
/** A schema that branches at every level would otherwise grow without end. */
const MOST_NODES = 2000;
