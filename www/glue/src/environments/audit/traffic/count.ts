/** What one call needed: tables and operations, fields, and what its recording leaves open. */
import type { Schema, SchemaTable } from "sysparm/query";
import { planOf } from "../../../shared/query-terms.js";
import { type Called, calledOf, operationOf, processorOf } from "./api.js";
import { addressOf, listIn, membersIn, parsedJson, type SeenCall, textFromBase64, textIn } from "./recorded.js";
import type { Tally } from "./tally.js";

/** Tables whose rows are of many classes, each with rules of its own. */
const BASES = new Set(["task", "cmdb", "cmdb_ci", "sys_metadata", "sys_import_set_row", "planned_task"]);
const NAME = /^[a-z][a-z\d_]{0,79}$/;
const PATH = /^[a-z][a-z\d_]*(?:\.[a-z][a-z\d_]*)+$/;

export interface Counting {
  tally: Tally;
  schemas: readonly Schema[];
}

/** Whether it is a call of an API. Calls with status 401 prove nothing about needs and count for the API only. */
export function countCall(counting: Counting, call: SeenCall, depth = 0): boolean {
  const { tally } = counting;
  if (/^\/oauth_(?:token|revoke_token)\.do$/.test(call.path)) {
    if (call.path === "/oauth_token.do") tally.grant(grantOf(call), (call.status ?? 200) >= 400);
    return true;
  }
  const called = calledOf(call.method, call.path);
  if (!called) {
    processor(counting, call);
    return false;
  }
  const refused = call.status === 403;
  tally.calls += 1;
  tally.api(called.api, call.method, refused);
  if (call.status === 401) return true;
  if (called.open !== undefined && !refused)
    tally.gap("api.uses-unknown", called.api, `The recording does not show, of ${called.api}, ${called.open}.`);
  for (const { table, operation } of called.uses) {
    tally.use(table, operation, called.api, refused);
    // The reply to a write is the record, and a record is found before it is changed.
    if (operation !== "read") tally.use(table, "read", "reply", refused);
  }
  if (called.api === "Batch API" && depth === 0) return inner(counting, call);
  if (called.api === "Attachment API") attachment(counting, call, refused);
  if (called.api === "Import Set API") imported(counting, call, called);
  for (const { table } of called.uses) fields(counting, call, table, called.api);
  return true;
}

/** A call of a processor works today, and what it needs is not counted. */
function processor({ tally }: Counting, { path, status, reply }: SeenCall): void {
  const name = processorOf(path, reply);
  if (name === undefined || status === null || (status ?? 200) >= 300) return;
  const message = `Calls of ${name} are not understood: the tables that they read or change need roles, too.`;
  tally.gap("processor.unread", name, message);
}

function grantOf({ body, parameters }: SeenCall): string {
  const grant = (body === null ? null : new URLSearchParams(body).get("grant_type")) ?? parameters.get("grant_type");
  return grant && /^[\w:.-]{1,100}$/.test(grant) ? grant : "unknown";
}

/** The calls in a batch, each with its own status. */
function inner(counting: Counting, call: SeenCall): boolean {
  const requests = listIn(membersIn(parsedJson(call.body ?? "")).rest_requests).map(membersIn);
  if (requests.length === 0) {
    counting.tally.gap("batch.no-bodies", "", "Calls in batches are not in the recording: record them with bodies.");
    return true;
  }
  const replies = listIn(membersIn(parsedJson(call.reply ?? "")).serviced_requests).map(membersIn);
  for (const request of requests) {
    const reply = replies.find(({ id }) => String(id) === String(request.id));
    const address = addressOf(textIn(request.url));
    const one = address && {
      ...call,
      ...address,
      method: textIn(request.method).toUpperCase() || "GET",
      status: reply ? Number(reply.status_code) || null : undefined,
      body: textFromBase64(textIn(request.body)) || null,
      reply: textFromBase64(textIn(reply?.body)) || null,
    };
    if (!one || !countCall(counting, one, 1)) counting.tally.passedOver += 1;
  }
  return true;
}

/** An attachment is read and written by the rules of the record that it belongs to. */
function attachment({ tally }: Counting, call: SeenCall, refused: boolean): void {
  const operation = operationOf(call.method);
  const rows = membersIn(parsedJson(call.reply ?? "")).result;
  const named = [call.parameters.get("table_name"), ...[rows].flat().map((row) => textIn(membersIn(row).table_name))];
  const query = call.parameters.get("sysparm_query") ?? "";
  named.push(...[...query.matchAll(/(?:^|\^)table_name=([a-z\d_]+)/g)].map(([, table]) => table ?? null));
  const tables = new Set(named.filter((table): table is string => !!table && NAME.test(table)));
  if (tables.size === 0) {
    const message =
      "The recording does not show whose attachments: their tables need read, and write where one is added.";
    tally.gap("attachment.no-table", "", message);
  }
  for (const table of tables) {
    tally.use(table, "read", "Attachment API", refused);
    if (operation !== "read") tally.use(table, "write", "Attachment API", refused);
  }
}

