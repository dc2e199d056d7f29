/** The model: compiles a plan for a table and a map. */
import type {
  CheckOptions,
  KindOfTable,
  Model,
  ModelMap,
  ModelProblem,
  Plan,
  PlanOptions,
  SuggestOptions,
} from "sysparm/model";
import type { TableSchema } from "sysparm/schema";
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

const isList = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "object" && item);
const SUGGESTING: OptionTypes<SuggestOptions> = {
  like: TEXT,
  samples: { expects: "a list of rows", accepts: isList },
};
const CHECKING: OptionTypes<CheckOptions> = { children: { expects: "a list of schemas", accepts: isList } };

/** The tables of the base map; their type is generated from the crate, so a missing one does not compile. */
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
  const compiled = (table: string, map?: ModelMap | null, more: readonly string[] = []): Plan => {
    const data = JSON.parse(compile(table, textOf(map))) as PlanData | RefusedMap;
    if ("problems" in data) throw refusedBy(data.code, wordsOf(data), data.problems);
    return planFrom(data, more) as Plan;
  };
  return {
    version: 1,
    tables: Object.keys(TABLES) as (keyof KindOfTable)[],
    plan(table, map, options = {}) {
      checkArgument("table", table, { ...TEXT, isRequired: true }, refusedOption);
      if (map !== null) checkArgument("map", map, OBJECT, refusedOption);
      checkOptions(options, OPTIONS, refusedOption);
      return compiled(table, map, options.custom) as Plan<never>;
    },
    async suggest(schema, options = {}) {
      checkOptions(options, SUGGESTING, refusedOption);
      const table = tableOf(schema);
      const like = options.like ?? table;
      if (!Object.hasOwn(TABLES, like)) {
        const step = `Pass the one that it is like: { like: "incident" }. Known: ${Object.keys(TABLES).join(", ")}.`;
        throw new ModelError("model.table", `The model has no table \`${like}\`. ${step}`);
      }
      const base = compiled(like);
      const { suggestMap } = await import("../mapping/index.js");
      return suggestMap(base, schema, options.samples ?? []);
    },
    async check(map, schema, options = {}) {
      if (map !== null) checkArgument("map", map, { ...OBJECT, isRequired: true }, refusedOption);
      checkOptions(options, CHECKING, refusedOption);
      const plan = compiled(tableOf(schema), map);
      const { checkPlan } = await import("../mapping/index.js");
      return checkPlan(plan, schema, options.children ?? []);
    },
  };
}

function tableOf(schema: TableSchema): string {
  const fits = typeof schema?.table === "string" && typeof schema.tables?.[schema.table]?.fields === "object";
  if (!fits) throw refusedOption("", "Invalid argument `schema`. Pass what `instance.schema()` returns.");
  return schema.table;
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
