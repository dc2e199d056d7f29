/** Compares two texts of JSON. Pure; runs in the Worker of `limited.ts` where they are large. */
import { parseBody } from "./assertions";
import { type Difference, difference } from "./difference";

/** `text` is null where a body is no text, or too large to be parsed. */
export interface Compared {
  name: string;
  origin: string;
  text: string | null;
}

export type Comparable = Difference | { problem: string };

export function compareTexts(sides: readonly [Compared, Compared], ignore: ReadonlySet<string>): Comparable {
  const values: unknown[] = [];
  for (const { name, text } of sides) {
    const parsed = parseBody(text);
    if ("problem" in parsed) return { problem: `${name}: ${parsed.problem} Only JSON is compared.` };
    values.push(parsed.value);
  }
  return difference(values[0], values[1], { ignore, origins: [sides[0].origin, sides[1].origin] });
}
