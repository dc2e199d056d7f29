/** Checks answers to the variables of an item, without requests: what has to be looked up is returned with where it stands. */
import type { CatalogItem, CatalogRowSet, CatalogVariable, CatalogVariables, VariableProblem } from "sysparm";
import { SYS_ID } from "../shared/keys.js";
import { nearest } from "../shared/nearest.js";
import { checkAnswer } from "./answer.js";

/** Where an answer stands. */
export type AnswerPlace = Pick<VariableProblem, "variable" | "label" | "set" | "row">;

/** A key that a variable refers to. */
export interface WantedKey {
  table: string;
  key: string;
  place: AnswerPlace;
}

export interface CheckedAnswers {
  problems: VariableProblem[];
  values: Record<string, string>;
  wanted: WantedKey[];
}

/** Problems that are reported; one more would not be read. */
const MOST_PROBLEMS = 100;
const MOST_QUANTITY = 10_000;

/** Checks answers, quantity and user. */
export function checkGiven(
  item: Pick<CatalogItem, "name" | "variables" | "rowSets" | "hasQuantity">,
  given: CatalogVariables,
  { quantity = 1, requestedFor }: { quantity?: unknown; requestedFor?: unknown },
): CheckedAnswers {
  const checked: CheckedAnswers = { problems: [], values: {}, wanted: [] };
  const values: [string, string][] = [];
  checkQuantity(item, quantity, checked);
  checkUser(requestedFor, checked);
  const known = item.variables.flatMap(({ name, id }) => [name, `IO:${id}`]);
  const names = new Set([...known, ...item.rowSets.map(({ name }) => name)]);
  const others = Object.keys(given).filter((name) => !names.has(name));
  for (const name of others.slice(0, MOST_PROBLEMS)) report(checked, unknown(item, name));
  for (const variable of item.variables) {
    const text = checkOne(variable, answerTo(variable, given), {}, checked);
    if (text !== undefined) values.push([variable.name, text]);
  }
  for (const set of item.rowSets) {
    const text = checkRows(set, ownValue(given, set.name), checked);
    if (text !== undefined) values.push([set.name, text]);
  }
  // Not by assignment: a variable may have any name, that of the prototype too.
  return { ...checked, values: Object.fromEntries(values) };
}

function answerTo({ name, id }: CatalogVariable, given: Readonly<Record<string, unknown>>): unknown {
  const answer = ownValue(given, name);
  return answer === undefined ? ownValue(given, `IO:${id}`) : answer;
}

function ownValue(given: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}

/** The text to send; undefined where none is given. */
function checkOne(
  variable: CatalogVariable,
  given: unknown,
  row: { set?: string; row?: number },
  checked: CheckedAnswers,
): string | undefined {
  const { name, label, mandatory, table = "" } = variable;
  const place: AnswerPlace = { variable: name, label, ...row };
  const isGiven =
    given !== undefined && given !== null && given !== "" && !(Array.isArray(given) && given.length === 0);
  // An order checks what is sent, not what the form would show.
  const value = isGiven || !mandatory ? given : variable.defaultValue;
  const answer = checkAnswer(variable, value);
  if ("problem" in answer) {
    report(checked, problemAt(place, answer.problem, answer.why, answer.step));
    return undefined;
  }
  if (mandatory && answer.text === "") {
    report(checked, problemAt(place, "missing", "is required and has no answer", `Pass ${expected(variable)}`));
    return undefined;
  }
  if (mandatory && variable.kind === "check-box" && answer.text === "false") {
    report(checked, problemAt(place, "missing", "is required and is not checked", "Pass true"));
    return undefined;
  }
  for (const key of answer.keys) checked.wanted.push({ table, key, place });
  // An empty answer is sent too: without it the instance stores the default.
  return given !== undefined || value ? answer.text : undefined;
}

function expected({ kind, choices, table }: CatalogVariable): string {
  if (choices)
    return `one of: ${choices
      .flatMap(({ value }) => value || [])
      .slice(0, 10)
      .join(", ")}`;
  if (table) return `the sys_id of a record of ${table}`;
  return kind === "check-box" ? "true" : "a value";
}

