/** The texts of descriptions, because one is made of the plans of every table. Few, because each has tens of kilobytes. */

import type { ModelMap } from "sysparm/model";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { UnifiedCall } from "./calls.ts";
import { describe } from "./openapi.ts";

interface Held {
  readonly tenant: string;
  readonly map: ModelMap | undefined;
  readonly policy: CompiledPolicy;
  readonly text: string;
}

const MOST_HELD = 16;

/** Least recently asked for first. A tenant that changes has another policy object, so its former text is never found again. */
const held: Held[] = [];

/** The document as JSON. */
export async function descriptionOf(call: UnifiedCall): Promise<string> {
  const { tenant, map, policy } = call;
  const index = held.findIndex((one) => one.policy === policy && one.map === map && one.tenant === tenant);
  const [known] = index < 0 ? [] : held.splice(index, 1);
  const one = known ?? { tenant, map, policy, text: JSON.stringify(await describe(call)) };
  held.push(one);
  if (held.length > MOST_HELD) held.shift();
  return one.text;
}
