/**
 * The plans of tenants' maps. Each is compiled once, at its first use, and belongs to the map, so to one version of a tenant in one isolate: a tenant that
 * changes brings another map, and the plans of the former one go with it.
 */

import { load, type Model, ModelError, type ModelMap, type Plan } from "sysparm/model";
import { type CompiledPolicy, rulesFor } from "../policy/compile.ts";
import { Answered } from "./answered.ts";
import { noSuchTable, unusableMap } from "./refusals.ts";
import type { Resource } from "./resources.ts";

/** Remembered as well: it costs as much to find again. */
type Failure = "unusable" | "unknown";

const plans = new WeakMap<object, Map<string, Plan | Failure>>();

/** Stands for the map of tenants that have none: they share their plans. */
const NO_MAP = {};

/**
 * The plan of a table of a resource. @throws Answered for a table that the resource does not have; `policy`: the refusal names the tables that
 * it allows, and all of them without one
 */
export async function planOf(
  map: ModelMap | undefined,
  resource: Resource,
  table = resource.table,
  policy?: CompiledPolicy,
): Promise<Plan> {
  const plan = await compiled(map, table);
  if (plan?.kind === resource.kind) return plan;
  const isShown = (name: string) =>
    policy === undefined || policy.unrestricted !== undefined || rulesFor(policy, name) !== undefined;
  const tables = (await plansOf(map, resource)).map((one) => one.table);
  throw new Answered(noSuchTable(tables.filter(isShown)));
}

/** The plans of all tables of a resource, its own table first. */
export async function plansOf(map: ModelMap | undefined, resource: Resource): Promise<Plan[]> {
  const { tables } = await load();
  const names = new Set([resource.table, ...tables, ...Object.keys(map?.tables ?? {})]);
  const all = await Promise.all([...names].map((table) => compiled(map, table)));
  return all.filter((plan): plan is Plan => plan?.kind === resource.kind);
}

/** Undefined for a table that neither the model nor the map knows. @throws Answered for a map that an earlier worker accepted */
async function compiled(map: ModelMap | undefined, table: string): Promise<Plan | undefined> {
  const model = await load();
  // No name that a caller makes up is compiled or remembered.
  const isNamed = model.tables.some((name) => name === table) || Object.hasOwn(map?.tables ?? {}, table);
  if (!isNamed) return undefined;
  const known = plans.get(map ?? NO_MAP) ?? new Map<string, Plan | Failure>();
  plans.set(map ?? NO_MAP, known);
  const held = known.get(table) ?? outcomeOf(model, table, map);
  known.set(table, held);
  if (held === "unusable") throw new Answered(unusableMap);
  return held === "unknown" ? undefined : held;
}

function outcomeOf(model: Model, table: string, map: ModelMap | undefined): Plan | Failure {
  try {
    return model.plan<string>(table, map);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return error.code === "model.map" ? "unusable" : "unknown";
  }
}
