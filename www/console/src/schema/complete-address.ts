/** Completes the path of a request: the address of an API, and the name of a table in it. */
import type { Completion } from "../kit/suggestion";
import { completed, nothing } from "./completion";
import type { Known, TableName } from "./known";

/** Paths with the name of a table, up to that name. */
const WITH_TABLE = /\/api\/now\/(?:v\d+\/)?(table|stats|import|cmdb\/instance|cmdb\/meta)\/([\w.]*)$/;
const NAMED = /\/api\/now\/(?:v\d+\/)?(?:table|stats|import|cmdb\/instance|cmdb\/meta)\/(\w+)/;

/** The table that a path names; empty for none. Attachments are rows of their own table. */
export function tableOf(address: string): string {
  const [path = ""] = address.split("?");
  const named = NAMED.exec(path)?.[1];
  if (named !== undefined) return named;
  return /\/api\/now\/(?:v\d+\/)?attachment\/?$/.test(path) ? "sys_attachment" : "";
}

/** The path of each API, up to what the person has to fill in. `note` is what the API is for. */
type ApiPath = { path: string; note: string };

export function completeAddress(
  text: string,
  caret: number,
  known: Known,
  paths: readonly ApiPath[],
): Completion | null {
  const before = text.slice(0, caret);
  if (before.includes("?")) return null;
  const found = WITH_TABLE.exec(before);
  if (found) {
    const [, api = "", typed = ""] = found;
    const from = caret - typed.length;
    const to = caret + (/^\w*/.exec(text.slice(caret))?.[0].length ?? 0);
    return completeTable(typed, from, to, known, api);
  }
  if (!before.startsWith("/")) return null;
  const options = paths
    .filter(({ path }) => path.startsWith(before) && path !== before)
    .map(({ path, note }) => ({ value: path, note, continues: path.endsWith("/") }));
  return options.length === 0 ? null : completed(0, text.length, before, options, "paths of the catalogue");
}

export function completeTable(typed: string, from: number, to: number, known: Known, api = "table"): Completion | null {
  const tables = known.tables();
  if (tables.phase === "reading") return nothing(from, "Reading the list of tables…");
  if (tables.phase === "failed") return nothing(from, tables.why);
  const fitting = fittingTables(tables.data, api);
  const options = fitting.map(({ name, label }) => ({ value: name, note: label }));
  return completed(from, to, typed, options, "tables", tables.note);
}

/** Staging tables for the Import Set API, classes for the CMDB, all tables for the others and where inheritance is hidden. */
function fittingTables(tables: readonly TableName[], api: string): readonly TableName[] {
  const root = api === "import" ? "sys_import_set_row" : api.startsWith("cmdb") ? "cmdb_ci" : "";
  if (root === "") return tables;
  const parents = new Map(tables.map((table) => [table.name, table.extends]));
  const fits = ({ name }: TableName): boolean => {
    let at = name;
    for (let depth = 0; depth < 20 && at !== ""; depth += 1) {
      if (at === root) return true;
      at = parents.get(at) ?? "";
    }
    return false;
  };
  const found = tables.filter((table) => fits(table) && (api !== "import" || table.name !== root));
  return found.length > 0 ? found : tables;
}
