/** The contract, as a user's compiler sees it. A line under `@ts-expect-error` must not compile. */
import {
  AuthenticationError,
  type Classified,
  classify,
  connect,
  type ErrorCode,
  type Instance,
  type KnownErrorCode,
  load,
  type Observed,
  type Page,
  RateLimitError,
  type Row,
  SysparmError,
} from "sysparm";
import { type AdministratorCredentials, examine, type Finding, type Report } from "sysparm/doctor";
import { load as loadModel, ModelError, type ModelMap, type Status, type Ticket, type User } from "sysparm/model";
import { type HttpAgent, httpFetch } from "sysparm/node-http";
import { type Condition, type Fix, load as loadQueries, Query, QueryError, type QueryTree } from "sysparm/query";
import { type Field, SchemaError, schema, type TableSchema } from "sysparm/schema";
import { type JournalEntry, type Money, read, type TypedValue, ValueError, write } from "sysparm/values";

export async function use(): Promise<void> {
  await load();
  const instance: Instance = await connect({
    url: "https://dev12345.service-now.com",
    auth: { grant: "client_credentials", clientId: "id", clientSecret: "secret", clientAuth: "basic" },
    timeLimits: { callMs: 1000 },
  });
  await connect({ url: "https://x.example", auth: { token: "t", expiresAt: 1 } });
  await connect({ url: "https://x.example", auth: { token: async (refused?: string) => ({ token: refused ?? "t" }) } });
  await connect({
    url: "https://x.example",
    auth: { grant: "authorization_code", clientId: "id", redirectUri: "https://a.example/", expires: { key: 1 } },
    store: { get: async () => null, set: async (_name, _text, { expiresAt }) => console.log(expiresAt) },
    lock: navigator.locks,
    onEvent: (event) => console.log(event.type === "attention" ? event.diagnosis.code : event.at),
  });
  await connect({ url: "https://x.example", auth: { apiKey: "k", in: "query" } });
  await connect({ url: "https://x.example", auth: { username: "u", password: "p" } });
  const agent: HttpAgent = { maxSockets: 4, destroy: () => undefined };
  await connect({ url: "https://x.example", auth: { certificate: true }, fetch: httpFetch({ agent }) });
  // @ts-expect-error an agent is no address of a proxy
  httpFetch({ agent: "http://proxy.example" });
  // @ts-expect-error an assertion needs a key
  await connect({ url: "https://x.example", auth: { grant: "jwt_bearer", clientId: "id", subject: "s" } });
  // @ts-expect-error a grant needs its secret
  await connect({ url: "https://x.example", auth: { grant: "client_credentials", clientId: "id" } });
  // @ts-expect-error no such grant
  await connect({ url: "https://x.example", auth: { grant: "implicit", clientId: "id", clientSecret: "s" } });
  const listed: KnownErrorCode = "token.refused";
  // @ts-expect-error no such code
  const unlisted: KnownErrorCode = "token.refsued";
  const later: ErrorCode = "token.of-a-later-version";
  console.log(listed, unlisted, later);
  // @ts-expect-error an address is needed
  await connect({ auth: { token: "t" } });

  const token: string = await instance.token();
  const page: Page = await instance
    .table("incident")
    .list({ query: "active=true", fields: ["number"], displayValue: "all" });
  const total: number | null = page.total;
  for await (const row of instance.table("incident").rows({ limit: 10 }))
    console.log((row satisfies Row).number, token, total);
  // @ts-expect-error a count that is unknown is null
  const known: number = page.total;
  // @ts-expect-error a page size is a number
  instance.table("incident").pages({ pageSize: "many" });
  const reply: Response = await instance.request("/api/now/table/incident", { method: "POST", body: "{}" });
  console.log(reply.status, known);

  try {
    await instance.table("incident").get("id");
  } catch (thrown) {
    if (thrown instanceof RateLimitError) console.log(thrown.resumesAt satisfies number | undefined);
    if (thrown instanceof AuthenticationError)
      console.log(thrown.diagnosis.causes[0]?.fix[0] satisfies string | undefined);
    if (thrown instanceof SysparmError)
      console.log(thrown.code satisfies ErrorCode, thrown.response satisfies Response | undefined);
  }
  // @ts-expect-error only sysparm makes its errors
  new SysparmError("mine");
  instance.close();
}

