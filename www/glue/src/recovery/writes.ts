/** Writes with recovery or a guard, loaded with the first of them. All requests of one, lookups too, have the headers and parameters of the call. */
import type { CallOptions } from "sysparm";
import { tableWith } from "../shared/table-with.js";
import * as byKey from "./by-key.js";
import * as creating from "./create.js";
import type { WriteContext } from "./reports.js";
import * as existing from "./update-delete.js";

type Write<Given extends unknown[], Made> = (context: WriteContext, ...given: Given) => Promise<Made>;

/** `place`: which of the arguments holds the options. */
function adding<Given extends unknown[], Made>(write: Write<Given, Made>, place: number): Write<Given, Made> {
  return (context, ...given) => {
    const { headers, params }: CallOptions = Object(given[place]);
    if (!headers && !params) return write(context, ...given);
    const { table } = context;
    return write({ ...context, writer: table, table: tableWith(table, { headers, params }) }, ...given);
  };
}

const creatingWrite = adding(creating.create, 1);
const findingRead = adding(byKey.findBy, 2);
const removingWrite = adding(existing.remove, 1);
const updatingWrite = adding(existing.update, 2);
const keyedWrite = adding(byKey.upsert, 1);

export {
  creatingWrite as create,
  findingRead as findBy,
  keyedWrite as upsert,
  removingWrite as remove,
  updatingWrite as update,
};
