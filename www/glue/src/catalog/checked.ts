/** The check before an order: answers against the item's variables, then the keys that they refer to. */
import type { CallOptions, CatalogItem, CatalogVariables, VariableCheck, VariableCheckOptions } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { readItem } from "./browse.js";
import { checkGiven } from "./check.js";
import { lookUpKeys } from "./references.js";

/** The item itself, or read by its sys_id. */
export async function itemOf(
  context: CallContext,
  item: CatalogItem | string,
  { signal }: CallOptions,
): Promise<CatalogItem> {
  if (typeof item === "string") return readItem(context, item, { signal });
  const { id, variables, rowSets } = Object(item) as Partial<CatalogItem>;
  if (typeof id === "string" && Array.isArray(variables) && Array.isArray(rowSets)) return item;
  throw context.invalid("options.type", "Invalid argument `item`. Pass its sys_id, or what item() returns.");
}

/** Checks answers, and looks up their keys unless `references` is false. */
export async function checkAnswers(
  context: CallContext,
  item: CatalogItem | string,
  variables: CatalogVariables = {},
  options: VariableCheckOptions = {},
): Promise<VariableCheck> {
  checkShape(context, variables);
  const { references = true, signal } = options;
  const checked = checkGiven(await itemOf(context, item, options), variables, options);
  const unchecked = references ? await lookUpKeys(context, checked, signal) : [];
  const { problems, values } = checked;
  return { ok: problems.length === 0, problems, values, unchecked };
}

/** The answers as they are sent. @throws RequestError with `problems` */
export async function checkedValues(
  context: CallContext,
  item: CatalogItem,
  variables: CatalogVariables,
  options: VariableCheckOptions,
): Promise<Record<string, string>> {
  const { problems, values } = await checkAnswers(context, item, variables, options);
  const [first] = problems;
  if (!first) return values;
  const title = problems.length === 1 ? "an answer is" : `${problems.length} answers are`;
  const message = `Nothing was sent, because ${title} refused. ${first.message}`;
  throw Object.assign(context.invalid("catalog.variables-refused", message), { problems });
}

function checkShape({ invalid }: CallContext, variables: unknown): void {
  if (typeof variables === "object" && variables !== null && !Array.isArray(variables)) return;
  throw invalid("options.type", "Invalid argument `variables`. Pass an object of answers by name of the variable.");
}
