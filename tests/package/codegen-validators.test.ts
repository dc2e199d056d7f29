/** Zod, Valibot and JSON Schema that `sysparm/codegen` writes, on rows of the practice instance and on wrong ones. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { connect, type Instance } from "sysparm";
import { jsonSchema, valibot, zod } from "sysparm/codegen";
import type { TableSchema } from "sysparm/schema";
import * as v from "valibot";
import type * as z from "zod";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";

const NAMES = {
  incident: "Incident",
  sys_user: "SysUser",
  cmdb_ci_server: "CmdbCiServer",
  cmn_location: "CmnLocation",
};
const FORMS = [
  ["", false],
  ["Labels", true],
  ["All", "all"],
] as const;

/** What a validator says of a value: what it gave back, or undefined if it refused. */
type Check = (definition: string, value: unknown) => unknown;

let practice: PracticeInstance;
let instance: Instance;
let schemas: TableSchema[];
let folder: string;
let checks: Record<"zod" | "valibot" | "json-schema", Check>;
let incident: Record<string, unknown>;

before(async () => {
  practice = await startPracticeInstance("--rows", "10", "--quiet");
  const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" } as const;
  instance = await connect({ url: practice.url, auth });
  schemas = await Promise.all(Object.keys(NAMES).map((table) => instance.schema(table)));
  // Below the repository, where the two libraries are found.
  mkdirSync("target", { recursive: true });
  folder = mkdtempSync(resolve("target/codegen-"));
  const modules = await Promise.all(
    Object.entries({ zod, valibot }).map(async ([name, write]) => {
      const file = join(folder, `${name}.ts`);
      writeFileSync(file, write(schemas));
      return await import(pathToFileURL(file).href);
    }),
  );
  const [ofZod, ofValibot] = modules as [Record<string, z.ZodType>, Record<string, v.GenericSchema>];
  const ajv = new Ajv2020({ strict: true, strictTypes: false });
  ajv.addSchema(JSON.parse(JSON.stringify(jsonSchema(schemas))), "tables");
  checks = {
    zod: (name, value) => ofZod[name]?.safeParse(value).data,
    valibot: (name, value) => {
      const result = v.safeParse(ofValibot[name] as v.GenericSchema, value);
      return result.success ? result.output : undefined;
    },
    "json-schema": (name, value) => (ajv.validate(`tables#/$defs/${name}`, value) ? value : undefined),
  };
  incident = (await instance.table("incident").first()) as Record<string, unknown>;
});
after(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  instance?.close();
  await practice?.stop();
});

function accept(definition: string, value: unknown): void {
  for (const [name, check] of Object.entries(checks)) assert.deepEqual(check(definition, value), value, name);
}

function refuse(definition: string, value: unknown): void {
  for (const [name, check] of Object.entries(checks))
    assert.equal(check(definition, value), undefined, `${name}: ${JSON.stringify(value)}`);
}

test("rows of the instance are accepted in every form", async () => {
  for (const [table, name] of Object.entries(NAMES)) {
    for (const [ending, displayValue] of FORMS) {
      const rows = await instance.table(table).toArray({ displayValue, limit: 5 });
      assert.ok(rows.length > 0, table);
      for (const row of rows) accept(name + ending, row);
    }
  }
});

test("unknown columns and values that are no choice are kept", () => {
  accept("Incident", { ...incident, u_new: "x", state: "99", active: "", opened_at: "", priority: "" });
});

test("wrong rows are refused", () => {
  const { number: _, ...without } = incident;
  refuse("Incident", without);
  const wrong = {
    active: "yes",
    state: "one",
    reassignment_count: "1.5",
    opened_at: "2026-01-31T08:00:00Z",
    caller_id: { link: "https://x.example", value: "a" },
    task_effective_number: "a".repeat(4001),
    number: 5,
    sys_id: "",
    comments: null,
  };
  for (const [field, value] of Object.entries(wrong)) refuse("Incident", { ...incident, [field]: value });
  refuse("IncidentAll", incident);
  refuse("IncidentLabels", { ...incident, state: 6 });
});

test("what creates a record is checked as the types say", async () => {
  const written = { short_description: "a", state: 2, urgency: "1", active: true, caller_id: null, opened_at: "" };
  accept("IncidentWrite", written);
  for (const [field, value] of Object.entries({
    active: 1,
    state: 2.5,
    short_descripton: "a",
    number: {},
    sys_id: "a",
  }))
    refuse("IncidentWrite", { ...written, [field]: value });
  const { sys_id } = await instance.table("incident").create(written);
  accept("Incident", await instance.table("incident").get(String(sys_id)));
});

test("fields may be missing with the option partial", () => {
  const [schema] = schemas as [TableSchema];
  const ajv = new Ajv2020();
  const document = jsonSchema([schema], { partial: true });
  assert.ok(ajv.validate(document, { number: "INC1" }));
  assert.ok(!ajv.validate(document, { number: 1 }));
  assert.match(zod([schema], { partial: true }), /^export const Incident = row\(fieldsOfIncident\)\.partial\(\);$/m);
  assert.match(
    valibot([schema], { partial: true }),
    /^export const Incident = v\.partial\(row\(fieldsOfIncident\)\);$/m,
  );
});
