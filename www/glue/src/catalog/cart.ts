/** The cart of a user: read, changed, emptied. */
import type { CallOptions, CatalogCart, CatalogItem, CatalogLine, CatalogLineChange, CatalogOrder } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import { storedId } from "./answer.js";
import { API, idPart, one } from "./browse.js";
import { checkedValues, itemOf } from "./checked.js";
import { type ApiObject, objects, textOf } from "./variables.js";

/** More lines than a person orders. */
const MOST_LINES = 1000;

/** Reads the cart. */
export async function readCart(context: CallContext, options: CallOptions = {}): Promise<CatalogCart> {
  return cartOf(await one(context, "/cart", options));
}

/** The cart of a reply. Lines are in one list, or in groups by how often their prices recur. */
export function cartOf(raw: ApiObject): CatalogCart {
  const groups = Object.values(raw).flatMap((group) => objects((Object(group) as ApiObject).items));
  const lines = [...objects(raw.items), ...groups].slice(0, MOST_LINES).map(lineOf);
  return { id: textOf(raw.cart_id), lines, subtotal: textOf(raw.subtotal ?? raw.subtotal_price), raw };
}

function lineOf(raw: ApiObject): CatalogLine {
  return {
    id: textOf(raw.cart_item_id ?? raw.sys_id),
    item: textOf(raw.catalog_item_id ?? raw.item_id),
    name: textOf(raw.item_name ?? raw.name),
    quantity: Number(textOf(raw.quantity)) || 0,
    price: textOf(raw.localized_price ?? raw.price),
  };
}

/** What an order and a line of the cart have in common. */
export async function orderBody(
  context: CallContext,
  item: CatalogItem,
  order: CatalogOrder,
): Promise<Record<string, unknown>> {
  const { variables = {}, quantity = 1, requestedFor, alsoRequestFor, check = true, signal } = order;
  const options = { quantity, requestedFor, signal };
  const values = check ? await checkedValues(context, item, variables, options) : variables;
  const more = alsoRequestFor?.map((user) => storedId(idPart(context, "alsoRequestFor", user))).join();
  return {
    sysparm_quantity: String(quantity),
    variables: values,
    ...(requestedFor !== undefined && { sysparm_requested_for: storedId(requestedFor) }),
    ...(more && { sysparm_also_request_for: more }),
  };
}

/** Adds an item. */
export async function addLine(
  context: CallContext,
  given: CatalogItem | string,
  order: CatalogOrder = {},
): Promise<CatalogCart> {
  const { correlation, recovery, quantity = 1, signal } = order;
  if (correlation !== undefined) {
    const why = "lines of the cart are compared as they are";
    throw context.invalid("options.correlation", `Unsupported option \`correlation\`: ${why}. Pass \`recovery\`.`);
  }
  const item = await itemOf(context, given, order);
  const body = await orderBody(context, item, order);
  const path = `/items/${idPart(context, "item", item.id)}/add_to_cart`;
  const send = async () => cartOf(await post(context, path, body, signal));
  if (!recovery) return send();
  const { addOnce } = await import("../recovery/orders.js");
  const read = () => readCart(context, { signal });
  return addOnce(context, { item: item.id, quantity }, { recovery, signal }, send, read);
}

/** Changes a line. Without answers the instance keeps those of before, so they are not checked again. */
export async function changeLine(
  context: CallContext,
  line: string,
  { quantity, variables, signal }: CatalogLineChange,
): Promise<CatalogCart> {
  const path = `${API}/cart/${idPart(context, "line", line)}`;
  const body: Record<string, unknown> = { sysparm_quantity: String(quantity) };
  if (variables === undefined) {
    body.sysparm_no_validation = "true";
  } else {
    const found = (await readCart(context, { signal })).lines.find(({ id }) => id === line);
    if (!found) throw context.invalid("record.not-found", "The cart has no such line. Read the cart again.", "record");
    const item = await itemOf(context, found.item, { signal });
    body.variables = await checkedValues(context, item, variables, { quantity, signal });
  }
  const init = { body: JSON.stringify(body) };
  const { result } = await context.send({ method: "PUT", path, expect: ExpectedBody.record, init, signal });
  return cartOf(Object(result) as ApiObject);
}

/** Removes a line. A repeated request is refused once the line is gone, which is what was wanted. */
export async function removeLine(context: CallContext, line: string, { signal }: CallOptions = {}): Promise<void> {
  const path = `${API}/cart/${idPart(context, "line", line)}`;
  await removed(context, path, signal, ({ lines }) => lines.every(({ id }) => id !== line));
}

/** Removes all lines, and the cart with them. */
export async function removeLines(
  context: CallContext,
  { cart, signal }: CallOptions & { cart?: string | undefined } = {},
): Promise<void> {
  const id = cart ?? (await readCart(context, { signal })).id;
  const path = `${API}/cart/${idPart(context, "cart", id)}/empty`;
  await removed(context, path, signal, ({ lines }) => cart === undefined && lines.length === 0);
}

/** Deletes, and after a failure looks whether it is done all the same. A refusal for want of rights says nothing of what is there. */
async function removed(
  context: CallContext,
  path: string,
  signal: AbortSignal | undefined,
  isDone: (cart: CatalogCart) => boolean,
): Promise<void> {
  try {
    await context.send({ method: "DELETE", path, expect: ExpectedBody.done, signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    if (Object(thrown).kind === "authorization") throw thrown;
    const now = await readCart(context, { signal }).catch(() => undefined);
    if (!now || !isDone(now)) throw thrown;
  }
}

/** Sends a body and returns the object of the reply. */
export async function post(
  { send }: CallContext,
  path: string,
  body: object | undefined,
  signal: AbortSignal | undefined,
): Promise<ApiObject> {
  const init = { body: JSON.stringify(body ?? {}) };
  const { result } = await send({ method: "POST", path: `${API}${path}`, expect: ExpectedBody.record, init, signal });
  return Object(result) as ApiObject;
}
