/** The variables of an item as the instance describes them, by what they take as an answer. */
import type { CatalogRowSet, CatalogVariable, CatalogVariableKind } from "sysparm";

/** An object of a reply, not yet looked at. */
export type ApiObject = Readonly<Record<string, unknown>>;

/** Forms nest containers; a circle cannot come from JSON, and deeper than this no form is. */
const DEEPEST = 8;
/** The default of `max_rows` of a multi-row set. */
const MOST_ROWS = 50;

/** By the number in `type`, which is the same in all languages and releases ("Types of service catalog variables"). */
const KINDS: Readonly<Record<number, CatalogVariableKind>> = {
  1: "choice",
  2: "text",
  3: "choice",
  4: "choice",
  5: "choice",
  6: "text",
  7: "check-box",
  8: "reference",
  9: "date",
  10: "date-time",
  16: "text",
  18: "lookup",
  21: "references",
  22: "lookup",
  23: "text",
  25: "text",
  26: "email",
  27: "url",
  28: "ip-address",
  29: "text",
  31: "reference",
  33: "attachment",
};
/** Labels, breaks, containers and macros: they take no answer. */
const LAYOUT = new Set([0, 11, 12, 14, 15, 17, 19, 20, 24, 32]);

const REQUESTED_FOR = 31;
const YES_NO = 1;

/** The variables of an item, those of containers and single-row sets among them, and its multi-row sets. */
export function variablesOf(raw: unknown): { variables: CatalogVariable[]; rowSets: CatalogRowSet[] } {
  const variables: CatalogVariable[] = [];
  const rowSets: CatalogRowSet[] = [];
  const take = (list: unknown, depth: number, set?: string) => {
    if (depth > DEEPEST) return;
    for (const one of objects(list)) {
      if (textOf(one.friendly_type) === "sc_multi_row") {
        rowSets.push(rowSet(one));
        continue;
      }
      const variable = variableOf(one, set);
      if (variable) variables.push(variable);
      take(one.children, depth + 1, textOf(one.label) || set);
    }
  };
  take(raw, 0);
  return { variables, rowSets };
}

function rowSet(raw: ApiObject): CatalogRowSet {
  const most = Number(/(?:^|,)\s*max_rows=(\d{1,4})/.exec(textOf(raw.attributes))?.[1] ?? MOST_ROWS);
  return {
    id: textOf(raw.id),
    name: textOf(raw.name),
    label: textOf(raw.label),
    maxRows: most,
    variables: objects(raw.children).flatMap((one) => variableOf(one) ?? []),
  };
}

/** Undefined for what takes no answer. */
function variableOf(raw: ApiObject, set?: string): CatalogVariable | undefined {
  const number = Number(raw.type);
  if (LAYOUT.has(number)) return undefined;
  const kind = KINDS[number] ?? "text";
  const given = textOf(raw.value);
  const table = textOf(raw.reference) || (number === REQUESTED_FOR ? "sys_user" : "");
  const choices = kind === "choice" ? choicesOf(raw.choices, number) : [];
  return {
    id: textOf(raw.id),
    name: textOf(raw.name) || `IO:${textOf(raw.id)}`,
    label: textOf(raw.label),
    kind,
    type: textOf(raw.friendly_type),
    mandatory: raw.mandatory === true || raw.mandatory === "true",
    readOnly: raw.read_only === true || raw.read_only === "true",
    // A script runs on the form and not in an order.
    defaultValue: /^javascript:/i.test(given) ? "" : given,
    help: textOf(raw.help_text),
    maxLength: Number(raw.max_length) || 0,
    ...(choices.length > 0 && { choices }),
    ...(table !== "" && { table }),
    ...(set && { set }),
  };
}

function choicesOf(raw: unknown, number: number): { value: string; label: string }[] {
  const listed = objects(raw).map((one) => ({ value: textOf(one.value), label: textOf(one.label) }));
  if (listed.length > 0 || number !== YES_NO) return listed;
  return ["Yes", "No"].map((value) => ({ value, label: value }));
}

/** The objects of a list; nothing of anything else. */
export function objects(list: unknown): ApiObject[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "object" && one !== null) : [];
}

/** A text, number or truth value as text; empty for anything else. */
export function textOf(value: unknown): string {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}
