/**
 * Service Catalog: what can be ordered, the check of variables, orders, the cart, record producers, and what became of a request. Exported
 * by `sysparm` itself as `instance.catalog`; loaded with its first call.
 */

import type { Recovery } from "./calls.js";
import type { CallOptions, Row, SysparmError } from "./index.js";

/** The Service Catalog API (`/api/sn_sc/servicecatalog`) as the calling user. */
export interface Catalog {
  /** Catalogs that this user may see. */
  catalogs(options?: CatalogPageOptions & { text?: string | undefined }): Promise<CatalogInfo[]>;
  /** Categories of a catalog, by its sys_id. */
  categories(
    catalog: string,
    options?: CatalogPageOptions & { topLevelOnly?: boolean | undefined },
  ): Promise<CatalogCategory[]>;
  /** One page of items. Items that this user may not order are left out of the page, so a page may be short. */
  items(options?: CatalogItemsOptions): Promise<CatalogItemPage>;
  /** An item with its variables. @throws RequestError `catalog.item-refused` if it does not exist or this user may not order it */
  item(id: string, options?: CallOptions): Promise<CatalogItem>;
  /**
   * Checks answers before an order: required ones, types, choices, lengths, rows of multi-row sets, quantity, and keys of references,
   * which are looked up with one query for each table. Rules of forms (UI policies, client scripts) run in a browser only and are not
   * known here. Sends nothing but reads.
   */
  checkVariables(
    item: CatalogItem | string,
    variables: CatalogVariables,
    options?: VariableCheckOptions,
  ): Promise<VariableCheck>;
  /**
   * Orders one item. Variables are checked first.
   * @throws RequestError `catalog.variables-refused` with `problems`, and nothing was sent
   */
  order(item: CatalogItem | string, order?: CatalogOrder): Promise<CatalogOrdered>;
  /** Adds an item to the cart of this user. Variables are checked first, as for an order. */
  addToCart(item: CatalogItem | string, order?: CatalogOrder): Promise<CatalogCart>;
  /** The cart of this user. All processes that sign in as this user share it. */
  cart(options?: CallOptions): Promise<CatalogCart>;
  /** Changes quantity or answers of a line of the cart. All answers of the line are replaced. */
  updateCart(line: string, change: CatalogLineChange): Promise<CatalogCart>;
  /** Also resolves if the line is not there. */
  removeFromCart(line: string, options?: CallOptions): Promise<void>;
  /** Removes all lines of a cart; this user's cart by default. */
  emptyCart(options?: CallOptions & { cart?: string | undefined }): Promise<void>;
  /**
   * Orders the cart. Where the instance is set to two steps (`glide.sc.checkout.twostep`), it is shown instead and `submitOrder()` orders it.
   * @throws RequestError `catalog.cart-empty`
   */
  checkout(options?: CatalogCheckoutOptions): Promise<CatalogOrdered>;
  /** Orders the cart, also where the checkout has two steps. */
  submitOrder(options?: CatalogCheckoutOptions): Promise<CatalogOrdered>;
  /** Submits a record producer, which creates a record of its table. Variables are checked first. */
  submitProducer(item: CatalogItem | string, submission?: CatalogProducerSubmission): Promise<CatalogProduced>;
  /**
   * A request with its items and their tasks, by the number of a request or of one of its items, or by the request's sys_id.
   * @throws RecordError `record.not-found`
   */
  request(numberOrId: string, options?: CatalogRequestOptions): Promise<CatalogRequest>;
}

/** A page of a list. */
export interface CatalogPageOptions extends CallOptions {
  /** 1 to 1,000; 100 by default. */
  limit?: number | undefined;
  /** From 0. */
  offset?: number | undefined;
}

/** What `items()` lists. */
export interface CatalogItemsOptions extends CatalogPageOptions {
  /** Words that an item has in its name, descriptions or keywords. */
  text?: string | undefined;
  /** sys_id of a catalog. */
  catalog?: string | undefined;
  /** sys_id of a category. */
  category?: string | undefined;
  type?: "Record Producer" | "Order Guide" | undefined;
}

/** A catalog, such as Service Catalog or Technical Catalog. */
export interface CatalogInfo {
  id: string;
  title: string;
  description: string;
  hasItems: boolean;
  hasCategories: boolean;
}

/** A category of a catalog. */
export interface CatalogCategory {
  id: string;
  title: string;
  description: string;
  /** Items in it that this user may order; null where the instance does not say. */
  count: number | null;
  subcategories: { id: string; title: string }[];
}

/** A page of items. */
export interface CatalogItemPage {
  items: CatalogItemInfo[];
  /** The `offset` of the next page; null after a page without items. */
  next: number | null;
}