export async function useQueries(): Promise<void> {
  await loadQueries();
  const query: Query = Query.where("active")
    .is(true)
    .and("priority")
    .atMost(2)
    .or("state")
    .in([6, 7])
    .orderBy("number");
  const relative: Query = Query.where("opened_at")
    .with("RELATIVEGT", ["hour", "ago", 1])
    .and("opened_at")
    .on("Last 7 days");
  const tree: QueryTree = relative.tree();
  const nested = Query.from({ all: [{ not: { field: "state", operator: "IN", value: [7, 8] } }, tree], orderBy: [] });
  const fixes: Fix[] = nested
    .lint({ table: "task", tables: { task: { fields: { state: {} } } } })
    .flatMap(({ fixes }) => fixes);
  const text: string = query.check({ table: "task", tables: {} }).explain();
  const instance = await connect({ url: "https://x.example", auth: { token: "t" } });
  await instance.table("incident").list({ query });
  console.log(fixes, text, Query.parse("a=1", { lenient: true }) instanceof Query, QueryError.name);
  const unit: Condition = { field: "a", operator: "RELATIVEGT", value: ["hour", "ago", 1] };
  // @ts-expect-error an operator that takes nothing
  Query.where("a").with("ISEMPTY", "x");
  // @ts-expect-error no such stretch of time
  Query.where("a").on("Last Tuesday");
  // @ts-expect-error BETWEEN takes two values
  const range: Condition = { field: "a", operator: "BETWEEN", value: [1] };
  // @ts-expect-error no such operator
  const operator: Condition = { field: "a", operator: "LE_OR_EQUALS_FIELD", value: { field: "b" } };
  // @ts-expect-error a query is built, parsed or made from a tree
  new Query();
  console.log(unit, range, operator);
}

export async function useClassify(): Promise<void> {
  const reply = await fetch("https://x.example/api/now/table/incident");
  const { status, headers } = reply;
  const observed: Observed = { status, headers, body: await reply.text(), request: { url: reply.url } };
  const found: Classified = await classify(observed, { earlier: [{ transport: "timed-out" }], release: "zurich" });
  console.log(found.title, found.retry.when === "look-first", found.causes[0]?.fix[0] satisfies string | undefined);
  // @ts-expect-error a body is text
  await classify({ status, body: reply.body });
  // @ts-expect-error no such ending
  await classify({ transport: "lost" });
}

export async function useDoctor(): Promise<void> {
  const administrator: AdministratorCredentials = { username: "admin", password: "p" };
  const auth = { grant: "client_credentials", clientId: "id", clientSecret: "s" } as const;
  const examination = examine({ url: "https://x.example", auth, administrator, query: Query.parse("active=true") });
  for await (const finding of examination) {
    const needs: string | undefined = (finding satisfies Finding).needs;
    console.log(finding.state === "unknown" ? needs : finding.fix[0]);
  }
  const report: Report = await examination.report();
  console.log(report.causes[0]?.change?.set[0]?.[1] satisfies string | undefined, report.guide.steps[0]?.place);
  // @ts-expect-error no such state
  console.log((await examination.report()).findings[0]?.state === "good");
  // @ts-expect-error the password grant needs its user
  examine({ url: "https://x.example", auth: { grant: "password", clientId: "id", clientSecret: "s" } });
}

export async function useCatalog({ catalog }: Instance): Promise<void> {
  const item = await catalog.item("id");
  const rows = [{ source: "10.0.0.1", port: 443, active: true }];
  const order = { quantity: 2, variables: { members: ["a", "b"], rows, none: null }, recovery: { attempts: 1 } };
  const ordered = await catalog.order(item, { ...order, correlation: { variable: "reference" } });
  const number: string = ordered.placed ? ordered.number : ordered.cartId;
  const { ok, problems, values } = await catalog.checkVariables("id", order.variables, { quantity: 1 });
  const { items, hidden } = await catalog.request(number, { variables: true });
  console.log(ok, problems[0]?.message, values, items[0]?.tasks[0]?.state.label, hidden.tasks);
  // @ts-expect-error: it is not known whether the order was placed
  console.log(ordered.number);
  // @ts-expect-error: an answer is no object
  await catalog.order(item, { variables: { one: { value: "x" } } });
  // @ts-expect-error: the producer's table is needed
  await catalog.submitProducer(item, { correlation: { variable: "reference" } });
}

