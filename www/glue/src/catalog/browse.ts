/** Lists of catalogs, categories and items, and one item with its variables. */
import type {
  CallOptions,
  CatalogCategory,
  CatalogInfo,
  CatalogItem,
  CatalogItemInfo,
  CatalogItemPage,
  CatalogItemsOptions,
  CatalogPageOptions,
} from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import { KEY } from "../shared/keys.js";
import { type ApiObject, objects, textOf, variablesOf } from "./variables.js";

export const API = "/api/sn_sc/servicecatalog";
const PAGE = 100;

/** The objects of a list. */
async function listed(
  { send }: CallContext,
  path: string,
  { limit = PAGE, offset = 0, signal }: CatalogPageOptions,
  more: Readonly<Record<string, string | undefined>>,
): Promise<ApiObject[]> {
  const given = Object.entries(more).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const all = [["sysparm_limit", String(limit)], ["sysparm_offset", String(offset)], ...given];
  const query = all.map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`).join("&");
  const { result } = await send({ method: "GET", path: `${API}${path}?${query}`, expect: ExpectedBody.rows, signal });
  return objects(result);
}

/** The object that a path holds. */
export async function one({ send }: CallContext, path: string, { signal }: CallOptions): Promise<ApiObject> {
  const { result } = await send({ method: "GET", path: `${API}${path}`, expect: ExpectedBody.record, signal });
  return Object(result) as ApiObject;
}

/** The part of a path that a sys_id is. */
export function idPart({ invalid }: Pick<CallContext, "invalid">, name: string, id: unknown): string {
  if (typeof id === "string" && KEY.test(id)) return id;
  throw invalid("options.type", `Invalid argument \`${name}\`. Pass a sys_id.`);
}

/** Lists catalogs. */
export async function listCatalogs(
  context: CallContext,
  options: CatalogPageOptions & { text?: string | undefined } = {},
): Promise<CatalogInfo[]> {
  const rows = await listed(context, "/catalogs", options, { sysparm_text: options.text });
  return rows.map((raw) => ({
    ...titled(raw),
    description: textOf(raw.description),
    hasItems: raw.has_items === true,
    hasCategories: raw.has_categories === true,
  }));
}

/** Lists the categories of a catalog. */
export async function listCategories(
  context: CallContext,
  catalog: string,
  options: CatalogPageOptions & { topLevelOnly?: boolean | undefined } = {},
): Promise<CatalogCategory[]> {
  const path = `/catalogs/${idPart(context, "catalog", catalog)}/categories`;
  const top = options.topLevelOnly ? "true" : undefined;
  const rows = await listed(context, path, options, { sysparm_top_level_only: top });
  return rows.map((raw) => ({
    ...titled(raw),
    description: textOf(raw.description),
    count: typeof raw.count === "number" ? raw.count : null,
    subcategories: objects(raw.subcategories).map(titled),
  }));
}

/** Lists one page of items. */
export async function listItems(context: CallContext, options: CatalogItemsOptions = {}): Promise<CatalogItemPage> {
  const { text, catalog, category, type, limit = PAGE, offset = 0 } = options;
  const rows = await listed(context, "/items", options, {
    sysparm_text: text,
    sysparm_catalog: catalog,
    sysparm_category: category,
    sysparm_type: type,
  });
  return { items: rows.map(itemInfo), next: rows.length > 0 ? offset + limit : null };
}

/** Reads an item with its variables. */
export async function readItem(context: CallContext, id: string, options: CallOptions = {}): Promise<CatalogItem> {
  const raw = await one(context, `/items/${idPart(context, "item", id)}`, options);
  return { ...itemInfo(raw), ...variablesOf(raw.variables) };
}

function itemInfo(raw: ApiObject): CatalogItemInfo {
  const shown = (name: string, value: unknown) => (textOf(value) === "" ? {} : { [name]: textOf(value) });
  return {
    id: textOf(raw.sys_id),
    name: textOf(raw.name),
    shortDescription: textOf(raw.short_description),
    type: textOf(raw.type),
    category: textOf((Object(raw.category) as ApiObject).title),
    catalogs: objects(raw.catalogs).map(titled),
    ...shown("price", raw.localized_price ?? raw.price),
    ...shown("recurringPrice", raw.localized_recurring_price ?? raw.recurring_price),
    ...shown("recurringFrequency", raw.recurring_frequency),
    hasQuantity: raw.show_quantity !== false,
    needsAttachment: raw.mandatory_attachment === true,
    raw,
  };
}

function titled(raw: ApiObject): { id: string; title: string } {
  return { id: textOf(raw.sys_id), title: textOf(raw.title) };
}
