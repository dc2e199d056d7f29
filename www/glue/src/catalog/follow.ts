/** A request with its items and their tasks, as one object. */
import type {
  CatalogRequest,
  CatalogRequestedItem,
  CatalogRequestOptions,
  CatalogState,
  CatalogTask,
  Page,
  Row,
} from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { KEY, SYS_ID } from "../shared/keys.js";
import { stored } from "../shared/rows.js";

/** Of one request. */
const MOST_ITEMS = 1000;
const MOST_TASKS = 5000;
const MOST_ANSWERS = 10_000;
const PAGE = 1000;

/** Reads a request by its number or sys_id, or by the number of one of its items. */
export async function followRequest(
  context: CallContext,
  numberOrId: string,
  { variables = false, signal }: CatalogRequestOptions = {},
): Promise<CatalogRequest> {
  const { table: open, invalid } = context;
  if (typeof numberOrId !== "string" || !KEY.test(numberOrId)) {
    throw invalid("options.type", "Invalid argument `numberOrId`. Pass a number such as REQ0010001, or a sys_id.");
  }
  const read = (table: string, query: string, limit: number, fields?: string[]): Promise<Page> =>
    open(table).list({
      query,
      displayValue: "all",
      limit,
      pageSize: Math.min(limit, PAGE),
      ...(fields && { fields }),
      ...(signal && { signal }),
    }) as Promise<Page>;
  const isId = SYS_ID.test(numberOrId);
  let [row] = (await read("sc_request", `${isId ? "sys_id" : "number"}=${numberOrId}`, 1)).rows;
  if (!row && !isId) {
    const [item] = (await read("sc_req_item", `number=${numberOrId}`, 1, ["request"])).rows;
    const id = stored(item, "request");
    if (id) [row] = (await read("sc_request", `sys_id=${id}`, 1)).rows;
  }
  if (!row) {
    const step = "Check the number, and whether this user may read sc_request";
    throw invalid("record.not-found", `No request ${numberOrId} is visible to this user. ${step}.`, "record");
  }
  const id = value(row, "sys_id");
  /** Undefined where this user may not read answers, or there are more than are read: a part would be taken for all. */
  const readAnswers = (table: string, query: string, fields: string[]) =>
    read(table, query, MOST_ANSWERS, fields).then(
      (page) => (page.complete ? page.rows : undefined),
      (thrown: unknown) => {
        if (Object(thrown).kind !== "authorization") throw thrown;
        return undefined;
      },
    );
  const [items, tasks, answers] = await Promise.all([
    read("sc_req_item", `request=${id}^ORDERBYnumber`, MOST_ITEMS),
    read("sc_task", `request=${id}^ORrequest_item.request=${id}^ORDERBYnumber`, MOST_TASKS),
    variables ? readAnswers("sc_item_option_mtom", `request_item.request=${id}`, ANSWER_FIELDS) : undefined,
  ]);
  const ids = items.rows.map((item) => value(item, "sys_id"));
  const groups = variables ? Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_, at) => at * MOST_IDS) : [];
  const readCells = (at: number) =>
    readAnswers("sc_multi_row_question_answer", `parent_idIN${ids.slice(at, at + MOST_IDS)}`, CELL_FIELDS);
  const cells = (await Promise.all(groups.map(readCells))).flatMap((rows) => rows ?? []);
  const tasksOf = byParent(tasks.rows, "request_item");
  const answersOf = answers && byParent(answers, "request_item");
  const cellsOf = byParent(cells, "parent_id");
  const whole = (item: Row): CatalogRequestedItem => {
    const id = value(item, "sys_id");
    const own = answersOf && (answersOf.get(id) ?? []);
    return { ...itemOf(item, tasksOf.get(id) ?? [], own), ...rowSetsOf(cellsOf.get(id) ?? []) };
  };
  // A browser may not say how many are hidden.
  const isWhole = (page: Page) => page.complete && page.hidden === 0;
  return {
    id,
    number: value(row, "number"),
    state: state(row, "request_state"),
    stage: state(row, "stage"),
    approval: state(row, "approval"),
    active: value(row, "active") !== "false",
    openedAt: value(row, "opened_at"),
    requestedFor: reference(row, "requested_for"),
    price: state(row, "price").label,
    items: items.rows.map(whole),
    tasks: (tasksOf.get("") ?? []).map(taskOf),
    hidden: { items: items.hidden, tasks: tasks.hidden },
    complete: isWhole(items) && isWhole(tasks),
    row,
  };
}

