/** What a policy leaves of a table. Pure. */

import type { TableChoice, TableOperation } from "sysparm/openapi";
import type { TableSchema } from "sysparm/schema";
import { type CompiledPolicy, covers, type FieldRules, rulesFor } from "../policy/compile.ts";

const METHODS: readonly (readonly [TableOperation, string])[] = [
  ["list", "GET"],
  ["get", "GET"],
  ["create", "POST"],
  ["update", "PATCH"],
  ["delete", "DELETE"],
];

/** Operations that a policy allows, of those that are asked for. */
export function operationsOf(
  policy: CompiledPolicy,
  table: string,
  asked: readonly TableOperation[] | undefined,
): TableOperation[] {
  const methods = policy.unrestricted ?? rulesFor(policy, table)?.methods;
  return METHODS.filter(([operation, method]) => methods?.has(method) && (asked?.includes(operation) ?? true)).map(
    ([operation]) => operation,
  );
}

/** The choice for a table that the policy allows. Fields that the instance does not have are left out. */
export function choiceFor(
  policy: CompiledPolicy,
  schema: TableSchema,
  operations: readonly TableOperation[],
): TableChoice {
  const rules = policy.unrestricted ? undefined : rulesFor(policy, schema.table);
  if (rules === undefined) return { operations };
  const own = schema.tables[schema.table]?.fields ?? {};
  const isKnown = (name: string) => !schema.complete || Object.hasOwn(own, name.split(".", 1)[0] ?? "");
  const named = ({ named }: FieldRules) => [...named].filter(isKnown);
  const plain = Object.keys(own).filter((name) => !/^(?:password2?|glide_encrypted)$/.test(own[name]?.type ?? ""));
  const covered = (which: FieldRules) =>
    which.all ? [...plain, ...named(which).filter((name) => name.includes("."))] : named(which);
  const writable = (name: string) => own[name]?.readOnly !== true && covers(rules.writable, name);
  return {
    operations,
    fields: covered(rules.readable),
    conditions: covered(rules.conditions),
    // What a policy names is described, whatever the dictionary says of it.
    writable: rules.writable.all ? plain.filter(writable) : named(rules.writable).filter((name) => !name.includes(".")),
    ...(rules.maxRows !== undefined && { maxRows: rules.maxRows }),
    displayValues: rules.displayValues,
  };
}
