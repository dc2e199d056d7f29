/** The model: compiles a plan for a table and a map. */
import type { KindOfTable, Model, ModelProblem, Plan, PlanOptions } from "sysparm/model";
import { checkArgument, checkOptions, OBJECT, type OptionTypes, TEXT } from "../protocol/check-options.js";
import { ModelError, refusedBy, refusedOption } from "./error.js";
import { type PlanData, planFrom } from "./plan.js";

/** The plan of a table as JSON, or `{ code, problems }`. */
type Compile = (table: string, map: string | undefined) => string;

interface RefusedMap {
  code: "model.table" | "model.map";
  problems: ModelProblem[];
}

const COLUMN = /^\w+(\.\w+)*$/;
const OPTIONS: OptionTypes<PlanOptions> = {
  custom: {
    expects: "a list of names of columns",
    accepts: (value) => Array.isArray(value) && value.every((name) => typeof name === "string" && COLUMN.test(name)),
  },
};

/** The tables of the base map; a test compares them with the crate's. */
const TABLES: Record<keyof KindOfTable, true> = {
  incident: true,
  problem: true,
  change_request: true,
  sc_request: true,
  sc_req_item: true,
  sc_task: true,
  sn_customerservice_case: true,
  sn_hr_core_case: true,
  sys_journal_field: true,
  sys_attachment: true,
  sys_user: true,
  sn_hr_core_profile: true,
  sys_user_group: true,
  cmn_department: true,
  cmn_location: true,
  core_company: true,
  cmdb_ci: true,
  cmdb_rel_ci: true,
};

/** The model, with what compiles maps. */
export function modelOf(compile: Compile): Model {
  return {
    version: 1,
    tables: Object.keys(TABLES) as (keyof KindOfTable)[],
    plan(table, map, options = {}) {
      checkArgument("table", table, { ...TEXT, isRequired: true }, refusedOption);
      if (map !== null) checkArgument("map", map, OBJECT, refusedOption);
      checkOptions(options, OPTIONS, refusedOption);
      const compiled = JSON.parse(compile(table, textOf(map))) as PlanData | RefusedMap;
      if ("problems" in compiled) throw refusedBy(compiled.code, wordsOf(compiled), compiled.problems);
      return planFrom(compiled, options.custom ?? []) as Plan<never>;
    },
  };
}

function wordsOf({ code }: RefusedMap): string {
  return code === "model.map" ? "The map cannot be used." : "The table cannot be read.";
}

function textOf(map: object | null | undefined): string | undefined {
  if (map === undefined || map === null) return undefined;
  try {
    return JSON.stringify(map);
  } catch (cause) {
    throw new ModelError("model.options", `Invalid argument \`map\`: ${cause}. Pass what JSON holds.`);
  }
}
