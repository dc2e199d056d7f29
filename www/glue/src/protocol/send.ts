/**
 * How an entry with its own WebAssembly sends through a table: by a property that only this package knows, for its rows are read
 * and its failures diagnosed by the client.
 */

import type { Table } from "sysparm";
import type { Answered, Asked } from "./call.js";

export type Send = (asked: Asked) => Promise<Answered>;

/** Of the registry, because each entry is a bundle of its own. */
const SEND = Symbol.for("sysparm.send");

export function withSend(table: Table, send: Send): Table {
  return Object.defineProperty(table, SEND, { value: send });
}

export function sendOf(table: Table): Send | undefined {
  return (table as { [SEND]?: Send } | undefined)?.[SEND];
}
