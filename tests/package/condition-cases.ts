/** Conditions that the instance leaves out: a reading says so, and says nothing of conditions that it keeps. */
import type * as Sysparm from "sysparm";
import { type Case, is } from "./cases.js";

type Dropped = Extract<Sysparm.SysparmEvent, { type: "query.condition-dropped" }>;

function recorder() {
  const details: string[] = [];
  const onEvent = (event: Sysparm.SysparmEvent) => {
    if (event.type === "query.condition-dropped") details.push((event satisfies Dropped).detail);
  };
  return { details, onEvent };
}

const isDropped = (caveat: string | null | undefined) => /of the query|than the query asks/.test(String(caveat));

/** The caveat of the last page. */
async function caveatOf(pages: AsyncIterable<Sysparm.Page>): Promise<string | null | undefined> {
  let last: Sysparm.Page | undefined;
  for await (const page of pages) last = page;
  return last?.caveat;
}

export const CONDITION_CASES: Record<string, Case> = {
  "verified count names a field that is not filtered by": async (world) => {
    const { open, queries, thrown, control } = world;
    const paths: string[] = [];
    const noted: typeof fetch = (input, init) => {
      paths.push(String(input));
      return fetch(input, init);
    };
    const instance = await open({ fetch: noted });
    const table = instance.table("incident");
    const verify = true;
    await queries.load();
    const wrong = [
      () => table.count("actve=true", { verify }),
      () => table.count("active=true^priority=1^ORactve=false", { verify }),
      () => table.count("active=true^NQactve=false", { verify }),
      () => table.count(queries.Query.where("active").is(true).and("actve").isEmpty(), { verify }),
      () => instance.aggregate("incident", { query: "actve=true", verify }),
      () => instance.aggregate("incident", { query: "active=true^actveLIKEa", groupBy: ["priority"], verify }),
    ];
    for (const call of wrong) {
      const { code, message } = await thrown(call);
      is(code, "request.unknown-field");
      is(
        message.startsWith("Unknown field `actve` of incident in query: the instance leaves out its conditions"),
        true,
      );
    }
    const right = [
      "active=true",
      "caller_id.name!=a^ORDERBYnumber",
      "numberISEMPTY^ORnumberISNOTEMPTY",
      "ORDERBYnumber",
    ];
    for (const query of right) is(await table.count(query, { verify }), await table.count(query));
    paths.length = 0;
    await table.count("active=true^priority=1", { verify });
    is(paths.length, 2);
    paths.length = 0;
    await table.count("actve=true");
    await table.count("", { verify });
    is(paths.length, 2);
    is((await thrown(() => table.count("a=1^^b=2", { verify }))).code, "options.type");
    await control("switches", { invalid_field_regime: "no_rows" });
    try {
      is(await table.count("actve=true", { verify }), 0);
    } finally {
      await control("switches", { invalid_field_regime: "ignore" });
    }
  },

  "verified count sends nothing of a query that is refused": async ({ open, thrown }) => {
    const paths: string[] = [];
    const noted: typeof fetch = (input, init) => {
      paths.push(String(input));
      return fetch(input, init);
    };
    const table = (await open({ fetch: noted })).table("incident");
    for (const [query, code] of [
      ["active=true\n", "request.reading"],
      ["https://x.example?sysparm_query=active=true", "query.unread"],
    ] as const)
      is((await thrown(() => table.count(query, { verify: true }))).code, code);
    is(
      (await thrown(async () => (await open()).table("no name").count("a=1", { verify: true }))).code,
      "request.reading",
    );
    is(paths.length, 0);
  },

  "verified count knows names in capitals": async ({ url, sysparm, thrown }) => {
    // Leaves out conditions on fields that it does not have, as an instance does.
    const counts = async (address: unknown) => {
      const query = new URL(String(address)).searchParams.get("sysparm_query") ?? "";
      const groups = query
        .split("^NQ")
        .map((group) => group.split("^").filter((term) => /^(active|u_MyField|u_B)[=I]/.test(term)));
      const isEmpty = groups.every((terms) => /ISEMPTY/.test(terms.join()) && /ISNOTEMPTY/.test(terms.join()));
      return Response.json({ result: { stats: { count: isEmpty ? "0" : "7" } } });
    };
    const instance = await sysparm.connect({ url, auth: { token: "t" }, fetch: counts as typeof fetch });
    const count = (query: string) => instance.table("incident").count(query, { verify: true });
    for (const query of ["u_MyField=1", "active=true^ORu_MyField=1^NQu_B=2^ORDERBYu_MyField"])
      is(await count(query), 7);
    for (const [query, name] of [
      ["u_MyFeld=1", "u_"],
      ["u_MyField=1^u_C=2", "u_"],
      ["u_myLIKEa", "u_my"],
      ["actveISEMPTY", "actve"],
    ] as const) {
      const { message } = await thrown(() => count(query));
      is(/^Unknown field `(\w+)`/.exec(message)?.[1], name);
    }
  },

  "condition on a misspelt field has a caveat and an event": async ({ open, queries }) => {
    const { details, onEvent } = recorder();
    await queries.load();
    const table = (await open({ onEvent })).table("incident");
    const query = "actve=true^ORDERBYnumber";
    is(/^no row has the field `actve`/.test(String((await table.list({ query, pageSize: 50 })).caveat)), true);
    const built = queries.Query.where("actve").is(true);
    is(/`actve`/.test(String((await table.list({ query: built, limit: 5, displayValue: true })).caveat)), true);
    is(/`actve`/.test(String(await caveatOf(table.pages({ query, pageSize: 900, ahead: 4 })))), true);
    let rows = 0;
    for await (const _ of table.rows({ query, limit: 5 })) rows += 1;
    is([rows, ...details].join(), `5${",incident.actve".repeat(4)}`);
    // What was not asked for says nothing by its absence.
    is(isDropped((await table.list({ query, fields: ["sys_id"], limit: 5 })).caveat), false);
    is(/`actve`/.test(String((await table.list({ query, fields: ["actve"], limit: 5 })).caveat)), true);
  },

  "conditions that the instance keeps have no caveat": async ({ open, queries }) => {
    const { details, onEvent } = recorder();
    await queries.load();
    const table = (await open({ onEvent })).table("incident");
    const { sys_id, number, caller_id } = (await table.list({ limit: 1, query: "caller_idISNOTEMPTY" })).rows[0] ?? {};
    const lower = String(number).toLowerCase();
    const kept = [
      ...["active=true", "active!=true", "active=1", "priority=1", "priority!=1", "priorityIN1,2", "priorityNOT IN1,2"],
      ...["priority<3", "priority<=3", "priority>3", "priority>=3", "priorityBETWEEN2@3", "priority=02"],
      ...[
        `number=${lower}`,
        `sys_id=${sys_id}`,
        `sys_idIN${sys_id}`,
        `caller_id=${caller_id}`,
        "caller_id.active=true",
      ],
      ...[
        "assigned_toISEMPTY",
        "assigned_toISNOTEMPTY",
        "state=1^ORstate=2",
        "state=1^NQpriority=1",
        "123TEXTQUERY321=a",
      ],
      ...["short_descriptionLIKEa", "sys_created_on>2020-01-01 00:00:00", "opened_byDYNAMICx^ORactive=true"],
      ...["sys_created_on>javascript:gs.daysAgoStart(9)", "numberSAMEASnumber", "active=true^EQ", "ORDERBYDESCnumber"],
    ];
    for (const query of kept) {
      const { caveat } = await table.list({ query, limit: 40 });
      is(`${query}: ${isDropped(caveat)}, ${caveat}`, `${query}: false, ${caveat}`);
    }
    is(isDropped((await table.list({ query: "state=1", limit: 40, displayValue: "all" })).caveat), false);
    const built = queries.Query.where("active").is(true).and("priority").in([1, 2]).or("state").moreThan(1);
    is(isDropped((await table.list({ query: built, limit: 40 })).caveat), false);
    is(details.join(), "");
  },
};
