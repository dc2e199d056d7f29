/** Orders: of one item, of the cart, and of record producers. */
import type {
  CatalogCart,
  CatalogCheckoutOptions,
  CatalogItem,
  CatalogOrder,
  CatalogOrdered,
  CatalogProduced,
  CatalogProducerSubmission,
  CatalogVariables,
} from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import type { OrderKey } from "../recovery/order-key.js";
import type { FoundRequest } from "../recovery/order-lookup.js";
import type { OrderedLine } from "../recovery/order-match.js";
import { incomplete } from "../shared/rows.js";
import { idPart } from "./browse.js";
import { cartOf, orderBody, post, readCart } from "./cart.js";
import { checkedValues, itemOf } from "./checked.js";
import { type ApiObject, textOf } from "./variables.js";

/** What an order returns for a request that was looked up. */
const foundRequest = ({ id, number }: FoundRequest): CatalogOrdered => ({ placed: true, id, number, found: true });

/** Orders one item. */
export async function orderItem(
  context: CallContext,
  given: CatalogItem | string,
  wanted: CatalogOrder = {},
): Promise<CatalogOrdered> {
  const { correlation, recovery, signal } = wanted;
  const item = await itemOf(context, given, wanted);
  if (wanted.check !== false) refuseType(context, item, item.type === "record_producer", "submitProducer()");
  const isSafe = correlation !== undefined || recovery !== undefined;
  const safe = isSafe ? await import("../recovery/orders.js") : undefined;
  const variable = correlation && keyVariable(context, item, correlation.variable);
  const key: OrderKey | undefined = variable &&
    correlation && {
      variable: variable.id,
      name: variable.name,
      value: safe?.orderKey(context, wanted.variables ?? {}, correlation) ?? "",
    };
  const variables = key ? { ...wanted.variables, [key.name]: key.value } : wanted.variables;
  const body = await orderBody(context, item, { ...wanted, variables });
  const path = `/items/${idPart(context, "item", item.id)}/order_now`;
  const send = async () => orderedOf(context, await post(context, path, body, signal));
  if (!safe) return send();
  const { quantity = 1 } = wanted;
  const requestedFor = requestedUser(item, body);
  return safe.placeOnce<CatalogOrdered>(context, {
    lines: [{ item: item.id, quantity, requestedFor, ...comparable(item, body.variables) }],
    key,
    lookFirst: correlation?.lookFirst,
    recovery,
    signal,
    send,
    placed: foundRequest,
    inCart: (cart) => ({ placed: false, cartId: cart.id, cart: cart as CatalogCart, found: true }),
    before: await readCart(context, { signal }),
    readCart: () => readCart(context, { signal }),
  });
}

/** Refuses an item that another call takes. */
function refuseType({ invalid }: CallContext, item: CatalogItem, isOther: boolean, call: string): void {
  if (!isOther) return;
  throw invalid("options.type", `Invalid argument \`item\`: ${item.name} is a ${item.type}. Pass it to ${call}.`);
}

/** Kinds whose answers are stored as they are sent; the instance has its own form of times, durations and addresses. */
const VERBATIM = ["choice", "check-box", "reference", "references", "email"];
const VERBATIM_TEXTS = ["single_line_text", "multi_line_text"];

/** Answers that are compared. A masked one is never shown; those of multi-row sets are in another table. */
function comparable(item: CatalogItem, sent: unknown): Pick<OrderedLine, "answers" | "reworded"> {
  const values = Object(sent) as Record<string, unknown>;
  const given = item.variables.filter(({ name, type }) => type !== "masked" && textOf(values[name]) !== "");
  const isVerbatim = ({ kind, type }: CatalogItem["variables"][number]) =>
    kind === "text" ? VERBATIM_TEXTS.includes(type) : VERBATIM.includes(kind);
  return {
    answers: new Map(given.map(({ id, name }) => [id, textOf(values[name])])),
    reworded: new Set(given.filter((variable) => !isVerbatim(variable)).map(({ id }) => id)),
  };
}

