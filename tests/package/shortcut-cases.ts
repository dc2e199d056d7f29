/** Shortcuts of tables: the rows wanted in all, one row, all rows, a record by the value of a field. */
import { type Case, is } from "./cases.js";

export const SHORTCUT_CASES: Record<string, Case> = {
  "list with a limit gives as many rows as can be had": async ({ open }) => {
    const table = (await open()).table("incident");
    for (const limit of [1, 5, 30, 200]) {
      const options = { query: "ORDERBYDESCopened_at", limit, fields: ["number"] };
      const all = await table.toArray(options);
      const { rows, next, seen } = await table.list(options);
      is(all.length, limit);
      is(JSON.stringify(rows), JSON.stringify(all));
      is(`${next} ${seen}`, `null ${limit}`);
    }
    is((await table.list({ limit: 700, pageSize: 300 })).rows.length <= 300, true);
  },

  "first() is the first row that may be read": async ({ open }) => {
    const table = (await open()).table("incident");
    const [expected] = await table.toArray({ query: "ORDERBYDESCnumber", limit: 1 });
    is(JSON.stringify(await table.first({ query: "ORDERBYDESCnumber" })), JSON.stringify(expected));
    is(await table.first({ query: "number=none" }), undefined);
  },

  "findBy() finds a record by one value or says why not": async ({ open, thrown }) => {
    const table = (await open()).table("incident");
    const known = await table.first({ fields: ["number"] });
    const found = await table.findBy("number", String(known?.number), { fields: ["number"] });
    is(JSON.stringify(found), JSON.stringify(known));
    is(await table.findBy("number", "none"), undefined);
    is((await thrown(() => table.findBy("numbr", String(known?.number)))).code, "write.key-unusable");
    is((await thrown(() => table.findBy("number", "a^ORactive=true"))).code, "options.correlation");
  },

  "upsert() creates a record once and then updates it": async ({ open, thrown }) => {
    const table = (await open()).table("incident");
    const correlation_id = `upsert ${Math.random()}`;
    const by = { by: "correlation_id" };
    const made = await table.upsert({ correlation_id, short_description: "one" }, by);
    const changed = await table.upsert({ correlation_id, short_description: "two" }, { ...by, recovery: {} });
    is(`${changed.sys_id} ${changed.short_description}`, `${made.sys_id} two`);
    is(await table.count(`correlation_id=${correlation_id}`), 1);
    await table.create({ correlation_id });
    is((await thrown(() => table.upsert({ correlation_id }, by))).code, "write.duplicated");
    is((await thrown(() => table.upsert({ short_description: "three" }, by))).code, "request.body");
    is((await thrown(() => table.upsert({ u_none: "1" }, { by: "u_none" }))).code, "write.key-unusable");
    await Promise.all(
      (await table.toArray({ query: `correlation_id=${correlation_id}` })).map((row) =>
        table.delete(String(row.sys_id)),
      ),
    );
  },

  "instance is closed at the end of its block": async ({ open, thrown }) => {
    const instance = await open();
    if (!Symbol.dispose) return;
    instance[Symbol.dispose]();
    is((await thrown(() => instance.token())).code, "instance.closed");
  },
};
