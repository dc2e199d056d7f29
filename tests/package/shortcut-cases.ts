/** Shortcuts of tables: the rows wanted in all, one row, all rows, a record by the value of a field. */
import { type Case, is, whereNoRowIsHidden } from "./cases.js";

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
    const unknown = await thrown(() => table.findBy("numbr", String(known?.number)));
    is(unknown.code, "write.key-unusable");
    is(/does not filter by numbr\. Pass a field that .* incident/.test(unknown.message), true);
    const wrong: [field: unknown, value: unknown, said: string][] = [
      ["number", "a^ORactive=true", "Invalid argument `value`. Pass a number, true, false or a string without ^"],
      ["number", "", "Invalid argument `value`"],
      ["number", null, "Missing argument `value`"],
      ["caller_id.name", "a", "Invalid argument `field`. Pass the name of a field, without dots."],
      [undefined, "a", "Missing argument `field`"],
    ];
    for (const [field, value, said] of wrong) {
      const { code, message } = await thrown(() => table.findBy(field as never, value as never));
      is(code, "options.type");
      is(message.startsWith(said), true);
    }
  },

  "upsert() creates a record once and then updates it": whereNoRowIsHidden(async ({ open, thrown }) => {
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
    const invalid = await thrown(() => table.upsert({ correlation_id: "a^b" }, by));
    is(invalid.code, "request.body");
    is(invalid.message.startsWith("Invalid value of field `correlation_id`. Pass a number, "), true);
    const unusable = await thrown(() => table.upsert({ u_none: "1" }, { by: "u_none" }));
    is(unusable.code, "write.key-unusable");
    is(/^Nothing was written: [^.]*u_none[^.]*\. Pass a field that /.test(unusable.message), true);
    await Promise.all(
      (await table.toArray({ query: `correlation_id=${correlation_id}` })).map((row) =>
        table.delete(String(row.sys_id)),
      ),
    );
  }),

  "instance is closed at the end of its block": async ({ open, thrown }) => {
    const instance = await open();
    if (!Symbol.dispose) return;
    instance[Symbol.dispose]();
    is((await thrown(() => instance.token())).code, "instance.closed");
  },
};
