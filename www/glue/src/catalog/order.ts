/** Orders: of one item, of the cart, and of record producers. */
import type {
  CatalogCheckoutOptions,
  CatalogItem,
  CatalogOrder,
  CatalogOrdered,
  CatalogProduced,
  CatalogSubmission,
} from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { incomplete } from "../shared/rows.js";
import { idPart } from "./browse.js";
import { cartOf, orderBody, post } from "./cart.js";
import { checkedValues, itemOf } from "./checked.js";
import { type ApiObject, textOf } from "./variables.js";

/** Orders one item. */
export async function orderItem(
  context: CallContext,
  given: CatalogItem | string,
  wanted: CatalogOrder = {},
): Promise<CatalogOrdered> {
  const item = await itemOf(context, given, wanted);
  const body = await orderBody(context, item, wanted);
  return orderedOf(
    context,
    await post(context, `/items/${idPart(context, "item", item.id)}/order_now`, body, wanted.signal),
  );
}

/** Orders the cart, or shows it where the checkout has two steps. */
export async function checkOut(context: CallContext, { signal }: CatalogCheckoutOptions = {}): Promise<CatalogOrdered> {
  return orderedOf(context, await post(context, "/cart/checkout", undefined, signal));
}

/** Orders the cart. */
export async function orderCart(
  context: CallContext,
  { signal }: CatalogCheckoutOptions = {},
): Promise<CatalogOrdered> {
  return orderedOf(context, await post(context, "/cart/submit_order", undefined, signal));
}

/** Submits a record producer. */
export async function submitAnswers(
  context: CallContext,
  given: CatalogItem | string,
  { variables = {}, check = true, signal }: CatalogSubmission = {},
): Promise<CatalogProduced> {
  const item = await itemOf(context, given, { signal });
  const values = check ? await checkedValues(context, item, variables, { signal }) : variables;
  const path = `/items/${idPart(context, "item", item.id)}/submit_producer`;
  const raw = await post(context, path, { variables: values }, signal);
  const { table, sys_id: id, number } = raw;
  // `record` is the address of the record in the Table API.
  const [, named, record] = /table\/(\w+)\/(\w+)$/.exec(textOf(raw.record)) ?? [];
  const made = { table: textOf(table) || (named ?? ""), id: textOf(id) || (record ?? ""), number: textOf(number) };
  if (!made.table || !made.id) throw incomplete(context.invalid, "no record that was created");
  return made;
}

function orderedOf({ invalid }: CallContext, raw: ApiObject): CatalogOrdered {
  const id = textOf(raw.request_id) || textOf(raw.sys_id);
  if (id) return { placed: true, id, number: textOf(raw.request_number) || textOf(raw.number) };
  const cart = cartOf(raw);
  if (!cart.id) throw incomplete(invalid, "neither a request nor a cart");
  return { placed: false, cartId: cart.id, ...(cart.lines.length > 0 && { cart }) };
}