export async function useSchemas(instance: Instance): Promise<void> {
  const made: TableSchema = await instance.schema("incident", { maxAgeMs: 60_000, language: "de" });
  const field: Field | undefined = (await schema(instance, "incident", { rows: true })).tables.incident?.fields.state;
  const problems: string[] = Query.parse("active=true")
    .lint(made)
    .map(({ code }) => code);
  for await (const row of instance.table("incident").rows()) {
    const { values, labels, problems: unread } = read(row, made, { displayValue: false });
    const value: TypedValue | undefined = values.due_date;
    if (value instanceof Date) console.log(value.getTime(), labels.state, unread[0]?.text);
    const entries = values.work_notes as JournalEntry[] | null;
    console.log(entries?.[0]?.instant, (values.price as Money).amount satisfies string);
  }
  await instance.table("incident").create(write({ due_date: new Date(0), active: true }, made, { wholeSeconds: true }));
  console.log(field?.choices?.[0]?.label, problems, made.indexes?.length, SchemaError.name, ValueError.name);
  // @ts-expect-error no such option
  await instance.schema("incident", { maxAge: 1 });
  // @ts-expect-error only sysparm makes its errors
  new ValueError("mine");
  // @ts-expect-error indexes that may not be read are null
  console.log(made.indexes.length);
}

export async function useCalls(): Promise<void> {
  const instance = await connect({ url: "https://x.example", auth: { token: "t" }, joinReads: true });
  const table = instance.table("incident");
  const row: Row = await table.create(
    { a: 1 },
    { correlation: { field: "correlation_id" }, recovery: { settleMs: 1 } },
  );
  await table.update("id", { a: 1 }, { expect: { sys_mod_count: "4" }, recovery: {} });
  await table.delete("id", { recovery: { attempts: 2 } });
  // @ts-expect-error a key needs its field
  await table.create({}, { correlation: { value: "a" } });
  await table.list({ headers: new Headers(), params: { sysparm_query_no_domain: true, "x-a": 1 } });
  // @ts-expect-error the headers of a call are no list
  await table.get("id", { headers: [["x-a", "b"]] });
  // @ts-expect-error each request of a batch has an address of its own
  await instance.batch([], { params: {} });
  const [group] = await instance.aggregate("incident", {
    avg: ["a"],
    having: [{ of: "count", field: "a", operator: ">", value: 1 }],
  });
  const average: number | string | null | undefined = group?.avg.a;
  const [outcome] = await instance.batch<{ sys_id: string }>([{ path: "/api/now/table/incident/id" }]);
  const id: string | undefined = outcome?.ok ? outcome.result.sys_id : outcome?.error.known?.ids[0];
  // @ts-expect-error an outcome that is not ok has no result
  console.log(outcome?.result);
  const { counts, complete } = await instance.importSet("imp_user").insert([{ a: "b", c: 1 }]);
  const { attachments, hidden } = await instance.attachments.list({ table: "incident", record: "id" });
  const made = await instance.attachments.upload({ table: "a", record: "b", name: "c", body: new Blob([]) });
  const { response } = await instance.attachments.download(made.sys_id, {
    progress: (bytes, total) => bytes === total,
  });
  console.log(row, average, id, counts.inserted, complete, attachments[0]?.size, hidden, response.body);
}

export async function unified(map: ModelMap) {
  const model = await loadModel();
  const tickets = model.plan("incident", map);
  const ticket: Ticket = tickets.read({});
  const status: Status | null | undefined = ticket.status?.value;
  const user: User = model.plan("sys_user").read({});
  const any = model.plan("u_ticket", map).read({});
  console.log(status, user.email?.length, any.kind === "ticket" ? any.title : any.id, ModelError.name);
  tickets.write({ ...ticket, status: "resolved", requester: { id: "1" }, comment: "Done.", custom: { u_a: "1" } });
  // @ts-expect-error: no value of the model
  tickets.write({ status: "done" });
  // @ts-expect-error: a date is text
  tickets.write({ dueAt: new Date(0) });
  // @ts-expect-error: no field of a user
  model.plan("sys_user").write({ status: "new" });
  // @ts-expect-error: only the package makes them
  new ModelError("mine");
}
