/**
 * The plans of tenants' maps. Each is compiled at its first use and belongs to the map, so to one version of a tenant in one isolate: a tenant that
 * changes brings another map, and the plans of the former one go with it.
 */

import { load, ModelError, type ModelMap, type Plan } from "sysparm/model";
import { Answered } from "./answered.ts";
import { noSuchTable, unusableMap } from "./refusals.ts";
import type { Resource } from "./resources.ts";

const plans = new WeakMap<object, Map<string, Plan>>();

/** Stands for the map of tenants that have none: they share their plans. */
const NO_MAP = {};

/** The plan of a table of a resource. @throws Answered for a table that the resource does not have */
export async function planOf(map: ModelMap | undefined, resource: Resource, table = resource.table): Promise<Plan> {
  const plan = await compiled(map, table);
  if (plan?.kind === resource.kind) return plan;
  throw new Answered(noSuchTable((await plansOf(map, resource)).map((one) => one.table)));
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
  const known = plans.get(map ?? NO_MAP) ?? new Map<string, Plan>();
  plans.set(map ?? NO_MAP, known);
  const held = known.get(table);
  if (held) return held;
  try {
    const plan = model.plan<string>(table, map);
    known.set(table, plan);
    return plan;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    if (error.code === "model.map") throw new Answered(unusableMap);
    return undefined;
  }
}
