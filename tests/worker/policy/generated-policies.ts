/** Random policies. */

import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import type { Choices } from "./choices.ts";

/** Tables of policies and requests. */
export const TABLES = ["incident", "problem", "sys_user", "u_orders", "u_orders_secret"] as const;

/** Fields of policies and requests; `order` begins like an operator. */
export const FIELDS = [
  "number",
  "state",
  "order",
  "caller_id",
  "sys_id",
  "u_secret",
  "caller_id.email",
  "caller_id.manager.name",
] as const;

/** Methods of policies and requests. */
export const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"] as const;

function atLeastOne<T>(choices: Choices, values: readonly T[]): T[] {
  const some = choices.some(values);
  return some.length === 0 ? [choices.of(values)] : some;
}

const readable = (choices: Choices) => (choices.oneIn(2) ? ["*"] : []).concat(atLeastOne(choices, FIELDS));

/** Members that are there one time in two. */
function perhaps(choices: Choices, members: Record<string, () => unknown>): Record<string, unknown> {
  const kept = Object.entries(members).filter(() => choices.oneIn(2));
  return Object.fromEntries(kept.map(([name, make]) => [name, make()]));
}

/** A policy. */
export function policyBy(choices: Choices): Policy {
  const table = () =>
    perhaps(choices, {
      methods: () => (choices.oneIn(2) ? [...METHODS] : atLeastOne(choices, METHODS)),
      fields: () => readable(choices),
      conditions: () => choices.some(["*", ...FIELDS]),
      writable: () => choices.some(["*", ...FIELDS]),
      displayValues: () => choices.oneIn(2),
      textSearch: () => choices.oneIn(2),
      views: () => ["ess"],
      aggregate: () => true,
      attachments: () => atLeastOne(choices, METHODS),
      maxRows: () => 1 + choices.below(20),
    });
  const importSet = () =>
    perhaps(choices, {
      writable: () => choices.some(FIELDS),
      methods: () => atLeastOne(choices, METHODS),
    });
  const names = atLeastOne(choices, [...TABLES, "u_*", "u_orders_*"]);
  return {
    ...perhaps(choices, {
      batch: () => true,
      attachments: () => atLeastOne(choices, METHODS),
      importSets: () => ({ imp_user: importSet() }),
      graphql: () => true,
      paths: () => ({
        "/api/x_acme/orders": atLeastOne(choices, METHODS),
        ...(choices.oneIn(2) && { "/api/x_acme/orders/admin": atLeastOne(choices, METHODS) }),
      }),
      maxRows: () => 1 + choices.below(20),
    }),
    ...(!choices.oneIn(9) && { tables: Object.fromEntries(names.map((name) => [name, table()])) }),
  } as Policy;
}

/** The names that a request is made of. */
export interface Names {
  readonly tables: readonly string[];
  readonly fields: readonly string[];
}

/** All names, or one table of the policy and fields that it may read and compare, so that many requests pass. */
export function namesBy(choices: Choices, policy: Policy): Names {
  const [name, table] = choices.of(Object.entries(policy.tables ?? { incident: {} }));
  if (choices.oneIn(4)) return { tables: TABLES, fields: FIELDS };
  const named = (fields: readonly string[] | undefined) =>
    FIELDS.filter((field) => !fields || fields.includes(field) || (fields.includes("*") && !field.includes(".")));
  const fields = named(table.fields).filter((field) => named(table.conditions ?? table.fields).includes(field));
  return { tables: [name.replace("*", "x")], fields: fields.length === 0 ? named(table.fields) : fields };
}
