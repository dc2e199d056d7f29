/** The words of `sysparm/openapi`: true of the table that they stand at, and whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openApi, type TableChoice } from "sysparm/openapi";
import type { Field, TableSchema } from "sysparm/schema";
import { ALL, INCIDENT, parameterOf, propertiesOf, STATES, schemaOf, URL, USER } from "./openapi-document.ts";

const queryWords = (fields: Record<string, Partial<Field>>, choice: TableChoice = {}) => {
  const tables = { u_thing: { operations: ALL, ...choice } };
  const document = openApi({ url: URL, schemas: [schemaOf("u_thing", fields)], tables });
  const list = document.paths["/api/now/table/u_thing"]?.get;
  const of = (name: string) => parameterOf(list, name)?.description ?? "";
  return { document, list, of, get: document.paths["/api/now/table/u_thing/{sys_id}"]?.get?.description ?? "" };
};

test("order of pages is one that may be compared", () => {
  const fields = { u_notes: { type: "journal_input" }, u_name: { type: "string" }, sys_id: { type: "GUID" } };
  assert.match(queryWords(fields).of("sysparm_offset"), /ORDERBYsys_id/);
  assert.match(queryWords(fields, { conditions: ["u_notes", "u_name"] }).of("sysparm_offset"), /ORDERBYu_name/);
  for (const conditions of [[], ["u_notes"]])
    assert.doesNotMatch(queryWords(fields, { conditions }).of("sysparm_offset"), /ORDERBY/);
});

test("cut list of fields says how many more there are", () => {
  const names = Array.from({ length: 91 }, (_, index) => `u_field_of_something_${index}`);
  const many = Object.fromEntries([...names, "number"].map((name) => [name, { type: "string" }]));
  const { of } = queryWords(many, { fields: Object.keys(many) });
  for (const name of ["sysparm_fields", "sysparm_query"]) {
    const [, list = "", more = ""] = /: (number\W[\w, ]*?) and (\d+) more, see the schema/.exec(of(name)) ?? [];
    assert.equal(list.split(",").length + Number(more), 92, of(name));
  }
});

test("words name a list and a number only where there are", () => {
  const fields = { number: { type: "string" }, u_name: { type: "string" } };
  assert.match(queryWords(fields).get, /by its number, use list_u_thing/);
  assert.match(queryWords(fields, { conditions: ["u_name"] }).get, /by other fields, use list_u_thing/);
  assert.doesNotMatch(queryWords(fields, { operations: ["get"] }).get, /list_u_thing/);
});

test("optional choice can be cleared, a mandatory one cannot", () => {
  const choices = [{ value: "", label: "-- None --" }, ...STATES];
  const { document } = queryWords({ a: { choices }, b: { choices, mandatory: true } });
  const { a, b } = propertiesOf(document, "u_thing-write");
  assert.deepEqual(
    [a?.enum, b?.enum],
    [
      ["1", "2", ""],
      ["1", "2"],
    ],
  );
  assert.match(a?.description ?? "", /Choices: 1 = New; 2/);
});

test("example queries hold no value that would end a condition", () => {
  const strange = { choices: ["a^b", "c,d", ""].map((value) => ({ value, label: value })) };
  const plain = { choices: [...strange.choices, { value: "e", label: "E" }, { value: "f", label: "F" }] };
  assert.match(queryWords({ a: strange, b: plain }).of("sysparm_query"), /Examples: b=e ; bINe,f/);
  assert.doesNotMatch(queryWords({ a: strange }).of("sysparm_query"), /\ba(?:=|IN)/);
});

test("words for a worker name only described tables", () => {
  const of = (server: "instance" | "worker", schemas: TableSchema[]) =>
    propertiesOf(openApi({ url: URL, server, schemas }), "incident").caller_id?.description ?? "";
  assert.match(of("instance", [INCIDENT]), /a record of sys_user/);
  assert.match(of("worker", [INCIDENT, USER]), /a record of sys_user/);
  assert.match(of("worker", [INCIDENT]), /sys_id of a record of another table/);
});