/** As many as fit an address. */
const MOST_IDS = 200;
const CELL_FIELDS = ["parent_id", "row_index", "variable_set.internal_name", "item_option_new.name", "value"];
const ANSWER_FIELDS = ["request_item", "sc_item_option.item_option_new.name", "sc_item_option.value"];

/** Rows by the record that they belong to. */
function byParent(rows: readonly Row[], field: string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const parent = value(row, field);
    const group = groups.get(parent);
    if (group) group.push(row);
    else groups.set(parent, [row]);
  }
  return groups;
}

/** An item with its own tasks and answers. */
function itemOf(row: Row, tasks: readonly Row[], answers: readonly Row[] | undefined): CatalogRequestedItem {
  const pairs = answers?.map((answer) => [
    value(answer, ANSWER_FIELDS[1] ?? ""),
    value(answer, ANSWER_FIELDS[2] ?? ""),
  ]);
  return {
    id: value(row, "sys_id"),
    number: value(row, "number"),
    item: reference(row, "cat_item"),
    quantity: Number(value(row, "quantity")) || 0,
    state: state(row, "state"),
    stage: state(row, "stage"),
    approval: state(row, "approval"),
    active: value(row, "active") !== "false",
    dueDate: value(row, "due_date"),
    tasks: tasks.map(taskOf),
    ...(pairs && { variables: Object.fromEntries(pairs.filter(([name]) => name !== "")) }),
    row,
  };
}

/** The rows of an item's multi-row sets, by name of the set. */
function rowSetsOf(cells: readonly Row[]): Pick<CatalogRequestedItem, "rowSets"> {
  const sets = new Map<string, Map<number, Record<string, string>>>();
  for (const cell of cells) {
    const [, index, set = "", name = "", text = ""] = CELL_FIELDS.map((field) => value(cell, field));
    if (set === "" || name === "") continue;
    const rows = sets.get(set) ?? new Map<number, Record<string, string>>();
    sets.set(set, rows.set(Number(index), { ...rows.get(Number(index)), [name]: text }));
  }
  if (sets.size === 0) return {};
  const ordered = ([set, rows]: [string, Map<number, Record<string, string>>]) => [
    set,
    [...rows].sort(([one], [other]) => one - other).map(([, row]) => row),
  ];
  return { rowSets: Object.fromEntries([...sets].map(ordered)) };
}

function taskOf(row: Row): CatalogTask {
  return {
    id: value(row, "sys_id"),
    number: value(row, "number"),
    description: value(row, "short_description"),
    state: state(row, "state"),
    active: value(row, "active") !== "false",
    assignmentGroup: reference(row, "assignment_group").name,
    assignedTo: reference(row, "assigned_to").name,
    row,
  };
}

function value(row: Row, field: string): string {
  return stored(row, field) ?? "";
}

function label(row: Row, field: string): string {
  const cell: unknown = row[field];
  const shown = typeof cell === "object" && cell !== null ? (cell as { display_value?: unknown }).display_value : cell;
  return typeof shown === "string" ? shown : value(row, field);
}

function state(row: Row, field: string): CatalogState {
  return { value: value(row, field), label: label(row, field) };
}

function reference(row: Row, field: string): { id: string; name: string } {
  return { id: value(row, field), name: label(row, field) };
}
