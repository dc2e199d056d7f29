/** Source text that `sysparm/codegen` writes, from schemas. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CodegenError, jsonSchema, typescript, valibot, zod } from "sysparm/codegen";
import type { Field, TableSchema } from "sysparm/schema";

function schema(table: string, fields: Record<string, Partial<Field>>, ancestry = [{ name: table }]): TableSchema {
  const described = Object.entries(fields).map(([name, field]) => [name, { source: "dictionary", ...field }]);
  return {
    ...{ table, tables: { [table]: { fields: Object.fromEntries(described) } }, ancestry, custom: [], indexes: [] },
    ...{ complete: true, unread: [], language: "en", readAt: 0, changedAt: null },
  };
}

/** The line of a field in one of the two interfaces. */
function line(text: string, inter: string, field: string): string | undefined {
  const body = text.slice(text.indexOf(`export interface ${inter} {`));
  return body
    .slice(0, body.indexOf("\n}"))
    .split("\n")
    .find((one) => new RegExp(`^ {2}(readonly )?"?${field}"?\\??:`).test(one))
    ?.trim();
}

const CHOICES = [
  { value: "1", label: "New" },
  { value: "8", label: "Old", inactive: true as const },
  { value: "1", label: "New", dependent: "x" },
  { value: "", label: "-- None --" },
];

test("types of values follow the dictionary", () => {
  const text = typescript([
    schema(
      "incident",
      {
        sys_id: { type: "GUID" },
        sys_created_on: { type: "glide_date_time" },
        sys_tags: { type: "related_tags" },
        active: { type: "boolean" },
        caller_id: { type: "reference", reference: "sys_user" },
        by_name: { type: "reference", reference: "sys_user", referenceKey: "user_name" },
        watch_list: { type: "glide_list", reference: "sys_user" },
        state: { type: "integer", choices: CHOICES },
        category: { type: "string", choices: [{ value: 'a"b', label: "A" }], suggestions: true },
        number: { type: "string", readOnly: true },
        short_description: { type: "string", mandatory: true },
        urgency: { type: "integer", mandatory: true, defaultValue: "3" },
        opened_at: { type: "glide_date_time" },
        u_new: { type: "a_type_of_a_later_release" },
      },
      [{ name: "incident" }, { name: "task" }],
    ),
  ]);
  const read = (field: string) => line(text, "Incident", field);
  const written = (field: string) => line(text, "IncidentWrite", field);
  assert.equal(read("sys_id"), 'readonly sys_id: SysId<"incident" | "task">;');
  assert.equal(read("active"), 'active: "true" | "false" | Stored<"boolean">;');
  assert.equal(read("caller_id"), 'caller_id: SysId<"sys_user">;');
  assert.equal(read("by_name"), "by_name: string;");
  assert.equal(read("watch_list"), "watch_list: string;");
  assert.equal(read("state"), 'state: "1" | "8" | Stored<"number">;');
  assert.equal(read("category"), String.raw`category: "a\"b" | Stored<"other">;`);
  assert.equal(read("opened_at"), 'opened_at: Stored<"date-time">;');
  assert.equal(read("u_new"), 'u_new: Stored<"other">;');
  assert.equal(read("number"), "readonly number: string;");
  assert.equal(written("state"), 'state?: "1" | "8" | Stored<"number"> | number | null;');
  assert.equal(written("active"), 'active?: boolean | "true" | "false" | null;');
  assert.equal(written("short_description"), "short_description: string;");
  assert.equal(written("urgency"), 'urgency?: Stored<"number"> | number | null;');
  for (const dropped of ["number", "sys_id", "sys_created_on", "sys_tags"]) assert.equal(written(dropped), undefined);
});

test("labels become comments that end where they should", () => {
  const text = typescript([
    schema("x_a", { u_a: { label: "a */ b\n c", choices: [{ value: "1", label: "One" }, ...CHOICES.slice(1)] } }),
  ]);
  assert.match(text, /^ {2}\/\*\* a \* \/ b c: 1 One, 1 New \*\/$/m);
});

test("names of interfaces are identifiers, each taken once", () => {
  const text = typescript(["a_b", "a__b", "a_b_write", "2x", "sys_id"].map((name) => schema(name, { "1-a": {} })));
  const names = [...text.matchAll(/export interface (\S+) \{/g)].map(([, name]) => name);
  assert.deepEqual(names, [
    "AB",
    "ABWrite",
    "AB_",
    "ABWrite_",
    "ABWrite__",
    "ABWriteWrite",
    "Table2x",
    "Table2xWrite",
    "SysId_",
    "SysIdWrite",
  ]);
  assert.match(text, /^ {4}"2x": Table2x;$/m);
  assert.match(text, /^ {2}"1-a": Stored<"other">;$/m);
});

test("what is no list of schemas is refused by name", () => {
  const refused = (call: () => string, said: RegExp) =>
    assert.throws(call, (thrown) => thrown instanceof CodegenError && said.test(thrown.message));
  refused(
    () => typescript(schema("a", {}) as never),
    /Invalid argument `schemas`.*\[await instance\.schema\(table\)\]/,
  );
  for (const one of [undefined, null, {}, { ...schema("a", {}), tables: null }])
    refused(() => typescript([one] as never), /Invalid argument `schemas`/);
  refused(() => zod([], { partail: true } as never), /Unknown option `partail`\. Supported options: partial/);
  assert.match(zod([{ ...schema("a", {}), complete: false }]), /^\/\/ Not every field could be read of: a\.$/m);
});

test("a name that no table can have is refused by name", () => {
  for (const name of ["", "x\n*/ import 'y'; //", "a b", "a-b", "x".repeat(101)]) {
    for (const write of [typescript, zod, valibot, jsonSchema]) {
      const said = (thrown: unknown) => thrown instanceof CodegenError && thrown.message.includes(JSON.stringify(name));
      assert.throws(() => write([schema("a", {}), schema(name, {})]), said);
    }
  }
});

test("names that generated text uses itself are left to it", () => {
  const tables = ["object", "number", "reg_exp", "tables", "table_writes", "stored"].map((name) => schema(name, {}));
  for (const write of [typescript, zod, valibot]) {
    assert.doesNotMatch(write(tables), /^export \w+ (Object|Number|RegExp|Tables|TableWrites|Stored)\b(?!_)/m);
  }
});

test("a maximum length of zero limits nothing", () => {
  const given = [schema("a", { b: { type: "string", maxLength: 0 }, c: { type: "string", maxLength: 1 } })];
  assert.match(zod(given), /^ {2}b: text\(\),$/m);
  const lengths = JSON.stringify(jsonSchema(given)).match(/"maxLength":\d+/g);
  assert.deepEqual([...new Set(lengths)], ['"maxLength":1']);
});
