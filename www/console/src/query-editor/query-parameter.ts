/** The parameter of a request whose query is edited. One that is missing is added only when a query is used. Pure. */
import { newPair, type Pair, type SavedRequest } from "../workspace/model";

type Parameters = Pick<SavedRequest, "id" | "parameters">;

/** The id of the parameter of the query that is sent, or the one that stands for a new parameter of this request. */
export function queryId({ id, parameters }: Parameters): string {
  const queries = parameters.filter(({ name }) => name === NAME);
  return (queries.find(({ on }) => on) ?? queries[0])?.id ?? newQueryId(id);
}

/** The parameter of an id of `queryId`; undefined for one that was removed. */
export function editedQuery({ id, parameters }: Parameters, edited: string): Pair | undefined {
  const found = parameters.find((pair) => pair.id === edited);
  return found ?? (edited === newQueryId(id) ? { ...newPair(NAME), id: edited } : undefined);
}

/** The parameters with a query, in the one of an id of `queryId`. */
export function withQuery({ parameters }: Parameters, edited: string, value: string): Pair[] {
  if (!parameters.some(({ id }) => id === edited)) return [...parameters, newPair(NAME, value)];
  return parameters.map((pair) => (pair.id === edited ? { ...pair, value, on: true } : pair));
}

const NAME = "sysparm_query";

function newQueryId(requestId: string): string {
  return `new query of ${requestId}`;
}
