import type { Table } from "sysparm";
import type { Additions } from "../protocol/call.js";

/** A table whose calls add the same headers and parameters, so that a lookup is the request of the write that it looks for. */
export function tableWith(table: Table, additions: Additions): Table {
  const calls = table as unknown as Record<string, (...given: unknown[]) => unknown>;
  const adding = ([name, place]: readonly [string, number]) => {
    const call = (...given: unknown[]) => {
      const before = Array.from({ length: place }, (_, at) => given[at]);
      return calls[name]?.(...before, { ...Object(given[place]), ...additions });
    };
    return [name, call];
  };
  return { ...table, ...Object.fromEntries(PLACES.map(adding)) };
}

/** The calls that lookups make, and the place of their options. */
const PLACES = [
  ["list", 0],
  ["pages", 0],
  ["get", 1],
  ["create", 1],
  ["delete", 1],
  ["count", 1],
  ["update", 2],
] as const;
