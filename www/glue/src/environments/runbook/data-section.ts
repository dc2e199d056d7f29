/** What is connected, and which tables and fields are used. */
import type {
  AccessRule,
  Inventory,
  RunbookBlock,
  RunbookGiven,
  RunbookSection,
  TableOperation,
} from "sysparm/environments";
import { factInWords, factTable, TO_FILL_IN } from "./facts.js";

export function connectionSection(inventory: Inventory, { system, purpose, traffic }: RunbookGiven): RunbookSection {
  const { name, url, release } = inventory;
  const apis = traffic?.apis
    .filter(({ calls }) => calls > 0)
    .map(({ api, methods }) => `${api} (${[...methods].sort().join(", ")})`);
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

/** Rules of one name are alternatives, and those that deny are asked for besides. */
function rolesOf({ accessRules, tables }: Inventory, table: string): string {
  // Rules are read for the tables of the inventory alone.
  const fact = Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (accessRules.status === "unreadable" || fact?.status !== "read") return "not read";
  const own = accessRules.value.filter(({ name, operation }) => name === table && operation === "read");
  if (own.length === 0) return accessRules.incomplete ? "not read" : "no rule of its own";
  const denying = own.filter(({ decision }) => decision === "deny");
  const allowing = own.filter(({ decision }) => decision !== "deny");
  const shown = [...new Set(allowing.map(askedFor))].sort().join("; or ");
  const besides = [...new Set(denying.map(askedFor))].sort().map((one) => `always ${one}`);
  return (
    [shown, ...besides].filter((one) => one).join("; ") + (accessRules.incomplete ? " (not all rules were read)" : "")
  );
}

function askedFor({ roles, conditional }: AccessRule): string {
  const named = roles === undefined ? "roles not read" : roles.join(" or ") || "no role";
  if (conditional) return `${named}, with a condition or script`;
  return conditional === undefined ? `${named}, and a condition or script that was not read` : named;
}
