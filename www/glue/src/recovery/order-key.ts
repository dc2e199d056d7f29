/** Looks for an order by a key in one of its answers: the requested item whose answer it is names the request. */
import type { Known } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import type { Lookup, LookupResult } from "./decide.js";
import { isFound, isQueryable, uncheckedQuery } from "./keys.js";
import type { FoundRequest, OrderLookup } from "./order-lookup.js";

const ITEM = "request_item.request";
const NUMBER = "request_item.request.number";
const VALUE = "sc_item_option.value";
/** One order may be for 51 users, each with an item of its own. */
const MOST_ITEMS = 60;

/** A key, and the sys_id of the variable that it answers. */
export interface OrderKey {
  variable: string;
  name: string;
  value: string;
}

/** What looks an order up by its key. */
export function keySearch(
  { table: open }: CallContext,
  { variable, name, value }: OrderKey,
  signal: AbortSignal | undefined,
): { lookUp(): Promise<OrderLookup<FoundRequest>>; confirm(isSent: boolean): Promise<Lookup> } {
  const options = signal && { signal };
  const links = open("sc_item_option_mtom");
  const query = uncheckedQuery(`sc_item_option.item_option_new=${variable}^${VALUE}=${value}`);
  const key = { field: name, value };

  const lookUp = async (): Promise<OrderLookup<FoundRequest>> => {
    // The count includes what access rules hide.
    const records = await links.count(query, options);
    const fields = [ITEM, NUMBER, VALUE];
    const rows =
      records > 0 && records <= MOST_ITEMS
        ? (await links.list({ query, fields, limit: MOST_ITEMS, ...options })).rows
        : [];
    const own = rows.filter((row) => stored(row, VALUE) === value && stored(row, ITEM));
    const requests = new Map(own.map((row) => [stored(row, ITEM) ?? "", stored(row, NUMBER) ?? ""]));
    const [first] = [...requests].map(([id, number]): FoundRequest => ({ id, number }));
    const known: Known = { key, records, ids: [...requests.keys()] };
    const seen = (result: LookupResult, evidence: string, found?: FoundRequest) => ({ result, evidence, known, found });
    if (records > MOST_ITEMS) return seen("unclear", `The instance counts ${records} answers with this key`);
    if (requests.size > 1) return seen("twice", `${[...requests.values()].join(", ")} have this key`);
    if (own.length < records)
      return seen("unclear", `Access rules hide answers with this key: read sc_item_option_mtom`);
    if (first) return seen("done", `${first.number} has this key`, first);
    // Answers are stored before the order is placed.
    const inCart = uncheckedQuery(`item_option_new=${variable}^value=${value}`);
    const kept = await open("sc_item_option").count(inCart, options);
    if (kept > 0) {
      const evidence = "The answers are stored and no request has them: look into the cart";
      return { ...seen("unclear", evidence), isStored: true };
    }
    return seen("nothing", `No answer to ${name} has this key`);
  };
  /** Before anything was sent, a table without answers is that of a new instance. */
  const confirm = async (isSent: boolean): Promise<Lookup> => {
    const isSure = isSent ? isFound : isQueryable;
    if (await isSure(links, VALUE, signal)) return { result: "nothing", evidence: "Surely no answer has this key" };
    const evidence = "The instance finds no answer by its value: look for the order in sc_request";
    return { result: "unclear", evidence };
  };
  return { lookUp, confirm };
}
