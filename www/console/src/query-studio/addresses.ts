/** A query as others take it: the address of a list, a call of the Table API, a request of the tester. Pure. */
import { newPair, newRequest, type SavedRequest } from "../workspace/model";

export interface Address {
  label: string;
  text: string;
}

/** `base` is what paths of the API are appended to, `pages` the instance's own address. Empty where it is not known. */
export function addressesOf({ base, pages }: { base: string; pages: string }, table: string, query: string): Address[] {
  const encoded = encodeURIComponent(query);
  return [
    { label: "List in the browser", text: `${pages}/${table}_list.do?sysparm_query=${encoded}` },
    { label: "Table API", text: `${base}${apiPath(table)}?sysparm_query=${encoded}&sysparm_limit=1000` },
    {
      label: "Count (Aggregate API)",
      text: `${base}/api/now/stats/${table}?sysparm_query=${encoded}&sysparm_count=true`,
    },
    { label: "Percent-encoded query", text: encoded },
  ];
}

export function requestOf(table: string, query: string, fields: readonly string[], limit = 1_000): SavedRequest {
  return newRequest({
    name: `Rows of ${table}`,
    address: apiPath(table),
    parameters: [
      newPair("sysparm_query", query),
      newPair("sysparm_fields", fields.join(","), fields.length > 0),
      newPair("sysparm_limit", String(limit)),
    ],
  });
}

function apiPath(table: string): string {
  return `/api/now/table/${table}`;
}
