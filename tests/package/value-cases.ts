/** What the package promises of values, against an instance that stores and shows them as the platform does. */
import type * as Sysparm from "sysparm";
import { forms, type JournalEntry, journal, type Reference, read, ValueError, write } from "sysparm/values";
import { type Case, is, whereNoRowIsHidden } from "./cases.js";

const ADMINISTRATOR = { auth: { username: "practice.admin", password: "practice-admin-password" } } as const;

export const VALUE_CASES: Record<string, Case> = {
  "typed values are written, kept and read again, whichever way": whereNoRowIsHidden(async ({ open }) => {
    const instance = await open();
    const table = instance.table("incident");
    const schema = await instance.schema("incident");
    const [user] = (await instance.table("sys_user").list({ limit: 1, query: "name=Practice Administrator" })).rows;
    const given = {
      short_description: "typed: ^ and ü",
      due_date: new Date("2026-03-29T01:00:00Z"),
      calendar_duration: 93_784_000,
      made_sla: false,
      caller_id: { id: String(user?.sys_id), table: "sys_user" },
      watch_list: [String(user?.sys_id), "ada@example.com"],
      urgency: 2,
      description: null,
    };
    const { sys_id: id } = await table.create(write(given, schema));
    try {
      for (const displayValue of [false, "all"] as const) {
        const row = await table.get(String(id), { displayValue });
        const { values, labels, problems } = read(row, schema);
        is(JSON.stringify(problems), "[]");
        for (const [field, value] of Object.entries(given)) {
          is(JSON.stringify(values[field]), JSON.stringify(field === "description" ? "" : value));
        }
        is(values.due_date instanceof Date && values.sys_updated_on instanceof Date, true);
        is(`${typeof values.sys_mod_count} ${values.closed_at} ${labels.urgency}`, "number null 2 - Medium");
        if (displayValue === "all") is(`${labels.caller_id} ${labels.calendar_duration}`, LABELS);
      }
    } finally {
      await table.delete(String(id));
    }
  }),

  "labels are read by zone and format, never guessed": whereNoRowIsHidden(async ({ open }) => {
    const users = (await open(ADMINISTRATOR)).table("sys_user");
    const [user] = (await users.list({ query: "user_name=practice.integration", fields: ["sys_id"] })).rows;
    const set = (patch: Sysparm.Written) => users.update(String(user?.sys_id), patch);
    const instance = await open();
    const table = instance.table("incident");
    const schema = await instance.schema("incident");
    const own = { time_zone: "America/New_York", date_format: "MM/dd/yyyy", time_format: "hh:mm:ss a" };
    const display = { timeZone: own.time_zone, dateFormat: own.date_format, timeFormat: own.time_format };
    await set(own);
    try {
      const query = { query: "ORDERBYnumber", limit: 50, fields: ["opened_at", "state", "assigned_to"] } as const;
      const raw = (await table.list(query)).rows.map((row) => read(row, schema));
      const shown = (await table.list({ ...query, displayValue: true })).rows;
      for (const [place, row] of shown.entries()) {
        is(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d [AP]M$/.test(String(row.opened_at)), true);
        const { values, problems } = read(row, schema, { displayValue: true, display });
        is(JSON.stringify(values.opened_at), JSON.stringify(raw[place]?.values.opened_at));
        is(values.opened_at instanceof Date, true);
        is(
          problems.some(({ field, code }) => field === "state" && code === "value.display-only"),
          true,
        );
        const without = read(row, schema, { displayValue: true });
        is(without.problems.find(({ field }) => field === "opened_at")?.text, row.opened_at);
      }
    } finally {
      await set({ time_zone: "GMT", date_format: "", time_format: "" });
    }
  }),

  "journal is read from its display value and from its table": whereNoRowIsHidden(async ({ open }) => {
    const instance = await open();
    const table = instance.table("incident");
    const schema = await instance.schema("incident");
    const { sys_id } = await table.create(write({ short_description: "noted", work_notes: "first\n\nline" }, schema));
    const id = String(sys_id);
    await table.update(id, write({ work_notes: "second", comments: "answered" }, schema));
    const shown = read(await table.get(id, { displayValue: "all" }), schema);
    const notes = shown.values.work_notes as JournalEntry[];
    is(notes.map(({ author, kind, text }) => `${author}|${kind}|${text}`).join(";"), NOTES);
    is(read(await table.get(id), schema).values.work_notes, null);
    const { entries, hidden, complete } = await journal(instance, id, { fields: ["work_notes"] });
    is(`${entries.map(({ text }) => text).sort()} ${hidden} ${complete}`, "first\n\nline,second 0 true");
    is(entries[0]?.author, "practice.integration");
    is(Math.abs((entries[0]?.instant.getTime() ?? 0) - Date.now()) < 120_000, true);
    const refused = await journal(instance, "nope").catch((thrown: Error) => thrown.message);
    is(refused, "Invalid argument `id`. Pass a sys_id of 32 hexadecimal digits.");
    await table.delete(id);
  }),

  "without a dictionary only certain types are given": async ({ open }) => {
    const agent = await open({ auth: { username: "practice.agent", password: "practice-agent-password" } });
    const reply = await agent.request("/api/now/table/incident?sysparm_limit=1&sysparm_query=caller_idISNOTEMPTY");
    const { result } = (await reply.json()) as { result: Sysparm.Row[] };
    const { values, problems } = read(result[0] ?? {}, await agent.schema("incident"));
    is(`${(values.caller_id as Reference).table} ${values.sys_created_on instanceof Date}`, "sys_user true");
    is(`${values.active} ${typeof values.active} ${typeof values.opened_at}`, `${result[0]?.active} string string`);
    is(problems.length, 0);
    is(forms(result[0] ?? {}).caller_id?.value, (values.caller_id as Reference).id);
  },

  "lossy write is refused with every problem before it is sent": async (world) => {
    const schema = await (await world.open()).schema("incident");
    const values = {
      short_descripton: "x",
      state: "On Hold",
      due_date: new Date(1),
      caller_id: "Fred Luddy",
      sys_id: "1",
    };
    try {
      write(values, schema);
      throw new Error("nothing was refused");
    } catch (thrown) {
      is(thrown instanceof ValueError && thrown.code, "value.refused");
      const codes = (thrown as ValueError).problems.map(({ field, code }) => `${field} ${code}`).join();
      is(codes, REFUSALS);
    }
  },
};

const LABELS = "Practice Administrator 1 Day 2 Hours 3 Minutes 4 Seconds";
const NOTES = "Practice Integration|Work notes|second;Practice Integration|Work notes|first\n\nline";
const REFUSALS = [
  "short_descripton value.unknown-field",
  "state value.type",
  "due_date value.fraction",
  "caller_id value.reference",
  "sys_id value.system-field",
].join();
