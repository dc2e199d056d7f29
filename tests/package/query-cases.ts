/** What `sysparm/query` promises; its cases run unchanged in Node, in Chromium and in workerd. */
import type { Condition, Operand, QueryError, Schema } from "sysparm/query";
import { type Case, is, whereNoRowIsHidden } from "./cases.js";

const PERSON = { type: "reference", reference: "sys_user" };
const SCHEMA: Schema = {
  table: "incident",
  tables: {
    task: {
      fields: {
        active: { type: "boolean" },
        number: { type: "string" },
        short_description: { type: "string" },
        priority: { type: "integer" },
        state: { type: "integer", choices: [{ value: "6", label: "Resolved" }] },
      },
    },
    incident: { extends: "task", rows: 1_000_000, fields: { caller_id: PERSON } },
    sys_user: { fields: { name: { type: "string" } } },
  },
};

const SHOWN_ID = "0123456789abcdef0123456789abcdef";
const INSTANCE = "https://dev1.service-now.com";
const CLASSIC = `${INSTANCE}/now/nav/ui/classic/params/target/`;
/** Addresses, and the table and the query that they show. */
const ADDRESSES: Record<string, string> = {
  [`${INSTANCE}/incident_list.do?sysparm_query=active%3Dtrue%5EnumberLIKE1%2526&sysparm_view=`]:
    "incident active=true^numberLIKE1%26",
  [`${INSTANCE}/incident_list.do`]: "incident ",
  [`${INSTANCE}/incident_list.do?sysparm_fixed_query=active%3Dtrue&sysparm_query=priority%3D1`]:
    "incident active=true^priority=1",
  [`${INSTANCE}/nav_to.do?uri=%2Fproblem_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Estate%253D1`]:
    "problem active=true^state=1",
  [`${INSTANCE}/nav_to.do?uri=incident.do%3Fsys_id%3D${SHOWN_ID}`]: `incident sys_id=${SHOWN_ID}`,
  [`${INSTANCE}/incident.do?sysparm_query=number=INC00040`]: "incident number=INC00040",
  [`${CLASSIC}task_list.do%3Fsysparm_query%3DstateNOT%2520IN3%252C4`]: "task stateNOT IN3,4",
  [`${CLASSIC}incident.do%3Fsys_id%3D${SHOWN_ID}%26sysparm_view%3D`]: `incident sys_id=${SHOWN_ID}`,
  [`${INSTANCE}/now/workspace/agent/record/incident/${SHOWN_ID}`]: `incident sys_id=${SHOWN_ID}`,
  [`${INSTANCE}/now/sow/record/sn_grc_issue/${SHOWN_ID}/params/selected-tab-index/1`]: `sn_grc_issue sys_id=${SHOWN_ID}`,
  [`${INSTANCE}/now/workspace/agent/simplelist/incident/params/query/active%3Dtrue%5Epriority%3D1`]:
    "incident active=true^priority=1",
  [`${INSTANCE}/api/now/v2/table/incident?sysparm_query=active%3Dtrue&sysparm_limit=1`]: "incident active=true",
  [`/api/now/table/incident/${SHOWN_ID}`]: `incident sys_id=${SHOWN_ID}`,
};

