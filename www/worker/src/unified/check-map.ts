/** What is wrong with a tenant's map. Only the registry loads this file, when a tenant is registered. */

import { load, ModelError, type ModelMap } from "sysparm/model";

const MOST_PROBLEMS = 20;

/** One sentence or two for each problem, with the option's name. */
export async function problemsOfMap(map: ModelMap): Promise<string[]> {
  const model = await load();
  try {
    for (const table of ["incident", ...Object.keys(map.tables ?? {})]) model.plan<string>(table, map);
    return [];
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    if (error.problems.length === 0) return [`Invalid option \`map\`. ${error.message}`];
    return error.problems
      .slice(0, MOST_PROBLEMS)
      .map(({ path, message }) => `Invalid option \`map${path === "" ? "" : `.${path}`}\`. ${message}`);
  }
}