/** The target table of an import is in its reply only. */
function imported({ tally }: Counting, call: SeenCall, { uses: [use] }: Called): void {
  if (!use || call.method !== "POST") return;
  const results = listIn(membersIn(parsedJson(call.reply ?? "")).result).map(membersIn);
  let known = false;
  for (const { table, status } of results) {
    if (!NAME.test(textIn(table))) continue;
    known = true;
    tally.use(textIn(table), "read", "Import Set API", false);
    // A row that changed nothing would have been a write.
    tally.use(textIn(table), status === "inserted" ? "create" : "write", "Import Set API", false);
  }
  const message = `The recording does not show where rows of ${use.table} go: the target needs read, create and write.`;
  if (!known) tally.gap("import.no-target", use.table, message);
}

function fields(counting: Counting, call: SeenCall, table: string, api: string): void {
  const { tally } = counting;
  const { parameters } = call;
  const query = parameters.get("sysparm_query") ?? "";
  const plan = planOf(query);
  if (!plan)
    tally.gap("query.unread", table, "A query of this table cannot be read for certain: its fields are not listed.");
  const conditions = plan?.any.flatMap(({ all }) => all.flatMap(({ either }) => either)) ?? [];
  const queried = [...conditions, ...(plan?.orderBy ?? [])].map(({ field }) => field);
  const grouped = ["group_by", "avg_fields", "min_fields", "max_fields", "sum_fields"];
  const aggregated = grouped.flatMap((name) => (parameters.get(`sysparm_${name}`) ?? "").split(","));
  note(counting, table, "queried", [...queried, ...(plan?.groupBy ?? []), ...aggregated]);
  if (api === "Aggregate API") return;
  const wanted = (parameters.get("sysparm_fields") ?? "").split(",").filter((name) => name.trim() !== "");
  if (wanted.length === 0 && call.method !== "DELETE") tally.allFields(table);
  note(counting, table, "read", wanted);
  const sent = call.method === "POST" || call.method === "PUT" || call.method === "PATCH";
  if (sent) note(counting, table, "written", Object.keys(membersIn(parsedJson(call.body ?? ""))));
  classes(counting, call, table);
}

/** Rows of a table that others extend are read by the rules of their own class. */
function classes({ tally }: Counting, call: SeenCall, table: string): void {
  if (call.method !== "GET" || !BASES.has(table)) return;
  const rows = [membersIn(parsedJson(call.reply ?? "")).result].flat().map(membersIn);
  const named = rows.map((row) => textIn(membersIn(row.sys_class_name).value) || textIn(row.sys_class_name));
  const known = new Set(named.filter((name) => NAME.test(name)));
  for (const name of known) if (name !== table) tally.use(name, "read", "reply", false);
  const message = `Rows of ${table} are of classes with rules of their own, and the recording does not show which.`;
  if (known.size === 0) tally.gap("table.classes-unknown", table, message);
}

function note(counting: Counting, table: string, kind: "read" | "queried" | "written", names: string[]): void {
  const clean = names.map((name) => name.trim());
  counting.tally.fields(
    table,
    kind,
    clean.filter((name) => NAME.test(name)),
  );
  for (const path of clean.filter((name) => PATH.test(name))) follow(counting, table, path, kind);
}

/** A field behind dots is read from the tables that the references lead to. */
function follow(counting: Counting, table: string, path: string, kind: "read" | "queried" | "written"): void {
  const [first = "", ...rest] = path.split(".");
  const { tally, schemas } = counting;
  tally.fields(table, kind, [first]);
  if (rest.length === 0) return;
  const target = schemas.map((schema) => referenceOf(schema, table, first)).find((found) => found !== undefined);
  if (!target) {
    const message = `${table}.${path} is read from another table, which needs read: pass the schema of ${table}.`;
    tally.gap("reference.unresolved", `${table}.${path}`, message);
    return;
  }
  tally.use(target, "read", "reference", false);
  follow(counting, target, rest.join("."), kind);
}

function referenceOf(schema: Schema, table: string, field: string): string | undefined {
  const seen = new Set<string>();
  let name: string | undefined = table;
  while (name !== undefined && !seen.has(name)) {
    seen.add(name);
    const known: SchemaTable | undefined = Object.hasOwn(schema.tables, name) ? schema.tables[name] : undefined;
    const reference = known && Object.hasOwn(known.fields, field) ? known.fields[field]?.reference : undefined;
    if (reference) return reference;
    name = known?.extends;
  }
  return undefined;
}
