/** What a policy leaves of a table. Pure. */

import type { TableChoice, TableOperation } from "sysparm/openapi";
import type { Field, TableSchema } from "sysparm/schema";
import { type CompiledPolicy, type FieldRules, rulesFor } from "../policy/compile.ts";

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

/** What only the instance sets: AUTOMATIC_COLUMNS of the package. */
const AUTOMATIC = /^sys_(?:id|tags|mod_count|(?:created|updated)_(?:on|by))$/;

/** References to follow, and names: as `openApi()` takes them. */
const MOST_NAMES = 6;
const NAME = /^\w{1,100}$/;

/** The choice for a table that the policy allows. Fields that the instance does not have are left out, also behind a reference to one of `schemas`. */
export function choiceFor(
  policy: CompiledPolicy,
  schema: TableSchema,
  operations: readonly TableOperation[],
  schemas: readonly TableSchema[],
): TableChoice {
  const rules = policy.unrestricted ? undefined : rulesFor(policy, schema.table);
  if (rules === undefined) return { operations };
  const own = schema.tables[schema.table]?.fields ?? {};
  const named = ({ named }: FieldRules) => [...named].filter((name) => mayExist(name, schema, schemas));
  const plain = Object.keys(own).filter((name) => !/^(?:password2?|glide_encrypted)$/.test(own[name]?.type ?? ""));
  const covered = (which: FieldRules) =>
    which.all ? [...plain, ...named(which).filter((name) => name.includes("."))] : named(which);
  const { readable, conditions, writable, namesWritable } = rules;
  // What a policy's own list names is described, whatever the dictionary says of it.
  const isWritten = (name: string) =>
    (namesWritable && writable.named.has(name)) || (!AUTOMATIC.test(name) && own[name]?.readOnly !== true);
  // Without a choice, no list of all fields is repeated for each parameter.
  const choosesFields = !isEveryField(readable);
  return {
    operations,
    ...(choosesFields && { fields: covered(readable) }),
    ...((choosesFields || !isEveryField(conditions)) && { conditions: covered(conditions) }),
    writable: (writable.all ? plain : named(writable)).filter((name) => !name.includes(".") && isWritten(name)),
    ...(rules.maxRows !== undefined && { maxRows: rules.maxRows }),
    displayValues: rules.displayValues,
  };
}

const isEveryField = ({ all, named }: FieldRules) => all && ![...named].some((name) => name.includes("."));

/** False where a dictionary that was read whole lacks a name, and for what is no name. */
function mayExist(path: string, schema: TableSchema, schemas: readonly TableSchema[]): boolean {
  const names = path.split(".");
  if (names.length > MOST_NAMES || !names.every((name) => NAME.test(name))) return false;
  let current: TableSchema | undefined = schema;
  for (const name of names) {
    if (!current) return true;
    const fields: Readonly<Record<string, Field>> = current.tables[current.table]?.fields ?? {};
    if (!Object.hasOwn(fields, name)) return !current.complete;
    const target: string | undefined = fields[name]?.reference;
    current = schemas.find(({ table }) => table === target);
  }
  return true;
}
