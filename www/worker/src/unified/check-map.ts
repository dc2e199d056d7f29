/** What is wrong with a tenant's map. Only the registry loads this file, when a tenant is registered. */

import { load, ModelError, type ModelMap } from "sysparm/model";

const MOST_PROBLEMS = 20;

/** One sentence or two for each problem, with the option's name. */
export async function problemsOfMap(map: ModelMap): Promise<string[]> {
  const model = await load();
  const found = new Set<string>();
  const tables = typeof map.tables === "object" ? Object.keys(map.tables) : [];
  for (const table of ["incident", ...tables]) {
    try {
      model.plan<string>(table, map);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      const whole = [{ path: `tables.${table}`, message: error.message }];
      for (const { path, message } of error.problems.length === 0 ? whole : error.problems)
        found.add(`Invalid option \`map${path === "" ? "" : `.${path}`}\`. ${message}`);
    }
    if (found.size >= MOST_PROBLEMS) break;
  }
  return [...found].slice(0, MOST_PROBLEMS);
}
