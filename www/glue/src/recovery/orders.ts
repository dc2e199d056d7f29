/**
 * Orders whose answer is lost, loaded with the first that is looked up: by a key in an answer, by comparison with the requests of before, and
 * for the cart by its lines.
 */
import type { CatalogCart, Known, Recovery, SysparmError } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { type Lookup, nextStep, type RecoveryLimits } from "./decide.js";
import { correlationKey } from "./keys.js";
import { keySearch, type OrderKey } from "./order-key.js";
import { type FoundRequest, type OrderLookup, orderSearch } from "./order-lookup.js";
import type { OrderedLine } from "./order-match.js";
import { isUnknownOutcome, lookupError, recoveryLimits, TWICE, unknownOutcome } from "./reports.js";

/** How an order is sent and looked up. */
interface SentOrder<Found> {
  send(): Promise<Found>;
  lookUp(last: boolean): Promise<OrderLookup<Found>>;
  confirm(): Promise<Lookup>;
  limits: RecoveryLimits;
  /** What was sent, in the words of an error. */
  what: string;
}

type Options = { recovery?: Recovery | undefined; signal?: AbortSignal | undefined };
type Cart = Pick<CatalogCart, "id" | "lines">;

/** Sends, looks up what has no answer, and sends again what surely did not arrive. */
async function sendOnce<Found>(context: CallContext, order: SentOrder<Found>): Promise<Found> {
  for (let sends = 1; ; sends += 1) {
    let lost: SysparmError;
    try {
      return await order.send();
    } catch (thrown) {
      if (!isUnknownOutcome(thrown)) throw thrown;
      lost = thrown;
    }
    const { step, seen } = await nextStep(order.lookUp, order.confirm, order.limits, sends);
    const { found, known } = seen as OrderLookup<Found>;
    if (step === "done" && found !== undefined) return found;
    if (seen.result === "twice") {
      const title = `More than one new record holds ${order.what}`;
      throw await lookupError(context, "write.duplicated", title, TWICE, seen.evidence, known);
    }
    if (step !== "repeat") {
      const unknown: Known = { ids: [] };
      throw await unknownOutcome(context, lost, seen, known ?? unknown, sends);
    }
  }
}

/** An order of one item, or of the cart. */
export interface RecoverableOrder<Found> extends Options {
  lines: readonly OrderedLine[];
  /** The key, where one of the answers is one. */
  key?: OrderKey | undefined;
  lookFirst?: boolean | undefined;
  send(): Promise<Found>;
  /** What `send()` returns for a request that was found. */
  placed(request: FoundRequest): Found;
  /** The same for an item that is in the cart, and not ordered. */
  inCart?: ((cart: Cart) => Found) | undefined;
  readCart(): Promise<Cart>;
}

/** Places an order once. */
export async function placeOnce<Found>(context: CallContext, order: RecoverableOrder<Found>): Promise<Found> {
  const { lines, key, lookFirst, recovery, signal, placed, readCart, inCart } = order;
  const limits = recoveryLimits(context, recovery, signal);
  const before = await readCart();
  const search = key ? keySearch(context, key, signal) : await orderSearch(context, lines, signal);
  const lookUp = async (last: boolean): Promise<OrderLookup<Found>> => {
    const seen = await search.lookUp();
    const { result, evidence, known } = seen;
    if (seen.found) return { ...seen, found: placed(seen.found) };
    // While the instance may still be working, the cart proves nothing.
    if (!last || (result !== "nothing" && !key)) return { result, evidence, known };
    const now = await readCart();
    const added = now.lines.filter((line) => !before.lines.some(({ id }) => id === line.id));
    const isAdded = added.some((line) => lines.some(({ item }) => item === line.item));
    if (isAdded && inCart) return { result: "done", evidence: "The item is in the cart", known, found: inCart(now) };
    const isGone = before.lines.some(({ id }) => !now.lines.some((line) => line.id === id));
    if (isGone) {
      const why = "The cart has lost lines and no new request is visible: look for the order in sc_request";
      return { result: "unclear", evidence: why, known };
    }
    return { result, evidence, known };
  };
  if (lookFirst) {
    const { result, found, evidence, known } = await search.lookUp();
    if (found) return placed(found);
    if (result !== "nothing") {
      throw Object.assign(context.invalid("write.key-unusable", `Nothing was sent: ${evidence}.`), { known });
    }
  }
  return sendOnce(context, { send: order.send, lookUp, confirm: search.confirm, limits, what: "what was ordered" });
}

/** Adds a line to the cart once. Every line is visible to its user, so a cart without a new one is proof. */
export async function addOnce<C extends Cart>(
  context: CallContext,
  { item, quantity }: Pick<OrderedLine, "item" | "quantity">,
  { recovery, signal }: Options,
  send: () => Promise<C>,
  readCart: () => Promise<C>,
): Promise<C> {
  const limits = recoveryLimits(context, recovery, signal);
  const before = new Set((await readCart()).lines.map(({ id }) => id));
  const lookUp = async (): Promise<OrderLookup<C>> => {
    const cart = await readCart();
    const same = cart.lines.filter((line) => !before.has(line.id) && line.item === item && line.quantity === quantity);
    const known: Known = { ids: same.map(({ id }) => id), records: same.length };
    if (same.length > 1) return { result: "twice", evidence: `${same.length} new lines of the cart are alike`, known };
    if (same.length === 1) return { result: "done", evidence: "The cart has one new line", known, found: cart };
    return { result: "nothing", evidence: "The cart has no such new line", known };
  };
  const confirm = async (): Promise<Lookup> => ({ result: "nothing", evidence: "The cart has no such new line" });
  return sendOnce(context, { send, lookUp, confirm, limits, what: "this line" });
}

/** The key of an order: the answer that is given, the one in the options, or a new one. */
export function orderKey(
  { invalid }: CallContext,
  variables: Readonly<Record<string, unknown>>,
  { variable, value }: { variable: string; value?: string | undefined },
): string {
  return correlationKey({ invalid }, variables, { field: variable, value }).value;
}
