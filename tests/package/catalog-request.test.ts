/** A request with its items and tasks, put together from rows without an instance. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CatalogRequest, Row } from "sysparm";
import { followRequest } from "../../www/glue/src/catalog/follow.js";
import type { CallContext } from "../../www/glue/src/protocol/call-context.js";

const ANSWER = { name: "sc_item_option.item_option_new.name", value: "sc_item_option.value" };

/** A row of which each reading of a field is counted. */
function counted(fields: Record<string, string>, reads: { count: number }): Row {
  const read = (target: Record<string, string>, name: string) => {
    reads.count += 1;
    return target[name];
  };
  return new Proxy(fields, { get: (target, name) => read(target, String(name)) }) as unknown as Row;
}

/** Follows a request of these rows; the tables in `cut` have more rows than were read. */
function follow(rows: Readonly<Record<string, Row[]>>, cut: readonly string[] = []): Promise<CatalogRequest> {
  const table = (name: string) => ({
    list: async () => ({ rows: rows[name] ?? [], complete: !cut.includes(name), hidden: 0 }),
  });
  return followRequest({ table } as unknown as CallContext, "REQ0010001", { variables: true });
}

function rowsOf(items: number, reads = { count: 0 }): Record<string, Row[]> {
  const each = (make: (item: string) => Record<string, string>) =>
    Array.from({ length: items }, (_, at) => counted(make(`item${at}`), reads));
  return {
    sc_request: [counted({ sys_id: "request", number: "REQ0010001" }, reads)],
    sc_req_item: each((item) => ({ sys_id: item, number: item })),
    sc_task: each((item) => ({ sys_id: `task of ${item}`, request_item: item })),
    sc_item_option_mtom: each((item) => ({ request_item: item, [ANSWER.name]: "cores", [ANSWER.value]: item })),
    sc_multi_row_question_answer: each((item) => ({
      ...{ parent_id: item, row_index: "1", value: item },
      ...{ "variable_set.internal_name": "rules", "item_option_new.name": "port" },
    })),
  };
}

test("tasks, answers and rows are those of their item", async () => {
  const { items, complete } = await follow(rowsOf(3));
  assert.equal(complete, true);
  for (const { id, tasks, variables, rowSets } of items) {
    assert.deepEqual(
      tasks.map((task) => task.id),
      [`task of ${id}`],
    );
    assert.deepEqual([variables, rowSets], [{ cores: id }, { rules: [{ port: id }] }]);
  }
  assert.equal(items.length, 3);
});

test("answers that were not all read are left out", async () => {
  const { items } = await follow(rowsOf(2), ["sc_item_option_mtom"]);
  assert.deepEqual(
    items.map((item) => ["variables" in item, "rowSets" in item]),
    [
      [false, true],
      [false, true],
    ],
  );
  const other = await follow(rowsOf(2), ["sc_multi_row_question_answer"]);
  assert.deepEqual(
    other.items.map((item) => ["variables" in item, "rowSets" in item]),
    [
      [true, false],
      [true, false],
    ],
  );
});

test("request of many items is read in linear time", async () => {
  const readsOf = async (items: number) => {
    const reads = { count: 0 };
    await follow(rowsOf(items, reads));
    return reads.count;
  };
  const [some, many] = [await readsOf(20), await readsOf(200)];
  assert.ok(many < 12 * some, `${some} readings of fields for 20 items, ${many} for 200`);
});
