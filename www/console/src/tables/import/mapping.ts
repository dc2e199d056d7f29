/** Which column of a file goes into which field. Pure. */
import type { Field } from "sysparm/schema";
import { unguarded } from "../csv";

/** The field of each column; empty for a column that is left out. */
export type Mapping = readonly string[];

type Fields = Readonly<Record<string, Field>>;

/** Fields that the instance sets by itself. `sys_id` can be the key of an update. */
const OF_THE_INSTANCE = /^sys_(created|updated|mod_count|class_name|domain|tags|id$)/;

/** By name or by label. Columns of display values (`dv_...`) and fields that the instance sets are left out. */
export function guessed(columns: readonly string[], fields: Fields): Mapping {
  const byLabel = new Map(Object.entries(fields).map(([name, { label }]) => [label?.trim().toLowerCase() ?? "", name]));
  const taken = new Set<string>();
  return columns.map((column) => {
    const exact = column.toLowerCase();
    const name = Object.hasOwn(fields, exact) ? exact : byLabel.get(exact);
    if (!name || OF_THE_INSTANCE.test(name) || fields[name]?.readOnly || taken.has(name)) return "";
    taken.add(name);
    return name;
  });
}

/** The column that probably identifies a record; empty where none does. */
export function guessedKey(columns: readonly string[], mapping: Mapping): string {
  if (columns.includes("sys_id")) return "sys_id";
  return ["number", "user_name", "correlation_id", "name"].find((field) => mapping.includes(field)) ?? "";
}

/** What keeps the mapping from being used; empty where nothing does. */
export function mappingProblem(mapping: Mapping): string {
  const used = mapping.filter((field) => field !== "");
  if (used.length === 0) return "No column goes into a field. Choose a field for one column at least.";
  const twice = used.find((field, index) => used.indexOf(field) !== index);
  return twice === undefined ? "" : `Two columns go into ${twice}. Leave one of them out.`;
}

/** What keeps records from being found by a field; empty where nothing does. */
export function keyProblem(key: string, mapping: Mapping, labels: boolean, fields: Fields): string {
  if (key === "" || key === "sys_id") return "";
  if (!mapping.includes(key)) return `Records are found by ${key}, and no column goes into it. Choose another field.`;
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
  const differs = field?.reference || field?.choices?.length || /date|time/.test(field?.type ?? "");
  return labels && differs ? `Records cannot be found by labels of ${key}. Choose another field.` : "";
}

/** The values of a row by field. Cells without a field are left out, and missing cells are empty. */
export function valuesOf(row: readonly string[], mapping: Mapping): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [place, field] of mapping.entries()) if (field !== "") values[field] = unguarded(row[place] ?? "");
  return values;
}
