/**
 * Orders whose answer is lost, loaded with the first that is looked up: by a key in an answer, by comparison with the requests of before, and
 * for the cart by its lines.
 */
import type { CatalogCart, CatalogProduced, Known, Recovery, SysparmError } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { type Lookup, nextStep, type RecoveryLimits } from "./decide.js";
import { confirmNone, correlationKey, isQueryable, type Key, MOST_RECORDS, seenByKey, uncheckedQuery } from "./keys.js";
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
type Line = CatalogCart["lines"][number];

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
  /** The same for an item whose answers are stored, and that is in the cart. */
  inCart?: ((cart: Cart) => Found) | undefined;
  before: Cart;
  readCart(): Promise<Cart>;
}

/** Places an order once. */
export async function placeOnce<Found>(context: CallContext, order: RecoverableOrder<Found>): Promise<Found> {
  const { lines, key, lookFirst, recovery, signal, placed, before, readCart, inCart } = order;
  const limits = recoveryLimits(context, recovery, signal);
  const keyed = key && keySearch(context, key, signal);
  if (keyed && lookFirst) {
    const { result, found, evidence, known } = await keyed.lookUp();
    if (found) return placed(found);
    if (result !== "nothing") throw await usedKey(context, { result, evidence, known }, ORDER_FIRST);
    const sure = await keyed.confirm(false);
    if (sure.result !== "nothing") throw unusable(context, sure.evidence, OTHER_KEY, known);
  }
  const compared = await orderSearch(
    context,
    key ? lines.map((line) => ({ ...line, key: key.variable })) : lines,
    signal,
  );
  const search = keyed ?? compared;
  const lookUp = async (last: boolean): Promise<OrderLookup<Found>> => {
    const { found, isStored, ...seen } = await search.lookUp();
    if (found) return { ...seen, found: placed(found) };
    // While the instance may still be working, the cart proves nothing.
    if (!last || (seen.result !== "nothing" && !isStored)) return seen;
    const now = await readCart();
    const isNew = ({ id }: Line) => !before.lines.some((line) => line.id === id);
    const added = now.lines.filter((line) => isNew(line) && lines.some(({ item }) => item === line.item));
    if (added.length > 0 && isStored && inCart) return { ...seen, result: "done", found: inCart(now) };
    const ids = added.map(({ id }) => id);
    const unclear = (evidence: string) => ({ ...seen, result: "unclear" as const, evidence });
    if (ids.length > 0) {
      return unclear(`The cart has new lines of this item (${ids.join(", ")}): order the cart, or remove them`);
    }
    const isGone = before.lines.some(({ id }) => !now.lines.some((line) => line.id === id));
    if (isGone) {
      return unclear("The cart has lost lines and no new request is visible: look for the order in sc_request");
    }
    return seen;
  };
  const confirm = async (): Promise<Lookup> => {
    const sure = await search.confirm(true);
    if (!keyed || sure.result !== "nothing") return sure;
    // The instance may have dropped or changed the key.
    const { result, evidence } = await compared.lookUp();
    return result === "nothing" ? sure : { result: "unclear", evidence: `No answer has this key. ${evidence}` };
  };
  return sendOnce(context, { send: order.send, lookUp, confirm, limits, what: "what was ordered" });
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
    const added = cart.lines.filter((line) => !before.has(line.id) && line.item === item);
    const same = added.filter((line) => line.quantity === quantity);
    const known: Known = { ids: same.map(({ id }) => id), records: same.length };
    if (same.length > 1) return { result: "twice", evidence: `${same.length} new lines of the cart are alike`, known };
    if (same.length === 1) return { result: "done", evidence: "The cart has one new line", known, found: cart };
    if (added.length > 0) {
      const evidence = "The cart has new lines of this item with another quantity: compare them";
      return { result: "unclear", evidence, known: { ids: added.map(({ id }) => id), records: added.length } };
    }
    return { result: "nothing", evidence: "The cart has no such new line", known };
  };
  const confirm = async (): Promise<Lookup> => ({ result: "nothing", evidence: "The cart has no such new line" });
  return sendOnce(context, { send, lookUp, confirm, limits, what: "this line" });
}

/** Submits a record producer once; its record is looked up by a key in one of its fields. */
export async function produceOnce(
  context: CallContext,
  { table: name, field, value, lookFirst }: { table: string; lookFirst?: boolean | undefined } & Key,
  { recovery, signal }: Options,
  send: () => Promise<CatalogProduced>,
): Promise<CatalogProduced> {
  const limits = recoveryLimits(context, recovery, signal);
  const table = context.table(name);
  const began = Date.now();
  const query = uncheckedQuery(`${field}=${value}`);
  const options = signal && { signal };
  const lookUp = async (): Promise<OrderLookup<CatalogProduced>> => {
    const records = await table.count(query, options);
    const isFew = records > 0 && records <= MOST_RECORDS;
    const fields = ["sys_id", "number", field];
    const rows = isFew ? (await table.list({ query, fields, pageSize: MOST_RECORDS, ...options })).rows : [];
    const { row, ...seen } = seenByKey({ field, value }, records, rows);
    const id = stored(row, "sys_id");
    if (seen.result !== "done" || id === undefined) return seen;
    return { ...seen, found: { table: name, id, number: stored(row, "number") ?? "", found: true } };
  };
  const sentMs = () => Math.max(Date.now() - began, limits.settleMs * limits.attempts);
  const confirm = () => confirmNone(table, field, sentMs(), signal);
  if (lookFirst) {
    const { result, found, evidence, known } = await lookUp();
    if (found) return found;
    if (result !== "nothing") throw await usedKey(context, { result, evidence, known }, RECORD_FIRST);
    if (!(await isQueryable(table, field, signal))) {
      throw unusable(context, `The instance finds nothing by ${field}`, OTHER_KEY, known);
    }
  }
  return sendOnce(context, { send, lookUp, confirm, limits, what: "the key of this submission" });
}

const OTHER_KEY = "Pass another key";
const ORDER_FIRST = "Look for that order first: with another key it would be placed again";
const RECORD_FIRST = "Look for that record first: with another key it would be made again";

/** The error of a key that more than one record has, or one that is not to be seen. */
async function usedKey(
  context: CallContext,
  { result, evidence, known }: OrderLookup<unknown>,
  step: string,
): Promise<SysparmError> {
  if (result !== "twice") return unusable(context, evidence, step, known);
  return lookupError(context, "write.duplicated", "More than one record has this key", TWICE, evidence, known);
}

function unusable({ invalid }: CallContext, evidence: string, step: string, known: Known): SysparmError {
  return Object.assign(invalid("write.key-unusable", `Nothing was sent: ${evidence}. ${step}.`), { known });
}

/** The key of an order: the answer that is given, the one in the options, or a new one. */
export function orderKey(
  { invalid }: CallContext,
  variables: Readonly<Record<string, unknown>>,
  { variable, value }: { variable: string; value?: string | undefined },
): string {
  return correlationKey({ invalid }, variables, { field: variable, value }).value;
}
