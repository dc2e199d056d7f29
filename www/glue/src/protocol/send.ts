/**
 * Lets entries with their own WebAssembly send requests through a table, so that the client reads the rows and diagnoses failures. The
 * function is a property of the table under a symbol that only this package uses.
 */

import type { Table } from "sysparm";
import type { Answered, Asked } from "./call.js";

/** Sends a request through the client. */
export type Send = (asked: Asked) => Promise<Answered>;

/** From the global registry, because each entry is a bundle of its own. */
const SEND = Symbol.for("sysparm.send");

/** Adds the function to a table. */
export function withSend(table: Table, send: Send): Table {
  return Object.defineProperty(table, SEND, { value: send });
}

/** The function of a table; undefined for any other object. */
export function sendOf(table: Table): Send | undefined {
  return (table as { [SEND]?: Send } | undefined)?.[SEND];
}
