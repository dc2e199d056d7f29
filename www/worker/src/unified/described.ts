/** The texts of descriptions, because one is made of the plans of every table. Few, because each has tens of kilobytes. */

import { Held } from "../openapi/held.ts";
import type { UnifiedCall } from "./calls.ts";
import { describe } from "./openapi.ts";

const MOST_HELD = 16;

const texts = new Held<string>(MOST_HELD);

/** The document as JSON. */
export async function descriptionOf(call: UnifiedCall): Promise<string> {
  const { tenant, map, policy } = call;
  const parts = [tenant, map, policy];
  const now = Date.now();
  const known = texts.get(parts, now);
  if (known !== undefined) return known;
  const text = JSON.stringify(await describe(call));
  texts.set(parts, text, now);
  return text;
}