/** For whom the items will be: an answer to a variable of type 31 wins over the option. */
function requestedUser({ variables }: CatalogItem, body: Record<string, unknown>): string | undefined {
  const values = Object(body.variables) as Record<string, unknown>;
  const named = variables.flatMap(({ name, type }) => (type === "requested_for" && textOf(values[name])) || []);
  return named[0] ?? (textOf(body.sysparm_requested_for) || undefined);
}

function keyVariable({ invalid }: CallContext, item: CatalogItem, name: unknown): CatalogItem["variables"][number] {
  const found = item.variables.find((variable) => variable.name === name && variable.kind === "text");
  if (found && (found.maxLength === 0 || found.maxLength >= 36) && found.type !== "masked") return found;
  const expects = `the name of a text variable of ${item.name} that takes 36 characters`;
  throw invalid("options.correlation", `Invalid option \`correlation.variable\`. Pass ${expects}.`);
}

/** Orders the cart, or shows it where the checkout has two steps. */
export function checkOut(context: CallContext, options: CatalogCheckoutOptions = {}): Promise<CatalogOrdered> {
  return orderOfCart(context, "/cart/checkout", options);
}

/** Orders the cart. */
export function orderCart(context: CallContext, options: CatalogCheckoutOptions = {}): Promise<CatalogOrdered> {
  return orderOfCart(context, "/cart/submit_order", options);
}

async function orderOfCart(
  context: CallContext,
  path: string,
  { recovery, signal }: CatalogCheckoutOptions,
): Promise<CatalogOrdered> {
  const send = async () => orderedOf(context, await post(context, path, undefined, signal));
  if (!recovery) return send();
  const { placeOnce } = await import("../recovery/orders.js");
  const before = await readCart(context, { signal });
  // A lookup without lines would take any new request of this user for the order.
  if (before.lines.length === 0) throw context.invalid("catalog.cart-empty", "The cart is empty. Add an item first.");
  return placeOnce<CatalogOrdered>(context, {
    lines: before.lines.map(({ item, quantity }) => ({ item, quantity, answers: new Map() })),
    recovery,
    signal,
    send,
    placed: foundRequest,
    before,
    readCart: () => readCart(context, { signal }),
  });
}

/** Submits a record producer. */
export async function submitAnswers(
  context: CallContext,
  given: CatalogItem | string,
  submission: CatalogProducerSubmission = {},
): Promise<CatalogProduced> {
  const { check = true, correlation, recovery, signal } = submission;
  if (recovery !== undefined && correlation === undefined) {
    const step = "Pass the variable that is a key, and the table and field where it is stored";
    throw context.invalid("options.correlation", `Missing option \`correlation\`. ${step}.`);
  }
  const item = await itemOf(context, given, { signal });
  if (check) refuseType(context, item, item.type === "catalog_item", "order()");
  const path = `/items/${idPart(context, "item", item.id)}/submit_producer`;
  const send = async (variables: CatalogVariables) => {
    const values = check ? await checkedValues(context, item, variables, { signal }) : variables;
    return () => submitted(context, path, values, signal);
  };
  const { variables = {} } = submission;
  if (!correlation) return (await send(variables))();
  const { orderKey, produceOnce } = await import("../recovery/orders.js");
  const { name } = keyVariable(context, item, correlation.variable);
  const value = orderKey(context, variables, correlation);
  const { table, field = name, lookFirst } = correlation;
  for (const [option, text] of Object.entries({ table, field })) {
    if (typeof text === "string" && /^\w+$/.test(text)) continue;
    throw context.invalid("options.correlation", `Invalid option \`correlation.${option}\`. Pass its name.`);
  }
  const key = { table, field, value, lookFirst };
  return produceOnce(context, key, { recovery, signal }, await send({ ...variables, [name]: value }));
}

async function submitted(
  context: CallContext,
  path: string,
  variables: object,
  signal: AbortSignal | undefined,
): Promise<CatalogProduced> {
  const raw = await post(context, path, { variables }, signal);
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
