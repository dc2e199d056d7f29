/** What the package promises of text that holds a query and is none: nothing is sent, and the query in it is offered. */
import type { QueryError } from "sysparm/query";
import { type Case, is, whereNoRowIsHidden } from "./cases.js";

const QUERY = "active=true^priority=1";
const ADDRESSES = [
  "?sysparm_query=active=true^priority=1",
  "sysparm_query=active%3Dtrue%5Epriority%3D1&sysparm_limit=10",
  "/api/now/table/incident?sysparm_limit=1&sysparm_query=active%3Dtrue%5Epriority%3D1",
  "https://dev1.service-now.com/api/now/table/incident?sysparm_query=active=true%5Epriority=1&sysparm_limit=5",
  "incident_list.do?sysparm_query=active%3Dtrue%5Epriority%3D1",
  "https://dev1.service-now.com/nav_to.do?uri=%2Fincident_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Epriority%253D1",
];
const ENCODED = ["active%3Dtrue%5Epriority%3D1", "active=true%5Epriority=1", "active%253Dtrue%255Epriority%253D1"];
const WITHOUT_OPERATOR = ["garbage", "INC0010001", "active", "printer is broken", "number,state", "VPN"];

/** Each of them is one as it stands. */
const QUERIES = [
  "",
  "^EQ",
  "ORDERBYnumber",
  "^ORDERBYDESCsys_created_on",
  "GROUPBYcategory",
  "active=true",
  "numberISEMPTY",
  "stateIN1,2",
  "number!*x",
  "nameSTARTSWITHx",
  "123TEXTQUERY321=printer",
  "RLQUERYincident.problem_id,>=1^ENDRLQUERY",
  "u_NAME=1",
  "managerIN_HIERARCHYabc%40def",
  "short_descriptionLIKEhttps://x/incident_list.do?sysparm_query=a",
  "discountLIKE50%^active=true",
];

export const FOREIGN_QUERY_CASES: Record<string, Case> = {
  "text that holds a query and is none is sent by no call": async ({ sysparm, syncs, doctor, url }) => {
    const sent: string[] = [];
    const answer: typeof fetch = async (input) => {
      sent.push(String(input));
      return Response.json({ result: [] }, { headers: { "X-Total-Count": "0" } });
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: answer });
    const table = instance.table("incident");
    const first = async (walk: AsyncIterable<unknown>) => {
      for await (const _ of walk) return;
    };
    for (const query of [...ADDRESSES, ...ENCODED, ...WITHOUT_OPERATOR]) {
      const calls = [
        () => table.list({ query }),
        () => first(table.pages({ query })),
        () => first(table.rows({ query })),
        () => table.count(query),
        () => instance.aggregate("incident", { query }),
        () => instance.attachments.list({ query }),
        () => first(syncs.sync(table, { query })),
        () => first(syncs.reconcile(table, { query, copy: [] })),
        async () => doctor.examine({ url, auth: { token: "t" }, fetch: answer, query }),
      ];
      for (const call of calls) {
        const error = await call().then(
          () => undefined,
          (thrown: Error & { code: string }) => thrown,
        );
        is(`${error?.code} of ${query}`, `query.unread of ${query}`);
        if (!WITHOUT_OPERATOR.includes(query)) is(error?.message.includes(QUERY) ? "" : error?.message, "");
      }
    }
    is(sent.join(), "");
    for (const query of QUERIES) {
      await table.list({ query });
      doctor.examine({ url, auth: { token: "t" }, query });
      doctor.examine({ url, auth: { token: "t" }, query: { toString: () => query } });
    }
    is(sent.length, QUERIES.length);
  },

  "address is refused by parse with the query in it": async ({ queries }) => {
    await queries.load();
    const { Query } = queries;
    for (const text of ADDRESSES) {
      const error = caught(() => Query.parse(text));
      is(`${error.code} ${error.proposal}`, `query.address ${QUERY}`);
      is(String(Query.parse(text, { lenient: true })), text);
    }
    const without = caught(() => Query.parse("https://dev1.service-now.com/incident.do"));
    is(`${without.code} ${without.proposal}`, "query.address undefined");
    for (const text of WITHOUT_OPERATOR) is(caught(() => Query.parse(text)).code, "query.syntax");
    for (const text of QUERIES) Query.parse(text);
  },

  "percent-encoded text is explained and fixed, never sent": async ({ queries, doctor, url, open }) => {
    await queries.load();
    const { Query, deleteWhere } = queries;
    const number = { type: "integer" };
    const schema = {
      table: "incident",
      tables: { incident: { fields: { active: { type: "boolean" }, priority: number } } },
    };
    const table = (await open()).table("incident");
    for (const text of ENCODED) {
      const query = Query.parse(text);
      is(String(query), text);
      is(query.explain().endsWith(`${QUERY}: active is true, and priority is 1`), true);
      const [problem] = query.lint(schema);
      const [fix] = problem?.fixes ?? [];
      is(`${problem?.code} ${problem?.severity} ${fix && query.fixed(fix)}`, `query.encoded error ${QUERY}`);
      is(caught(() => query.check(schema)).code, "query.unsound");
      const examine = () => doctor.examine({ url, auth: { token: "t" }, query });
      for (const use of [() => query.encoded(), () => query.tree(), () => query.and("a").is(1).toString(), examine])
        is(`${caught(use).code} ${caught(use).proposal}`, `query.encoded ${QUERY}`);
      const outcomes = [
        () => table.list({ query }),
        () => table.count(query),
        () => deleteWhere(table, query, { schema, confirm: () => true }),
      ].map((call) => call().catch((thrown: QueryError) => thrown.code));
      is((await Promise.all(outcomes)).join(), "query.encoded,query.encoded,query.encoded");
    }
  },

  "value may hold what a text for a query may not": whereNoRowIsHidden(async ({ queries, doctor, url, open }) => {
    await queries.load();
    const { Query } = queries;
    const values = ["100%3Dfull", "https://x/?sysparm_query=a%5Eb", "a&sysparm_limit=1"];
    const table = (await open()).table("incident");
    for (const value of values) {
      const query = Query.where("short_description").is(value).orderBy("number");
      is(await table.count(query), 0);
      doctor.examine({ url, auth: { token: "t" }, query });
      is(query.lint({ table: "incident", tables: {} }).length, 0);
      is(query.explain().includes(value), true);
    }
    const correlation = { field: "correlation_id", value: `order%3D${Date.now()}` };
    const made = await table.create({}, { correlation, recovery: { settleMs: 0 } });
    const again = await table
      .create({}, { correlation: { ...correlation, lookFirst: true } })
      .catch((thrown) => thrown);
    is(again.sys_id === made.sys_id || again.code === "write.key-unusable", true);
    await table.delete(String(made.sys_id));
  }),
};

function caught(run: () => unknown): QueryError {
  try {
    run();
  } catch (error) {
    return error as QueryError;
  }
  throw new Error("nothing was thrown");
}
