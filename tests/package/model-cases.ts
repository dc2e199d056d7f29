/** What the package promises of the unified model, against rows of the practice instance. */
import { load, ModelError, type ModelMap } from "sysparm/model";
import { type Case, is, whereNoRowIsHidden } from "./cases.js";

const ADMINISTRATOR = { auth: { username: "practice.admin", password: "practice-admin-password" } } as const;

export const MODEL_CASES: Record<string, Case> = {
  "ticket is read, changed and read again in one shape": whereNoRowIsHidden(async ({ open }) => {
    const plan = (await load()).plan("incident");
    const table = (await open()).table("incident");
    const { fields } = plan.write({ title: "One shape: ü", status: "new", impact: "high", urgency: "high" });
    const { sys_id: id } = await table.create(fields);
    try {
      for (const displayValue of [false, "all"] as const) {
        const ticket = plan.read(await table.get(String(id), { fields: [...plan.fields], displayValue }));
        is(
          JSON.stringify([ticket.kind, ticket.id, ticket.title, ticket.unread]),
          `["ticket","${id}","One shape: ü",[]]`,
        );
        is(`${ticket.status?.value} ${ticket.status?.raw} ${ticket.priority?.value}`, "new 1 critical");
        is(ticket.status?.label, displayValue ? "New" : null);
        is(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(ticket.createdAt ?? ""), true);
      }
      await table.update(String(id), plan.write({ status: "in_progress", workNote: "Seen." }).fields);
      is(plan.read(await table.get(String(id))).status?.value, "in_progress");
    } finally {
      await table.delete(String(id));
    }
  }),

  "whole rows of the instance are written back as they were": async ({ open }) => {
    const plan = (await load()).plan("incident");
    const { rows } = await (await open()).table("incident").list({ limit: 50 });
    is(rows.length, 50);
    for (const row of rows) {
      const { fields, left } = plan.write(plan.read(row), { readOnly: "leave" });
      const listed = new Set(left.map(({ column }) => column));
      for (const [column, value] of Object.entries(row)) is(listed.has(column) ? value : fields[column], value);
    }
  },

  "map of a customer decides columns, values and refusals": async () => {
    const map: ModelMap = {
      version: 1,
      tables: {
        incident: {
          fields: { status: { values: { "1": "new", "7": "closed", "9": "closed" } }, dueAt: { column: "u_target" } },
          extra: { costUnit: { column: "u_cost", type: "reference", reference: "cmn_cost_center" } },
        },
      },
    };
    const model = await load();
    const plan = model.plan("incident", map, { custom: ["u_x"] });
    is(
      ["u_target", "u_cost", "u_x"].every((column) => plan.fields.includes(column)),
      true,
    );
    const ticket = plan.read({ state: "9", u_target: "2026-02-28 08:30:00", u_cost: "1".repeat(32), u_y: "kept" });
    is(`${ticket.status?.value} ${ticket.dueAt} ${ticket.custom.u_y}`, "closed 2026-02-28T08:30:00Z kept");
    const codes = [() => plan.write({ status: "closed" }), () => model.plan("u_ticket")].map((run) => {
      try {
        run();
      } catch (error) {
        return error instanceof ModelError ? `${error.code} ${error.problems[0]?.code}` : String(error);
      }
      return "nothing was thrown";
    });
    is(codes.join(), "model.refused write.no-counterpart,model.table map.table");
  },

  "proposed map of the instance can be used and has nothing broken": whereNoRowIsHidden(async ({ open }) => {
    const instance = await open(ADMINISTRATOR);
    const model = await load();
    const schema = await instance.schema("incident");
    const { rows } = await instance.table("incident").list({ limit: 20 });
    const { map, lines } = await model.suggest(schema, { samples: rows });
    is(lines.find(({ field }) => field === "status")?.column, "state");
    is(
      lines.every(({ reason }) => reason.endsWith(".")),
      true,
    );
    const broken = (await model.check(map, schema)).filter(({ severity }) => severity === "broken");
    is(JSON.stringify(broken), "[]");
  }),
};
