/** The Import Set API: stages rows and reads what their transform made of each, about which a 201 says nothing. */
import type {
  ImportOptions,
  ImportOutcome,
  ImportResult,
  ImportRow,
  ImportStatus,
  ReadOptions,
  Row,
  SysparmError,
} from "sysparm";
import { type CallContext, replyError, wholeText } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import type { ImportRecovery, RowOutcome } from "../recovery/import.js";
import { stored } from "../shared/rows.js";

type Signalled = Pick<ReadOptions, "signal">;

/** The longest body that an instance reads by default (`glide.rest.max_content_length`). */
const LARGEST_BODY = 10 * 1024 * 1024;
const AT_ONCE = 4;

/** Best first; of several results of a row the worst counts. */
const STATUSES: readonly ImportStatus[] = [
  "inserted",
  "updated",
  "ignored",
  "unreadable",
  "pending",
  "skipped",
  "error",
  "failed",
];

/** Stages rows one by one and reports what became of each. */
export async function insertRows(
  context: CallContext,
  staging: string,
  given: ImportRow | readonly ImportRow[],
  options: ImportOptions = {},
): Promise<ImportOutcome> {
  const { signal } = options;
  const texts = (Array.isArray(given) ? given : [given]).map((row) => textCells(context, row));
  const safe = await safely(context, staging, texts, options);
  const rows = safe?.rows ?? texts;
  const outcomes: RowOutcome[] = [];
  const next = rows.entries();
  const work = async () => {
    for (const [place, row] of next) {
      signal?.throwIfAborted();
      for (let sends = 1; outcomes[place] === undefined; sends += 1) {
        const outcome = await insertOne(context, staging, row, signal);
        const { error } = outcome;
        const isLost = safe && error?.name === "UnknownOutcomeError";
        const settled = isLost ? await safe.one(place, error, sends) : outcome;
        if (settled) outcomes[place] = settled;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return summary(outcomes, 0);
}

/** Finds rows whose answer was lost, if the options give a key. */
async function safely(
  context: CallContext,
  staging: string,
  rows: Record<string, string>[],
  options: ImportOptions,
): Promise<ImportRecovery | undefined> {
  const { correlation, recovery, signal } = options;
  if (correlation === undefined && recovery === undefined) return undefined;
  if (correlation === undefined) {
    throw context.invalid(
      "options.correlation",
      "Missing option `correlation.field`. Pass the column that tells the rows apart.",
    );
  }
  if (rows.length === 0) return undefined;
  const { importRecovery } = await import("../recovery/calls.js");
  const read = async (id: string): Promise<RowOutcome> => {
    const path = `${importPath(staging)}/${id}`;
    const { reply } = await context.send({ method: "GET", path, expect: ExpectedBody.untouched, signal });
    return rowOutcome(context, "GET", path, reply);
  };
  return importRecovery(context, staging, rows, options, read);
}

async function insertOne(
  context: CallContext,
  staging: string,
  row: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<RowOutcome> {
  const path = importPath(staging);
  try {
    const init = { body: JSON.stringify(row) };
    const { reply } = await context.send({ method: "POST", path, expect: ExpectedBody.done, init, signal });
    return await rowOutcome(context, "POST", path, reply);
  } catch (error) {
    signal?.throwIfAborted();
    return { status: "failed", results: [], error: error as SysparmError };
  }
}

/** What the transform made of a row. */
async function rowOutcome(
  context: CallContext,
  method: string,
  path: string,
  reply: Response | undefined,
): Promise<RowOutcome> {
  const text = await wholeText(reply);
  if (text?.trim() === "") return { status: "unreadable", results: [] };
  const results = text === undefined ? undefined : resultsOf(text);
  if (!results) throw await replyError(context, method, path, reply, text);
  return { status: worst(results), results };
}

/** Stages all rows with one request. */
export async function insertTogether(
  context: CallContext,
  staging: string,
  given: readonly ImportRow[],
  options: { multiImportSetId?: string; runAfter?: string } & ImportOptions = {},
): Promise<{ importSetId: string; multiImportSetId: string }> {
  const { invalid } = context;
  // The instance would make an empty import set.
  if (!Array.isArray(given) || given.length === 0) {
    throw invalid("options.type", "Invalid argument `rows`. Pass a list of rows, with one at least.");
  }
  const texts = given.map((row) => textCells(context, row));
  const safe = await safely(context, staging, texts, options);
  const body = JSON.stringify({ records: safe?.rows ?? texts });
  if (new Blob([body]).size > LARGEST_BODY) {
    throw invalid(
      "request.body",
      "The rows are more than the 10 MB that an instance reads at once. Insert them in parts.",
    );
  }
  const parameters = [
    ["multi_import_set_id", options.multiImportSetId],
    ["run_after", options.runAfter],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  const path = [`${importPath(staging)}/insertMultiple`, parameters.join("&")].filter(Boolean).join("?");
  for (let sends = 1; ; sends += 1) {
    try {
      return await insertAll(context, path, body, options.signal);
    } catch (thrown) {
      const error = thrown as SysparmError;
      if (!safe || error?.name !== "UnknownOutcomeError") throw thrown;
      const importSetId = await safe.all(error, sends);
      if (importSetId) return { importSetId, multiImportSetId: options.multiImportSetId ?? "" };
    }
  }
}

async function insertAll(
  context: CallContext,
  path: string,
  body: string,
  signal: AbortSignal | undefined,
): Promise<{ importSetId: string; multiImportSetId: string }> {
  const { reply } = await context.send({ method: "POST", path, expect: ExpectedBody.done, init: { body }, signal });
  const text = await wholeText(reply);
  const answer: { import_set_id?: string; multi_import_set_id?: string } = Object(parsed(text));
  if (typeof answer.import_set_id !== "string" || answer.import_set_id === "")
    throw await replyError(context, "POST", path, reply, text);
  return { importSetId: answer.import_set_id, multiImportSetId: answer.multi_import_set_id ?? "" };
}

/** What the transform made of the rows of an import set. */
export async function readImportResults(
  { table, invalid }: CallContext,
  staging: string,
  importSetId: string,
  { signal }: Signalled = {},
): Promise<ImportOutcome> {
  if (typeof importSetId !== "string" || !/^\w+$/.test(importSetId))
    throw invalid("options.type", "Invalid argument `importSetId`. Pass the sys_id of an import set.");
  const fields = ["sys_import_state", "sys_import_state_comment", "sys_target_table", "sys_target_sys_id"];
  const pages = table(staging).pages({
    query: `sys_import_set=${importSetId}`,
    fields: [...fields, "sys_import_row"],
    ...(signal && { signal }),
  });
  const staged: Row[] = [];
  let hidden: number | null = null;
  for await (const page of pages) {
    staged.push(...page.rows);
    hidden = page.hidden;
  }
  // An import set that does not exist or belongs to another staging table must not look like one without errors.
  if (staged.length === 0 && !hidden) {
    throw invalid(
      "import-set.empty",
      `No row of ${staging} belongs to the import set ${importSetId}. Compare both names.`,
    );
  }
  // In the order in which they were given, where the staging table numbers them.
  staged.sort(
    (one, other) => Number(stored(one, "sys_import_row") ?? 0) - Number(stored(other, "sys_import_row") ?? 0),
  );
  const outcomes = staged.map((row): RowOutcome => {
    const [state, message, target, id] = fields.map((field) => stored(row, field) || undefined);
    const result: ImportResult = {
      // A hidden state is not the same as pending.
      status: stored(row, "sys_import_state") === undefined ? "unreadable" : statusOf(state),
      ...(target && { table: target }),
      ...(id && { sys_id: id }),
      ...(message && { message }),
    };
    return { status: result.status, results: [result] };
  });
  return summary(outcomes, hidden);
}

function importPath(staging: string): string {
  return `/api/now/import/${encodeURIComponent(staging)}`;
}

/** The instance stores values that are not text in a form of its own: `{"a":1}` as `{a=1}`. */
function textCells({ invalid }: CallContext, row: ImportRow): Record<string, string> {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw invalid("request.body", "Invalid row. Pass an object of its columns.");
  }
  const cells = Object.entries(row).map(([name, value]) => {
    if (value === null || value === undefined) return [name, ""];
    if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return [name, String(value)];
    throw invalid(
      "request.body",
      `Invalid value of column \`${name}\`. Pass a string, a finite number, true, false or null.`,
    );
  });
  return Object.fromEntries(cells);
}

interface ImportBody {
  import_set?: string;
  result?: Record<string, string | undefined>[];
}

function resultsOf(text: string): ImportResult[] | undefined {
  const body: ImportBody = Object(parsed(text));
  if (!Array.isArray(body.result) || body.result.some((one) => Object(one) !== one)) return undefined;
  return body.result.map((one) => {
    const message = [one.error_message, one.status_message].filter(Boolean).join(" ");
    return {
      status: statusOf(one.status),
      ...(one.table && { table: one.table }),
      ...(one.sys_id && { sys_id: one.sys_id }),
      ...(one.display_value && { displayValue: one.display_value }),
      ...(one.transform_map && { transformMap: one.transform_map }),
      ...(body.import_set && { importSet: body.import_set }),
      ...(message && { message }),
    };
  });
}

/** An unknown state is an error. */
function statusOf(state: unknown): ImportStatus {
  const status = STATUSES.find((one) => one === String(state ?? "").toLowerCase());
  return status ?? (state ? "error" : "pending");
}

function worst(results: ImportResult[]): ImportStatus {
  const ranks = results.map(({ status }) => STATUSES.indexOf(status));
  // Without a transform map the row is only staged.
  return STATUSES[Math.max(-1, ...ranks)] ?? "skipped";
}

function summary(rows: RowOutcome[], hidden: number | null): ImportOutcome {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as ImportOutcome["counts"];
  for (const { status } of rows) counts[status] += 1;
  const settled = ({ status, results }: RowOutcome) =>
    status === "inserted" || status === "updated" || (status === "ignored" && results.every((one) => one.sys_id));
  return { rows, counts, hidden, complete: hidden === 0 && rows.every(settled) };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