/** An item in a list. */
export interface CatalogItemInfo {
  id: string;
  name: string;
  shortDescription: string;
  /** "catalog_item" is ordered, "record_producer" is submitted. */
  type: "catalog_item" | "record_producer" | "order_guide" | (string & {});
  category: string;
  catalogs: { id: string; title: string }[];
  /** As the instance writes it, with its currency; absent where it shows none. */
  price?: string;
  recurringPrice?: string;
  recurringFrequency?: string;
  /** Whether a quantity other than 1 can be ordered. */
  hasQuantity: boolean;
  /** Whether the item's form requires an attachment. This API cannot send one with an order. */
  needsAttachment: boolean;
  /** Everything that the instance says of it. */
  raw: Readonly<Record<string, unknown>>;
}

/** An item with its variables. */
export interface CatalogItem extends CatalogItemInfo {
  /** Variables that take one answer, those of single-row sets and containers with them, in the order of the form. */
  variables: CatalogVariable[];
  /** Multi-row variable sets, answered with a list of rows under their internal name. */
  rowSets: CatalogRowSet[];
}

/** What kind of answer a variable takes. "text" also stands for types that are not known. */
export type CatalogVariableKind =
  | "text"
  | "email"
  | "url"
  | "ip-address"
  | "choice"
  | "check-box"
  | "date"
  | "date-time"
  | "reference"
  | "references"
  | "lookup"
  | "attachment";

/** A question of an item or of a row. */
export interface CatalogVariable {
  id: string;
  /** The key of its answer. A variable without a name is answered under `IO:` and its sys_id. */
  name: string;
  label: string;
  kind: CatalogVariableKind;
  /** `friendly_type` of the instance, such as "select_box". */
  type: string;
  mandatory: boolean;
  readOnly: boolean;
  /** What the form shows first; empty for none. A script is left out. */
  defaultValue: string;
  help: string;
  /** Longest answer in characters; 0 where there is no limit. */
  maxLength: number;
  choices?: { value: string; label: string }[];
  /** The table whose records it takes, by sys_id. */
  table?: string;
  /** The single-row set that it belongs to, by label. */
  set?: string;
}

/** A multi-row variable set. */
export interface CatalogRowSet {
  id: string;
  name: string;
  label: string;
  maxRows: number;
  variables: CatalogVariable[];
}

/** An answer: null and undefined are none; true and false are for check boxes. */
export type CatalogValue = string | number | boolean | null | undefined;
/** Answers by name of the variable. A list of sys_ids for a list collector; a list of rows for a multi-row set. */
export type CatalogVariables = Readonly<
  Record<string, CatalogValue | readonly string[] | readonly Readonly<Record<string, CatalogValue>>[]>
>;

export interface VariableCheckOptions extends CallOptions {
  /** Pieces; 1 by default. */
  quantity?: number | undefined;
  /** sys_id of the user whom it is for. */
  requestedFor?: string | undefined;
  /** Whether the keys of references are looked up; true by default. */
  references?: boolean | undefined;
}

/** What the check of answers found. */
export interface VariableCheck {
  /** No problem was found. */
  ok: boolean;
  problems: VariableProblem[];
  /** The answers as they are sent: as texts, with defaults of required variables that were not given. */
  values: Record<string, string>;
  /** What was not looked up, with the reason: access rules, a table that the Table API does not have, or too many keys. */
  unchecked: { variable: string; reason: string }[];
}

/** One answer that is refused. */
export interface VariableProblem {
  /** The variable's name; "quantity" and "requestedFor" for those. */
  variable: string;
  label: string;
  /** In a multi-row set: the set's name and the row, from 0. */
  set?: string;
  row?: number;
  problem: "missing" | "unknown" | "type" | "choice" | "length" | "rows" | "reference" | "quantity";
  /** What is wrong and what to do, in one sentence each. */
  message: string;
}

/** Answers to a record producer. */
export interface CatalogSubmission extends CallOptions {
  variables?: CatalogVariables | undefined;
  /** Checks the variables before anything is sent; true by default. */
  check?: boolean | undefined;
}

/** Answers to a record producer, and how its record is found whose answer is lost. */
export interface CatalogProducerSubmission extends CatalogSubmission {
  /**
   * The answer that is a key, and where the producer stores it: the record is looked up by it when no answer comes, as by the `correlation` of
   * `create()`. Without it an answer that is lost is an UnknownOutcomeError.
   */
  correlation?: ProducerCorrelation | undefined;
  /** Needs `correlation`: a producer may fill any table. */
  recovery?: Recovery | undefined;
}

/** What makes the record of a record producer findable. */
export interface ProducerCorrelation extends OrderCorrelation {
  /** The table of the producer's records. */
  table: string;
  /** The field that the variable is mapped to; the one of the variable's name by default. */
  field?: string | undefined;
}

