/** What is connected, and which tables and fields are used. */
import type { Inventory, RunbookBlock, RunbookGiven, RunbookSection, TableOperation } from "sysparm/environments";
import { factInWords, factTable, TO_FILL_IN } from "./facts.js";

export function connectionSection(inventory: Inventory, { system, purpose, traffic }: RunbookGiven): RunbookSection {
  const { name, url, release } = inventory;
  const apis = traffic?.apis
    .filter(({ calls }) => calls > 0)
    .map(({ api, methods }) => `${api} (${methods.sort().join(", ")})`);
  const lines = factTable([
    ["System", system ?? TO_FILL_IN],
    ["Purpose", purpose ?? TO_FILL_IN],
    ["Environment", name],
    ["Instance", url],
    ["Release", factInWords(release, ({ family, build }) => [family, build].filter((one) => one).join(", "))],
    ["APIs", apis?.join(", ")],
  ]);
  return { title: "What connects to what", blocks: [lines] };
}

const MOST_FIELDS = 40;

export function tableSection(inventory: Inventory, { traffic }: RunbookGiven): RunbookSection {
  const names = new Set([...Object.keys(inventory.tables), ...(traffic?.tables ?? []).map(({ table }) => table)]);
  const rows = [...names].sort().map((table) => {
    const used = traffic?.tables.find((one) => one.table === table);
    const operations = Object.entries(used?.operations ?? {}).filter(([, { calls }]) => calls > 0);
    return [
      table,
      traffic
        ? operations
            .map(([operation]) => operation as TableOperation)
            .sort()
            .join(", ") || "none"
        : "not recorded",
      fieldsOfTable(inventory, table, used?.fields.all === true),
      rolesOf(inventory, table),
    ];
  });
  const blocks: RunbookBlock[] =
    rows.length > 0
      ? [{ kind: "table", head: ["Table", "Operations", "Fields", "Roles that may read it"], rows }]
      : [{ kind: "text", text: "No table was named when the facts were read, and no calls were recorded." }];
  return { title: "Tables and fields", blocks };
}

function fieldsOfTable({ tables }: Inventory, table: string, all: boolean): string {
  const fact = Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (!fact) return "not read";
  return factInWords(fact, ({ fields }) => {
    if (all) return "all";
    const named = Object.entries(fields);
    const shown = named
      .slice(0, MOST_FIELDS)
      .map(([name, field]) => (field === null ? `${name} (not in the table)` : name));
    const rest = named.length - shown.length;
    return named.length === 0 ? "all" : shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  });
}

function rolesOf({ accessRules }: Inventory, table: string): string {
  if (accessRules.status === "unreadable") return "not read";
  const own = accessRules.value.filter(({ name, operation }) => name === table && operation === "read");
  if (own.length === 0) return "no rule of its own";
  if (own.some(({ roles }) => roles === undefined)) return "not read";
  const roles = [...new Set(own.flatMap((rule) => rule.roles ?? []))].sort();
  const rest = own.some(({ conditional }) => conditional === true) ? ", with a condition or script" : "";
  return (roles.join(", ") || "any") + rest;
}
