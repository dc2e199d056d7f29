/** The unified model: rows into objects and back, by the plans of the package as Node loads it. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type * as Models from "sysparm/model";

let models: typeof Models;
let model: Models.Model;
before(async () => {
  models = await import(new URL("../../pkg/dist/model-node.js", import.meta.url).href);
  model = await models.load();
});

const LINK = "https://dev.service-now.com/api/now/table/sys_user/6816f79cc0a8016401c5a33be04be441";

const ROW = {
  sys_id: "9c573169c611228700193229fff72400",
  number: "INC0000001",
  sys_class_name: "incident",
  short_description: "Mail is slow",
  description: "",
  state: { value: "2", display_value: "In Progress" },
  priority: "1",
  active: "true",
  caller_id: { value: "6816f79cc0a8016401c5a33be04be441", link: LINK, display_value: "Abel Tuter" },
  "caller_id.email": "abel@example.com",
  assigned_to: "",
  opened_at: "2026-02-28 08:30:00",
  reassignment_count: "3",
  comments: "",
  u_cost: { value: "17", display_value: "17 USD" },
  sys_mod_count: "4",
};

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof models.ModelError);
    return `${error.code}: ${error.problems.map(({ code, path }) => `${code} ${path}`).join(", ")}`;
  }
  return "none";
};

test("row of an incident becomes a ticket", () => {
  assert.deepEqual(model.plan("incident").read(ROW), {
    kind: "ticket",
    table: "incident",
    id: "9c573169c611228700193229fff72400",
    number: "INC0000001",
    class: "incident",
    title: "Mail is slow",
    description: null,
    status: { value: "in_progress", raw: "2", label: "In Progress" },
    priority: { value: "critical", raw: "1", label: null },
    active: true,
    requester: { id: "6816f79cc0a8016401c5a33be04be441", name: "Abel Tuter", table: "sys_user" },
    requesterEmail: "abel@example.com",
    assignee: null,
    openedAt: "2026-02-28T08:30:00Z",
    revision: 4,
    custom: { reassignment_count: "3", comments: "", u_cost: { value: "17", display_value: "17 USD" } },
    extra: {},
    unread: [],
  });
});

test("ticket that was read is written back as it was", () => {
  const plan = model.plan("incident");
  const { fields, left } = plan.write(plan.read(ROW), { readOnly: "leave" });
  assert.deepEqual(fields, {
    short_description: "Mail is slow",
    description: "",
    state: "2",
    priority: "1",
    active: "true",
    caller_id: "6816f79cc0a8016401c5a33be04be441",
    assigned_to: "",
    opened_at: "2026-02-28 08:30:00",
    reassignment_count: "3",
    u_cost: "17",
  });
  const listed = left.map(({ column, reason }) => `${column} ${reason}`);
  assert.deepEqual(listed.sort(), [
    "caller_id.email read-only",
    "comments journal",
    "number read-only",
    "sys_class_name read-only",
    "sys_id read-only",
    "sys_mod_count read-only",
  ]);
});

test("value that does not fit is unread and not emptied", () => {
  const plan = model.plan("incident");
  const ticket = plan.read({ opened_at: "28.02.2026", active: "yes", caller_id: { display_value: "Abel Tuter" } });
  assert.deepEqual(
    ticket.unread.map(({ code, field }) => `${code} ${field}`),
    ["value.boolean active", "value.label-only requester", "value.instant openedAt"],
  );
  assert.ok(!("openedAt" in ticket));
  assert.deepEqual(plan.write(ticket, { readOnly: "leave" }).fields, {});
});

test("row of labels has no values but texts", () => {
  const plan = model.plan("incident");
  const { title, unread, ...rest } = plan.read({
    short_description: "Mail is slow",
    state: "In Progress",
    opened_at: "2026-02-28 09:30:00",
    closed_at: "",
    assigned_to: { display_value: "Beth Anglin", link: LINK },
  });
  assert.equal(title, "Mail is slow");
  assert.ok(!("status" in rest) && !("openedAt" in rest) && rest.closedAt === null);
  assert.deepEqual(unread.map(({ code, field }) => `${code} ${field}`).sort(), [
    "value.label-only assignee",
    "value.label-only openedAt",
    "value.label-only status",
  ]);
});

test("reference is written by a key and not by a name", () => {
  const plan = model.plan("incident");
  const id = "6816f79cc0a8016401c5a33be04be441";
  for (const assignee of ["Beth Anglin", "Beth", "beth@example.com", { id: "", name: "Beth" }, { id: "Beth Anglin" }]) {
    assert.equal(
      refusal(() => plan.write({ assignee })),
      "model.refused: write.label-only assignee",
      JSON.stringify(assignee),
    );
  }
  for (const assignee of [id, { id }, { id: "global" }, { id: "Caller 2403", name: null, table: "sys_user" }]) {
    const written = typeof assignee === "string" ? assignee : assignee.id;
    assert.deepEqual(plan.write({ assignee }).fields, { assigned_to: written });
  }
  for (const assignee of [null, "", { id: "" }]) assert.deepEqual(plan.write({ assignee }).fields, { assigned_to: "" });
});

test("time outside the calendar and another table are refused", () => {
  const plan = model.plan("incident");
  for (const openedAt of ["0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"]) {
    assert.equal(
      refusal(() => plan.write({ openedAt })),
      "model.refused: write.type openedAt",
      openedAt,
    );
  }
  assert.equal(
    refusal(() => plan.write({ table: "problem", status: { raw: "1" } })),
    "model.refused: write.type table",
  );
});

test("amount without its currency is not written back", () => {
  const plan = model.plan("sc_req_item");
  const { fields, left } = plan.write(plan.read({ price: "12.50" }), { readOnly: "leave" });
  assert.deepEqual(fields, {});
  assert.deepEqual(left.at(-1), { field: "price", column: "price", reason: "currency" });
  assert.deepEqual(plan.write(plan.read({ price: "USD;12.50" }), { readOnly: "leave" }).fields, { price: "USD;12.50" });
  assert.deepEqual(plan.write({ price: { amount: "12.50" } }).fields, { price: "12.50" });
});

test("value without a counterpart is refused by name", () => {
  const change = model.plan("change_request");
  assert.equal(
    refusal(() => change.write({ status: "waiting" })),
    "model.refused: write.no-counterpart status",
  );
  assert.deepEqual(change.rawOf("status", "waiting"), ["-3", "-2"]);
  assert.deepEqual(change.write({ status: { raw: "-3" } }).fields, { state: "-3" });
  const incident = model.plan("incident");
  assert.deepEqual(incident.write({ status: "closed", comment: "Done." }).fields, { state: "7", comments: "Done." });
  assert.equal(
    refusal(() =>
      incident.write({
        number: "INC1",
        status: { value: "closed", raw: "2" },
        requester: { name: "Abel Tuter" },
        openedAt: "yesterday",
        custom: { state: "7", work_notes: "x" },
        // @ts-expect-error: no field of a ticket
        colour: "red",
      }),
    ),
    "model.refused: write.read-only number, write.conflict status, write.label-only requester, write.type openedAt, write.unknown-field colour, write.mapped custom.state, write.mapped custom.work_notes",
  );
});

test("refused value is named with what to do", () => {
  const values = { "1": "true" } as const;
  const map: Models.ModelMap = {
    version: 1,
    tables: { change_request: { fields: { active: { values } }, extra: { cost: { column: "u_cost" } } } },
  };
  const plan = model.plan("change_request", map);
  const cases: [part: object, expected: RegExp][] = [
    [{ status: "waiting" }, /`status` is "waiting", which is -3 or -2 here; give `raw`, or .* under `status.write`\./],
    [
      { status: "waitng" },
      /`status` is "waitng", which has no raw value here; .* `status.values`\. Written can be: new,/,
    ],
    [
      { active: false },
      /`active` is "false", which has no raw value here; name one in the map under `active.values`\./,
    ],
    [{ requesterEmail: "a@b.c" }, /`requested_by.email` belongs to another record\. Write that one\./],
    [{ custom: { "a.b": "x" } }, /`custom.a.b` cannot be written: `a.b` belongs to another record\./],
    [{ number: "CHG1" }, /`number` is read only\. Leave it out, or pass readOnly "leave"\./],
    [{ titel: "x" }, /`titel` has no column in change_request\. Did you mean title\?$/],
    [{ extra: { costs: "x" } }, /`extra.costs` has no column in change_request\. Did you mean cost\?$/],
    [{ colour: "x" }, /`colour` has no column in change_request\. Leave it out, or name its column in the map\.$/],
  ];
  for (const [part, message] of cases) assert.throws(() => plan.write(part), { code: "model.refused", message });
});

test("column that the instance sets is written in no way", () => {
  const names = ["sys_id", "sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by", "sys_mod_count"];
  for (const column of [...names, "sys_class_name", "sys_tags", "sys_domain_path"]) {
    const extra = { a: { column, readOnly: false } };
    assert.equal(
      refusal(() => model.plan("cmn_location", { version: 1, tables: { cmn_location: { extra } } })),
      "model.map: map.read-only tables.cmn_location.extra.a",
      column,
    );
    assert.match(
      refusal(() => model.plan("cmn_location").write({ custom: { [column]: "x" } })),
      new RegExp(`^model\\.refused: write\\.\\S+ custom\\.${column}$`),
    );
  }
});

test("map names columns, values and further fields", () => {
  const plan = model.plan("incident", {
    version: 1,
    tables: {
      incident: {
        fields: { status: { values: { "1": "new", "9": "closed" } }, dueAt: { column: "u_due" }, severity: null },
        extra: { cost: { column: "u_cost", type: "integer" } },
      },
    },
  });
  const ticket = plan.read({ state: "9", u_due: "2026-03-01 00:00:00", u_cost: "17", severity: "1", u_x: "y" });
  assert.equal(ticket.status?.value, "closed");
  assert.equal(ticket.dueAt, "2026-03-01T00:00:00Z");
  assert.deepEqual([ticket.extra, ticket.custom], [{ cost: 17 }, { severity: "1", u_x: "y" }]);
  assert.deepEqual(plan.write({ status: "closed", extra: { cost: 18 } }).fields, { state: "9", u_cost: "18" });
  assert.equal(plan.column("dueAt"), "u_due");
});

test("table and map that cannot be used are refused", () => {
  assert.equal(
    refusal(() => model.plan("u_ticket")),
    "model.table: map.table tables.u_ticket",
  );
  assert.equal(
    refusal(() => model.plan("incident", { version: 1, tables: { incident: { fields: { due: null } } } })),
    "model.map: map.field tables.incident.fields.due",
  );
  assert.equal(
    refusal(() => model.plan("incident", null, { custom: ["a,b"] })),
    "model.options: ",
  );
});

test("model lists the tables that compile without a map", () => {
  assert.equal(model.tables.length, 18);
  for (const table of model.tables) assert.equal(model.plan(table).table, table);
});