/** What is ordered. */
export interface CatalogOrder extends CatalogSubmission {
  /** Pieces, 1 by default. */
  quantity?: number | undefined;
  /** sys_id of the user whom it is for, the calling user by default. Needs the rights of `glide.sc.req_for.roles`. */
  requestedFor?: string | undefined;
  /** sys_ids of up to 50 more users, for items with a variable "Requested for" that allows it. One who may not have the item refuses the order. */
  alsoRequestFor?: readonly string[] | undefined;
  /**
   * When no answer comes, the order is looked up: found is the answer, and it is sent again only if it surely did not arrive. Otherwise
   * UnknownOutcomeError with `known` and what to check. Requests of this user that did not exist before are compared with what was
   * sent: items, quantities, user, answers; the same items with other answers leave it undecided. Costs four reads before the order.
   * Two equal orders of one user at one time are not distinguished: `correlation` does. Who may not read `sc_request` cannot have it:
   * the call rejects and nothing is sent.
   * For the cart its lines are compared.
   */
  recovery?: Recovery | undefined;
  /** A variable whose answer is a key: the order is looked up by it, and new requests are compared where no answer has it. */
  correlation?: OrderCorrelation | undefined;
}

/** What makes an order findable. */
export interface OrderCorrelation {
  /** A text variable of the item that nothing else fills. */
  variable: string;
  /** The key; the variable's answer by default, or a fresh random UUID. */
  value?: string | undefined;
  /** Looks before the first attempt too, for a key that an earlier run may have used: an order found is the answer. */
  lookFirst?: boolean | undefined;
}

export interface CatalogCheckoutOptions extends CallOptions {
  /** As for an order; the lines of the cart are what is compared. */
  recovery?: Recovery | undefined;
}

/**
 * `placed: false`: the instance has a checkout of two steps, and the item is in a cart: `submitOrder()` orders the cart of this user.
 * `cart` is there where the instance shows it.
 */
export type CatalogOrdered =
  /** `found`: the answer was lost, and the request was found. */
  | { placed: true; id: string; number: string; found?: true }
  | { placed: false; cartId: string; cart?: CatalogCart; found?: true };

/** The cart of a user. */
export interface CatalogCart {
  id: string;
  lines: CatalogLine[];
  /** As the instance writes it; empty where it shows none. */
  subtotal: string;
  raw: Readonly<Record<string, unknown>>;
}

/** An item in a cart. */
export interface CatalogLine {
  id: string;
  /** sys_id of the item. */
  item: string;
  name: string;
  quantity: number;
  price: string;
}

export interface CatalogLineChange extends CallOptions {
  /** Pieces. */
  quantity: number;
  /** All answers of the line. Those of before stay if there are none here. */
  variables?: CatalogVariables | undefined;
}

/** The record that a record producer made. */
export interface CatalogProduced {
  table: string;
  id: string;
  /** Empty where the table has no numbers. */
  number: string;
  /** The answer was lost, and the record was found. */
  found?: true;
}

export interface CatalogRequestOptions extends CallOptions {
  /** Reads the answers of the items too; false by default. */
  variables?: boolean | undefined;
}

/** A state as it is stored, with its label. */
export interface CatalogState {
  value: string;
  label: string;
}

/** A request (`sc_request`). */
export interface CatalogRequest {
  id: string;
  number: string;
  /** `request_state`: "in_process", "closed_complete", ... */
  state: CatalogState;
  stage: CatalogState;
  approval: CatalogState;
  /** False once it is closed, whatever the states are called. */
  active: boolean;
  openedAt: string;
  requestedFor: { id: string; name: string };
  price: string;
  items: CatalogRequestedItem[];
  /** Tasks of the request itself, of none of its items. */
  tasks: CatalogTask[];
  /** Items and tasks that access rules hide; null where the instance does not say. Where both are 0, `complete` can be true. */
  hidden: { items: number | null; tasks: number | null };
  complete: boolean;
  /** All columns, with values and labels. */
  row: Row;
}

/** A requested item (`sc_req_item`). */
export interface CatalogRequestedItem {
  id: string;
  number: string;
  item: { id: string; name: string };
  quantity: number;
  state: CatalogState;
  stage: CatalogState;
  approval: CatalogState;
  active: boolean;
  dueDate: string;
  tasks: CatalogTask[];
  /** Answers by name of the variable, where they were asked for, may be read, and are at most 10,000 of the request. */
  variables?: Record<string, string>;
  /** Rows of multi-row sets by name of the set, likewise. */
  rowSets?: Record<string, Record<string, string>[]>;
  row: Row;
}

/** A task of a requested item (`sc_task`). */
export interface CatalogTask {
  id: string;
  number: string;
  description: string;
  state: CatalogState;
  active: boolean;
  assignmentGroup: string;
  assignedTo: string;
  row: Row;
}

/** The error `catalog.variables-refused`. */
export interface VariablesRefused extends SysparmError {
  readonly code: "catalog.variables-refused";
  readonly problems: VariableProblem[];
}
