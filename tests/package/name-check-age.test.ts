/** How long the schema of another table is used to check names behind a dot. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Instance, Page, ReadOptions, Row } from "sysparm";
import { checkNames } from "../../www/glue/src/name-check/index.js";

const HOUR = 3_600_000;

const RECORDS: Record<string, Record<string, string>[]> = {
  sys_db_object: [
    { sys_id: "i", name: "incident", label: "Incident", super_class: "" },
    { sys_id: "u", name: "sys_user", label: "User", super_class: "" },
  ],
  sys_dictionary: [
    { name: "incident", element: "caller_id", internal_type: "reference", reference: "sys_user", active: "true" },
    { name: "sys_user", element: "active", internal_type: "boolean", active: "true" },
  ],
};

/** As much of an instance as names are checked with. */
function scripted(): Instance {
  const table = (name: string) => ({
    async list({ query = "" }: ReadOptions): Promise<Page> {
      const rows = (RECORDS[name] ?? []).filter((record) =>
        String(query)
          .split("^")
          .every((condition) => {
            const [, field = "", operator, value = ""] = /^(\w+?)(=|IN|ISNOTEMPTY)(.*)$/.exec(condition) ?? [];
            return operator === "ISNOTEMPTY" ? record[field] : value.split(",").includes(record[field] ?? "");
          }),
      );
      const seen = rows.length;
      return { rows: rows as Row[], seen, total: seen, hidden: 0, complete: true, caveat: null, next: null };
    },
    count: async () => 1,
  });
  const request = async () => Response.json({ result: [{ caller_id: "", active: "" }] });
  return { url: "https://x.example", table, aggregate: async () => [], request } as unknown as Instance;
}

test("schema of another table refuses names for an hour", async (context) => {
  context.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const instance = scripted();
  checkNames(
    instance,
    (code, message) => Object.assign(new Error(message), { code }),
    (event) => assert.fail(JSON.stringify(event)),
  );
  const read = () => instance.table("incident").list({ query: "caller_id.u_new=1" });
  await instance.schema("sys_user");
  await assert.rejects(read, { code: "request.unknown-field" });
  mock.timers.tick(HOUR);
  await read();
});
