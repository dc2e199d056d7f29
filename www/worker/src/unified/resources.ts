/** The resources of the unified endpoints: one for each kind of the model, under a plural name. */

import type { AnyUnified } from "sysparm/model";

/** A kind of the model's objects. */
export type ResourceKind = AnyUnified["kind"];

/** A resource. */
export interface Resource {
  /** Its segment of the path. */
  readonly name: string;
  readonly kind: ResourceKind;
  /** Which table is read unless the caller names one. */
  readonly table: string;
}

const TABLES: Readonly<Record<ResourceKind, readonly [name: string, table: string]>> = {
  ticket: ["tickets", "incident"],
  comment: ["comments", "sys_journal_field"],
  attachment: ["attachments", "sys_attachment"],
  user: ["users", "sys_user"],
  employee: ["employees", "sn_hr_core_profile"],
  group: ["groups", "sys_user_group"],
  department: ["departments", "cmn_department"],
  location: ["locations", "cmn_location"],
  company: ["companies", "core_company"],
  configuration_item: ["configuration-items", "cmdb_ci"],
  relation: ["relations", "cmdb_rel_ci"],
};

/** All of them. */
export const RESOURCES: readonly Resource[] = (Object.keys(TABLES) as ResourceKind[]).map(resourceOfKind);

/** The resource of a kind: each has one. */
export function resourceOfKind(kind: ResourceKind): Resource {
  const [name, table] = TABLES[kind];
  return { name, kind, table };
}

/** The resource with this name. */
export function resourceOf(name: string): Resource | undefined {
  return RESOURCES.find((resource) => resource.name === name);
}
