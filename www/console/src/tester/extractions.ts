/** Takes values of a reply into variables, for the next request. Pure. */
import type { Extraction } from "../workspace/model";
import { type Answer, asText, headerOf, parseBody, select } from "./assertions";

export interface Extracted {
  id: string;
  variable: string;
  /** Absent if nothing was found; then `why` says so and the variable keeps its value. */
  value?: string;
  why: string;
}

/** Those that are on, in their order. */
export function extract(extractions: readonly Extraction[], answer: Answer): Extracted[] {
  return extractions
    .filter((extraction) => extraction.on)
    .map((extraction) => {
      const variable = extraction.variable.trim();
      const base = { id: extraction.id, variable };
      if (variable === "") return { ...base, why: "The variable has no name. Enter one." };
      const found = taken(extraction, answer);
      return "value" in found ? { ...base, value: found.value, why: "" } : { ...base, why: found.problem };
    });
}

function taken(extraction: Extraction, answer: Answer): { value: string } | { problem: string } {
  switch (extraction.from) {
    case "status":
      return { value: String(answer.status) };
    case "header": {
      const value = headerOf(answer, extraction.name);
      return value === undefined
        ? { problem: `The reply has no header ${extraction.name} that the browser shows.` }
        : { value };
    }
    case "body": {
      const parsed = parseBody(answer.text);
      if ("problem" in parsed) return parsed;
      const found = select(extraction.path, parsed.value);
      if ("problem" in found) return found;
      return found.values.length === 0
        ? { problem: `Nothing is at ${extraction.path}.` }
        : { value: asText(found.values[0]) };
    }
  }
}
