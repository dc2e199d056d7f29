/** The measured queries. The query of keyset pagination is taken from the package: `pages()` sends it. */
import { connect } from "sysparm";

export interface Position {
  updated: string;
  id: string;
}

/** A way to ask for a page, with its name in the report. `behind` gives the `sysparm_query` after a row; without it the page is read by offset. */
export interface Form {
  name: string;
  behind?(position: Position): string;
}

const ORDER = "ORDERBYsys_updated_on^ORDERBYsys_id";

export const REJECTED: readonly Form[] = [
  {
    name: "two branches, >T^NQ=T^>I",
    behind: ({ updated, id }) => `sys_updated_on>${updated}^NQsys_updated_on=${updated}^sys_id>${id}^${ORDER}`,
  },
  {
    name: ">T^OR=T^>I, which loses rows",
    behind: ({ updated, id }) => `sys_updated_on>${updated}^ORsys_updated_on=${updated}^sys_id>${id}^${ORDER}`,
  },
  { name: "offset" },
];

/** The query of the first page, or of the page after a row: the page before it is answered with that row. */
export async function walkQuery(position?: Position): Promise<string> {
  const asked: string[] = [];
  const answering: typeof fetch = async (input) => {
    asked.push(new URL(String(input)).searchParams.get("sysparm_query") ?? "");
    const row = { sys_updated_on: position?.updated, sys_id: position?.id };
    return new Response(JSON.stringify({ result: [row] }), {
      headers: { "content-type": "application/json", "x-total-count": "1000000" },
    });
  };
  const url = "https://example.service-now.com";
  const client = await connect({ url, auth: { token: "t" }, fetch: answering });
  const pages = client.table("incident").pages({ query: "ORDERBYsys_updated_on", pageSize: 1, ahead: 0 });
  const wanted = position ? 2 : 1;
  for await (const _ of pages) if (asked.length === wanted) break;
  client.close();
  const text = asked.at(-1);
  if (asked.length !== wanted || !text) throw new Error(`asked for ${asked.length} pages instead of ${wanted}`);
  return text;
}
