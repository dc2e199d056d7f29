/** Whether what a request touches is allowed, read from the policy as it is written. It shares no code with the policy engine. */

import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import type { Touched } from "./lenient-server.ts";

type TablePolicy = NonNullable<Policy["tables"]>[string];

/** What a policy does not allow of what was touched, in words; empty when all of it is allowed. */
export function excessOf(policy: Policy, touched: Touched): string[] {
  if (policy.unrestricted)
    return (policy.unrestricted as string[]).includes(touched.method) ? [] : [`method ${touched.method}`];
  switch (touched.api) {
    case "table":
    case "stats":
      return ofTable(policy, touched);
    case "attachment":
      return ofAttachment(policy, touched);
    case "import":
      return ofImport(policy, touched);
    case "graphql":
      return policy.graphql ? [] : ["graphql"];
    default:
      return ofPath(policy, touched);
  }
}

/** The longest path counts. */
function ofPath({ paths = {} }: Policy, { api, method }: Touched): string[] {
  const [path = ""] = Object.keys(paths)
    .filter((one) => `${api}/`.startsWith(`${one}/`))
    .sort((one, other) => other.length - one.length);
  return (paths[path] as string[] | undefined)?.includes(method) ? [] : [`${method} of path ${api}`];
}

/** The policy of a table: by its name, else by the longest beginning. */
function tableOf(policy: Policy, name: string): TablePolicy | undefined {
  const tables = policy.tables ?? {};
  if (Object.hasOwn(tables, name)) return tables[name];
  const beginnings = Object.keys(tables).filter((key) => key.endsWith("*") && name.startsWith(key.slice(0, -1)));
  const longest = beginnings.sort((one, other) => other.length - one.length)[0];
  return longest === undefined ? undefined : tables[longest];
}

function isNamed(fields: readonly string[], field: string): boolean {
  return (
    fields.includes(field) ||
    (field !== "*" && !field.includes(".") && fields.includes("*")) ||
    (field === "*" && fields.includes("*"))
  );
}

function ofTable(policy: Policy, touched: Touched): string[] {
  const table = tableOf(policy, touched.table);
  if (table === undefined) return [`table ${touched.table}`];
  const excess = [...touched.strange];
  const fields = table.fields ?? ["*"];
  const conditions = table.conditions ?? fields;
  // A record that is deleted keeps nothing of what the body says.
  const writable =
    touched.method === "DELETE" ? ["*"] : (table.writable ?? fields.filter((field) => !field.includes(".")));
  if (touched.api === "stats" && !table.aggregate) excess.push("aggregate");
  if (touched.api === "table" && !((table.methods ?? ["GET"]) as string[]).includes(touched.method))
    excess.push(`method ${touched.method}`);
  for (const field of touched.reads) if (!isNamed(fields, field)) excess.push(`reads ${field}`);
  for (const field of touched.compares) if (!isNamed(conditions, field)) excess.push(`compares ${field}`);
  if (!writable.includes("*"))
    for (const field of touched.writes) if (!writable.includes(field)) excess.push(`writes ${field}`);
  if (touched.displayValues && !table.displayValues) excess.push("display values");
  if (touched.textSearch && !table.textSearch) excess.push("text search");
  for (const view of touched.views) if (!table.views?.includes(view)) excess.push(`view ${view}`);
  return [...excess, ...rowsOver(touched, table.maxRows ?? policy.maxRows)];
}

/** Only lists have rows to cap. */
function rowsOver(touched: Touched, most: number | undefined): string[] {
  const isList = touched.api === "table" && touched.method === "GET" && !touched.record;
  return isList && most !== undefined && (touched.rows ?? Number.POSITIVE_INFINITY) > most
    ? [`rows ${touched.rows}`]
    : [];
}

function ofAttachment(policy: Policy, touched: Touched): string[] {
  if (((policy.attachments ?? []) as string[]).includes(touched.method))
    return [...touched.strange].concat(touched.textSearch ? ["text search"] : []);
  if (touched.table === "file" && touched.method === "POST") {
    const tables = [...touched.compares]
      .filter((name) => name.startsWith("table_name="))
      .map((name) => name.slice("table_name=".length));
    const isFine =
      tables.length > 0 &&
      tables.every((name) => (tableOf(policy, name)?.attachments as string[] | undefined)?.includes("POST"));
    return isFine ? [] : [`file of ${tables.join()}`];
  }
  if (touched.table !== "" || touched.method !== "GET") return ["file of an unknown table"];
  const others = [...touched.filesOf].filter(
    (name) => !(tableOf(policy, name)?.attachments as string[] | undefined)?.includes("GET"),
  );
  return [...touched.strange, ...others.map((name) => `files of ${name}`)];
}

function ofImport(policy: Policy, touched: Touched): string[] {
  const staging = Object.hasOwn(policy.importSets ?? {}, touched.table)
    ? policy.importSets?.[touched.table]
    : undefined;
  if (staging === undefined) return [`staging table ${touched.table}`];
  const excess = ((staging.methods ?? ["POST"]) as string[]).includes(touched.method)
    ? []
    : [`method ${touched.method}`];
  const writable = staging.writable ?? ["*"];
  if (!writable.includes("*"))
    for (const field of touched.writes) if (!writable.includes(field)) excess.push(`writes ${field}`);
  return excess;
}
