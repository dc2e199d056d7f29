/** The Service Catalog, loaded with its first call. Options are checked here, alike for all calls. */
import type {
  CallOptions,
  CatalogCheckoutOptions,
  CatalogItemsOptions,
  CatalogLineChange,
  CatalogOrder,
  CatalogPageOptions,
  CatalogProducerSubmission,
  CatalogRequestOptions,
  CatalogSubmission,
  VariableCheckOptions,
} from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import {
  ADDITIONS,
  ANY,
  checkOptions,
  FLAG,
  NAMES,
  OBJECT,
  type OptionType,
  type OptionTypes,
  SIGNAL,
  TEXT,
  wholeNumber,
} from "../protocol/check-options.js";
import { tableWith } from "../shared/table-with.js";
import { listCatalogs, listCategories, listItems, readItem } from "./browse.js";
import * as carts from "./cart.js";
import * as checks from "./checked.js";
import { followRequest } from "./follow.js";
import * as orders from "./order.js";

type CatalogCall<Given extends unknown[], Found> = (context: CallContext, ...given: Given) => Promise<Found>;

const MOST_USERS = 50;
const LARGEST_PAGE = 1000;

const CALL: OptionTypes<CallOptions> = { signal: SIGNAL, ...ADDITIONS };
const PAGE: OptionTypes<CatalogPageOptions> = {
  limit: wholeNumber(1, LARGEST_PAGE),
  offset: wholeNumber(0, 1_000_000),
  ...CALL,
};
const ITEMS: OptionTypes<CatalogItemsOptions> = {
  text: TEXT,
  catalog: TEXT,
  category: TEXT,
  type: {
    expects: '"Record Producer" or "Order Guide"',
    accepts: (value) => value === "Record Producer" || value === "Order Guide",
  },
  ...PAGE,
};
/** Quantity and user are checked with the answers, and reported with them. */
const CHECK: OptionTypes<VariableCheckOptions> = { quantity: ANY, requestedFor: ANY, references: FLAG, ...CALL };
const SUBMISSION: OptionTypes<CatalogSubmission> = { variables: OBJECT, check: FLAG, ...CALL };
const USERS: OptionType = {
  expects: `a list of at most ${MOST_USERS} sys_ids`,
  accepts: (value) => NAMES.accepts(value) && (value as string[]).length <= MOST_USERS,
};
const RECOVERY: OptionType = { ...OBJECT, expects: "{ settleMs?, attempts? }", code: "options.recovery" };
const ORDER: OptionTypes<CatalogOrder> = {
  quantity: ANY,
  requestedFor: ANY,
  alsoRequestFor: USERS,
  recovery: RECOVERY,
  correlation: { ...OBJECT, expects: "{ variable, value?, lookFirst? }", code: "options.correlation" },
  ...SUBMISSION,
};
const PRODUCER: OptionTypes<CatalogProducerSubmission> = {
  recovery: RECOVERY,
  correlation: {
    ...OBJECT,
    expects: "{ variable, table, field?, value?, lookFirst? }",
    code: "options.correlation",
  },
  ...SUBMISSION,
};
const CHECKOUT: OptionTypes<CatalogCheckoutOptions> = { recovery: RECOVERY, ...CALL };
const CHANGE: OptionTypes<CatalogLineChange> = {
  quantity: { ...wholeNumber(1, 10_000), isRequired: true },
  variables: OBJECT,
  ...CALL,
};
const FOLLOW: OptionTypes<CatalogRequestOptions> = { variables: FLAG, ...CALL };

/** `place`: which of the arguments holds the options. */
function checked<Given extends unknown[], Found>(
  call: CatalogCall<Given, Found>,
  place: number,
  types: Readonly<Record<string, OptionType>>,
  isNeeded = false,
): CatalogCall<Given, Found> {
  return async (context, ...given) => {
    const options = given[place];
    if (options !== undefined || isNeeded) checkOptions(options, types, context.invalid);
    const { headers, params }: CallOptions = Object(options);
    if (!headers && !params) return call(context, ...given);
    const { send, table, writer = context } = context;
    const adding: CallContext = {
      ...context,
      writer,
      send: (asked) => send({ ...asked, headers, params }),
      table: (name) => tableWith(table(name), { headers, params }),
    };
    return call(adding, ...given);
  };
}

export const catalogs = checked(listCatalogs, 0, { text: TEXT, ...PAGE });
export const categories = checked(listCategories, 1, { topLevelOnly: FLAG, ...PAGE });
export const items = checked(listItems, 0, ITEMS);
export const item = checked(readItem, 1, CALL);
export const checkVariables = checked(checks.checkAnswers, 2, CHECK);
export const order = checked(orders.orderItem, 1, ORDER);
export const addToCart = checked(carts.addLine, 1, ORDER);
export const cart = checked(carts.readCart, 0, CALL);
export const updateCart = checked(carts.changeLine, 1, CHANGE, true);
export const removeFromCart = checked(carts.removeLine, 1, CALL);
export const emptyCart = checked(carts.removeLines, 0, { cart: TEXT, ...CALL });
export const checkout = checked(orders.checkOut, 0, CHECKOUT);
export const submitOrder = checked(orders.orderCart, 0, CHECKOUT);
export const submitProducer = checked(orders.submitAnswers, 1, PRODUCER);
export const request = checked(followRequest, 1, FOLLOW);