/** Rows are sent as the text of a JSON array (KB0760304). */
function checkRows(set: CatalogRowSet, given: unknown, checked: CheckedAnswers): string | undefined {
  if (given === undefined || given === null || given === "") return undefined;
  const rows = listOf(given);
  const place: AnswerPlace = { variable: set.name, label: set.label };
  if (!rows) {
    report(checked, problemAt(place, "rows", "is no list of rows", "Pass a list of objects, one for each row"));
    return undefined;
  }
  if (rows.length > set.maxRows) {
    report(checked, problemAt(place, "rows", `has ${rows.length} rows`, `Pass at most ${set.maxRows}`));
    return undefined;
  }
  const names = set.variables.map(({ name }) => name);
  const sent = rows.map((answers, row) => {
    const at = { set: set.name, row };
    const others = Object.keys(answers).filter((name) => !names.includes(name));
    for (const name of others.slice(0, MOST_PROBLEMS)) {
      const step = nearestStep(name, names);
      report(checked, problemAt({ variable: name, label: "", ...at }, "unknown", "is no variable of the set", step));
    }
    const pairs = set.variables.map((one) => [one.name, checkOne(one, ownValue(answers, one.name), at, checked)]);
    return Object.fromEntries(pairs.filter(([, text]) => text !== undefined));
  });
  return JSON.stringify(sent);
}

function listOf(given: unknown): Readonly<Record<string, unknown>>[] | undefined {
  let list = given;
  try {
    if (typeof given === "string") list = JSON.parse(given);
  } catch {
    return undefined;
  }
  const isRow = (row: unknown) => typeof row === "object" && row !== null && !Array.isArray(row);
  return Array.isArray(list) && list.every(isRow) ? list : undefined;
}

function checkQuantity(
  item: Pick<CatalogItem, "name" | "hasQuantity">,
  quantity: unknown,
  checked: CheckedAnswers,
): void {
  const place: AnswerPlace = { variable: "quantity", label: "Quantity" };
  const isNumber = Number.isInteger(quantity) && (quantity as number) >= 1 && (quantity as number) <= MOST_QUANTITY;
  if (!isNumber) {
    const step = `Pass a whole number from 1 to ${MOST_QUANTITY}`;
    report(checked, problemAt(place, "quantity", `is ${String(quantity)}`, step));
  } else if (quantity !== 1 && !item.hasQuantity) {
    report(checked, problemAt(place, "quantity", `is ${quantity}, and ${item.name} has none`, "Leave it out"));
  }
}

function checkUser(requestedFor: unknown, checked: CheckedAnswers): void {
  if (requestedFor === undefined || requestedFor === null) return;
  const place: AnswerPlace = { variable: "requestedFor", label: "Requested for" };
  if (typeof requestedFor === "string" && SYS_ID.test(requestedFor)) {
    checked.wanted.push({ table: "sys_user", key: requestedFor, place });
  } else {
    report(checked, problemAt(place, "reference", "is no sys_id", "Pass the sys_id of a record of sys_user"));
  }
}

function unknown(item: Pick<CatalogItem, "name" | "variables" | "rowSets">, name: string): VariableProblem {
  const place = { variable: name, label: "" };
  const names = [...item.variables, ...item.rowSets].map((one) => one.name);
  const labelled = [...item.variables, ...item.rowSets].find(({ label }) => label.toLowerCase() === name.toLowerCase());
  const step = labelled ? `Pass it as ${labelled.name}` : nearestStep(name, names);
  return problemAt(place, "unknown", `is no variable of ${item.name}`, step);
}

function nearestStep(name: string, names: readonly string[]): string {
  const [first] = nearest(name, names);
  if (first !== undefined) return `Did you mean ${first}?`;
  return names.length > 0 ? `Pass one of: ${names.slice(0, 10).join(", ")}` : "Leave it out";
}

/** "Cores (cores) is 9. Pass ...": label and name, the reason, what to do. */
export function problemAt(
  place: AnswerPlace,
  problem: VariableProblem["problem"],
  why: string,
  step: string,
): VariableProblem {
  const { variable, label, set, row } = place;
  const name = label && label !== variable ? `${label} (${variable})` : variable;
  const where = set === undefined ? "" : ` in row ${(row ?? 0) + 1} of ${set}`;
  return { ...place, problem, message: `${name}${where} ${why}. ${step}${step.endsWith("?") ? "" : "."}` };
}

export function report(checked: CheckedAnswers, problem: VariableProblem): void {
  if (checked.problems.length < MOST_PROBLEMS) checked.problems.push(problem);
}