export const QUERY_CASES: Record<string, Case> = {
  "address gives its table and its query": async ({ queries }) => {
    await queries.load();
    for (const [address, expected] of Object.entries(ADDRESSES)) {
      const { table, query } = queries.Query.fromUrl(address);
      is(`${table} ${query}`, expected);
    }
    for (const other of [`${INSTANCE}/$pa_dashboard.do?x=1`, `${INSTANCE}/incident.do`, "https://["]) {
      let code: unknown;
      try {
        queries.Query.fromUrl(other);
      } catch (thrown) {
        code = (thrown as { code?: unknown }).code;
      }
      is(`${other} ${code}`, `${other} query.address`);
    }
  },

  "query is built, read back and explained": async ({ queries }) => {
    await queries.load();
    const { Query } = queries;
    const query = Query.where("active").is(true).and("priority").atMost(2).or("state").is(6);
    const sorted = query.orderByDescending("sys_created_on");
    is(String(sorted), "active=true^priority<=2^ORstate=6^ORDERBYDESCsys_created_on");
    is(String(query), "active=true^priority<=2^ORstate=6");
    is(sorted.explain(), "active is true, and priority is at most 2 or state is 6; newest first");
    is(String(Query.from(sorted.tree())), String(sorted));
    is(String(Query.parse("nameCONTAINSx^EQ")), "nameLIKEx");
    is(String(Query.where()), "");
    is(String(Query.where().orderBy("a").and("b").is(1).or("c").is(2)), "b=1^ORc=2^ORDERBYa");
    is(JSON.stringify({ query }), `{"query":"${query}"}`);
    is(query.encodedLength, encodeURIComponent(String(query)).length);
    is(String(Query.parse("a=1^ORDERBYb").and("c").isEmpty().newQuery("d").isNot("x")), "a=1^cISEMPTY^NQd!=x^ORDERBYb");
  },

  "write by query is refused by lint and confirms its count": whereNoRowIsHidden(async ({ queries, open, control }) => {
    await queries.load();
    const { Query, deleteWhere, updateWhere } = queries;
    const table = (await open()).table("incident");
    const made = { short_description: "written by query", priority: 4 };
    const ids = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => String((await table.create(made)).sys_id)));
    const asked: { rows: number; hidden: number | null; explanation: string }[] = [];
    const options = (answer: boolean, limit = 10) => ({
      schema: SCHEMA,
      limit,
      confirm: (found: (typeof asked)[number]) => {
        asked.push(found);
        return answer;
      },
    });
    const code = async (act: () => Promise<unknown>) =>
      act().then(
        () => "done",
        (thrown: QueryError) => thrown.code,
      );
    const query = Query.where("short_description").is("written by query");
    const misspelt = Query.where("short_descripton").is("written by query");
    const calls = async () => ((await control("journal")) as { requests: unknown[] }).requests.length;
    const before = await calls();
    is(await code(() => deleteWhere(table, misspelt, options(true))), "query.unsound");
    is(await code(() => deleteWhere(table, Query.parse("ORDERBYnumber"), options(true))), "query.whole-table");
    is(await code(() => deleteWhere(table, String(query) as never, options(true))), "query.not-examined");
    is(
      await code(() => deleteWhere(table, query, { ...options(true), schema: { ...SCHEMA, table: "task" } })),
      "query.schema",
    );
    is(await code(() => deleteWhere(table, query, { schema: SCHEMA } as never)), "query.unconfirmed");
    is(await calls(), before);
    is(await code(() => deleteWhere(table, query, options(true, 5))), "query.too-many-rows");
    is(asked.length, 0);
    is((await deleteWhere(table, query, options(false))).left.length, 6);
    is(JSON.stringify(asked), '[{"rows":6,"hidden":0,"explanation":"short_description is written by query"}]');
    const changed = await updateWhere(table, query, { short_description: "written again" }, options(true));
    is(JSON.stringify(changed), '{"written":6,"failed":[],"left":[]}');
    is(await table.count(query), 0);
    const again = Query.where("short_description").is("written again");
    const gone = ids[2] as string;
    const deleted = await deleteWhere(table, again, {
      ...options(true),
      confirm: () => table.delete(gone).then(() => true),
    });
    is(`${deleted.written} ${deleted.failed.map(({ id }) => id === gone)} ${deleted.left.length}`, "5 true 0");
    is(await table.count(again), 0);
  }),

  "void conditions count as none for a write by query": async ({ queries, open }) => {
    await queries.load();
    const { Query, deleteWhere } = queries;
    const table = (await open()).table("incident");
    const codes = ["", "^NQactive=true", "^active=true"].map(async (more) => {
      const query = Query.parse(`${Query.where("short_description").contains("")}${more}`);
      const confirm = () => {
        throw new Error("nobody should be asked");
      };
      return deleteWhere(table, query, { schema: SCHEMA, confirm }).catch((thrown: QueryError) => thrown.code);
    });
    is((await Promise.all(codes)).join(), "query.whole-table,query.whole-table,query.unsound");
    for (const query of [Query.where("active").atLeast(""), Query.parse("stateIN"), Query.parse("priorityBETWEEN3@1")])
      is(query.lint(SCHEMA).filter(({ severity }) => severity === "error").length >= 1, true);
  },

  "run-together negation is read, or is an error that keeps it": async ({ queries }) => {
    await queries.load();
    const { Query } = queries;
    is(
      String(Query.parse("stateNOTIN1,2^numberNOTISEMPTY^active!=true")),
      "stateNOT IN1,2^numberISNOTEMPTY^active!=true",
    );
    const query = Query.parse("numberNOTSTARTSWITHx");
    const [problem] = query.lint(SCHEMA);
    is(
      `${problem?.code} ${problem?.fixes.length} ${query.explain().includes("not understood")}`,
      "query.unread 0 true",
    );
    is(thrown(() => query.check(SCHEMA)).code, "query.unsound");
    is(thrown(() => Query.where("stateNOT").in([1])).code, "value.ambiguous");
  },

  "every operator goes through the tree and back": async ({ queries }) => {
    await queries.load();
    for (const text of [
      "stateNOT IN1,2^priorityBETWEEN1@3^closed_atISEMPTY^aSAMEASb@day^cGT_OR_EQUALS_FIELDd",
      "a=1^NQb=2^NQc=3^ORd=4^GROUPBYe^ORDERBYf",
      "opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)^aRELATIVEGT@hour@ago@1",
      "sla_dueDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')^aMORETHANb@day@before@1",
      "managerIN_HIERARCHYabc@def^caller_idDYNAMIC54635e965f510100a9ad2572f2b4774c",
      "RLQUERYincident.problem_id,>=1,priority=1^ORpriority=2^ENDRLQUERY^sys_class_nameINSTANCEOFcmdb_ci",
      "RLQUERYtask_ci.task,>=1,m2m^ci_item.nameLIKEmail^ORci_item.nameISEMPTY^ENDRLQUERY^RLQUERYa.b,=0,m2m^ENDRLQUERY",
      "123TEXTQUERY321=printer^note=a^^b^x=javascript:evil()^stateVALCHANGES^sys_tags.abcEXCLUDINGabc",
    ]) {
      const query = queries.Query.parse(text);
      is(String(query), text);
      is(String(queries.Query.from(query.tree())), text);
      is(String(query.groupBy("z")).includes("GROUPBYz"), true);
    }
  },

  "nesting becomes groups, up to a number of them": async ({ queries }) => {
    await queries.load();
    const is_ = (field: string, value: Operand) => ({ field, operator: "=", value }) as const;
    const pair = { any: [{ all: [is_("a", 1), is_("b", 2)] }, is_("c", 3)] };
    const query = queries.Query.from({ all: [is_("active", true), pair, { not: is_("d", 4) }] });
    is(String(query), "active=true^c=3^d!=4^NQactive=true^a=1^b=2^d!=4");
    const error = thrown(() => queries.Query.from({ all: Array.from({ length: 7 }, () => pair) }));
    is(error.code, "group.too-many");
    is(error.message.includes("128"), true);
    is(String(queries.Query.from({ any: [] })), "");
  },

  "values the platform cannot carry are refused unsent": async ({ queries }) => {
    await queries.load();
    const { Query, QueryError } = queries;
    const code = (value: unknown, operator = "=") =>
      thrown(() => Query.from({ field: "a", operator, value } as Condition)).code;
    is(code("x^NQactive=true"), "value.caret");
    is(code("javascript:gs.log('x')"), "value.script");
    is(code({ script: "gs.log('x')" }), "value.script");
    is(code(["1,2", "3"], "IN"), "value.separator");
    is(code("line\nbreak"), "value.line-break");
    is(code("nul\0c\0"), "value.line-break");
    is(code(Number.NaN), "value.number");
    is(code({ instant: "2026-09-29T07:30:40" }, ">"), "value.instant");
    is(code({ colour: 1 }), "tree.shape");
    is(code("x", "LE_OR_EQUALS_FIELD"), "operator.unknown");
    is(code("None", "ISEMPTY"), "operator.value");
    const error = thrown(() => Query.parse("active=true^short_descriptionlikevpn"));
    is(error instanceof QueryError && error instanceof Error, true);
    is(`${error.name} ${error.code} ${error.position} ${error.nearest}`, "QueryError query.syntax 29 LIKE");
    is(String(Query.parse("a=1^b sort of c", { lenient: true })), "a=1^b sort of c");
  },

  "zero, dates and scripts are written in the platform's form": async ({ queries }) => {
    await queries.load();
    const { Query } = queries;
    is(String(Query.where("n").moreThan(0)), "n>0");
    is(String(Query.where("n").is("")), "n=");
    const instant = new Date("2026-09-29T07:30:40.999Z");
    is(String(Query.where("opened_at").atLeast(instant)), "opened_at>=2026-09-29 07:30:40");
    is(String(Query.where("a").is({ escaped: "x^y" })), "a=x^^y");
    is(String(Query.where("a").is({ script: "gs.getUserID()" })), "a=javascript:gs.getUserID()");
    const week = "aONLast 7 days@javascript:gs.daysAgoStart(7)@javascript:gs.daysAgoEnd(0)";
    is(String(Query.where("a").on("Last 7 days")), week);
    is(String(Query.where("a").in([1, 2]).or("b").between(1, 3).and("c").sameAs("d")), "aIN1,2^ORbBETWEEN1@3^cSAMEASd");
  },

  "lint finds dropped conditions, and its fixes repair them": async ({ queries }) => {
    await queries.load();
    const query = queries.Query.parse("active=true^shortdescriptionLIKE😀^state=Resolved^caller_id=Joe^ORDERBYnumber");
    const problems = query.lint(SCHEMA);
    is(problems.map(({ code }) => code).join(), "field.unknown,value.label,value.reference,sort.unindexed");
    const field = problems[0];
    is(String(query).slice(field?.start, field?.end), "shortdescription");
    is(thrown(() => query.check(SCHEMA)).problems?.length, 3);
    let repaired = query;
    for (let problem = problems[0]; problem; problem = repaired.lint(SCHEMA).find(({ fixes }) => fixes.length > 0)) {
      const [fix] = problem.fixes;
      if (!fix) throw new Error(`${problem.code} has no fix`);
      repaired = repaired.fixed(fix);
    }
    is(String(repaired), "active=true^short_descriptionLIKE😀^state=6^caller_id.name=Joe^ORDERBYsys_id");
    is(repaired.check(SCHEMA), repaired);
  },

  "fix says its effect, and phrases have the places of their conditions": async ({ queries }) => {
    await queries.load();
    const query = queries.Query.parse("numbr=😀^ORactive=true^state=Resolved^shortdescriptionISEMPTY^ORDERBYnumber");
    const effects = query
      .lint(SCHEMA)
      .flatMap(({ code, fixes }) => fixes.slice(0, 1).map(({ effect }) => `${code} ${effect}`));
    is(effects.join(), "field.unknown changes,value.label changes,field.unknown narrows,sort.unindexed keeps");
    const phrases = query.phrases();
    is(phrases.map(({ text }) => text).join(""), query.explain());
    const placed = phrases.filter(({ start }) => start !== undefined);
    is(
      placed.map(({ start, end }) => String(query).slice(start, end)).join(" "),
      "numbr=😀 active=true state=Resolved shortdescriptionISEMPTY ORDERBYnumber",
    );
    is(queries.Query.parse("a%3D1", { lenient: true }).phrases().length, 1);
  },

  "table is read by a Query; other objects are refused": async ({ queries, open, thrown }) => {
    await queries.load();
    const table = (await open()).table("incident");
    const query = queries.Query.where("active").is(true).and("priority").in([1, 2]);
    let count = 0;
    for await (const row of table.rows({ query, limit: 25 })) {
      is(row.active === "true" && (row.priority === "1" || row.priority === "2"), true);
      count += 1;
    }
    is(count, 25);
    is((await thrown(() => table.list({ query: {} as string }))).code, "options.type");
  },
};

function thrown(run: () => unknown): QueryError {
  try {
    String(run());
  } catch (error) {
    return error as QueryError;
  }
  throw new Error("nothing was thrown");
}
