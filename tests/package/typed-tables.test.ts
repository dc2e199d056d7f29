/**
 * Generated types of tables of the practice instance, and what does not compile with them. One run of the compiler. SYSPARM_TYPED_TABLES is how
 * many tables: 4, or 40 in `make slow`.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "sysparm";
import { typescript, valibot, zod } from "sysparm/codegen";
import type { Field, TableSchema } from "sysparm/schema";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { copyInto, type Project } from "./installed.js";

const COUNT = Number(process.env.SYSPARM_TYPED_TABLES ?? 4);
const TABLES = (
  "incident sys_user cmn_location core_company cmdb_ci task_sla oauth_entity alm_asset problem change_request change_task incident_task " +
  "problem_task task sc_request sc_req_item sc_task sc_cat_item task_ci sys_user_group sys_user_grmember sys_user_role sys_user_has_role cmn_department cmn_cost_center " +
  "business_unit kb_knowledge kb_knowledge_base kb_category cmdb_ci_server cmdb_ci_computer cmdb_ci_service cmdb_rel_ci cmdb_model " +
  "alm_hardware ast_contract sys_attachment sys_properties sn_customerservice_case sn_hr_core_case"
)
  .split(" ")
  .slice(0, COUNT);

/** By type: a condition that fits, and one that does not. */
const CONDITIONS: Record<string, [fitting: string, wrong: string]> = {
  string: ['startsWith("a")', 'on("Today")'],
  boolean: ["is(true)", "lessThan(1)"],
  integer: ["atMost(3)", 'endsWith("a")'],
  decimal: ["between(1, 2)", 'startsWith("a")'],
  glide_date_time: ['on("Today")', 'contains("a")'],
  glide_date: ['atLeast("2026-01-31")', 'in(["2026-01-31"])'],
  glide_duration: ['moreThan("1970-01-02 00:00:00")', 'startsWith("1")'],
  reference: ["isNotEmpty()", "atMost(1)"],
};

/** What validators give back is a row of the table, and the other way round; what is written likewise. */
const VALIDATED = `import type { Tables, TableWrites } from "sysparm";
import type * as valibot from "./valibot.js";
import type * as zod from "./zod.js";

export const rows = (one: zod.Incident, other: valibot.Incident): Tables["incident"][] => [one, other];
export const one = (row: Tables["incident"]): zod.Incident & valibot.Incident => ({ ...row });
export const values = (one: zod.IncidentAll, other: valibot.IncidentAll): Tables["incident"]["state"][] => [
  one.state.value,
  other.state.value,
];
export const label = (one: zod.IncidentLabels, other: valibot.IncidentLabels): string => one.state + other.state;
export const written = (row: TableWrites["incident"]): zod.IncidentWrite & valibot.IncidentWrite => row;
// @ts-expect-error the id of a user is no configuration item
export const wrong = (row: zod.Incident): Tables["incident"]["cmdb_ci"] => row.caller_id;
`;

let instance: PracticeInstance;
let project: Project;
before(async () => {
  instance = await startPracticeInstance("--rows", "10", "--quiet");
  project = copyInto("typed-tables");
});
after(async () => {
  project?.remove();
  await instance?.stop();
});

/** Lines about one table. What follows `@ts-expect-error` must not compile. */
function linesOf({ table, tables }: TableSchema, own: ReadonlySet<string>): string[] {
  const fields = Object.entries(tables[table]?.fields ?? {});
  const where = `Query.where<Tables["${table}"]>()`;
  const wrong = (line: string) => ["// @ts-expect-error", line];
  const lines = fields.map(([name]) => `${where}.and("${name}").isEmpty();`);
  const find = (accepts: (field: Field) => boolean) => fields.find(([, field]) => accepts(field))?.[0];
  lines.push(...wrong(`${where}.and("${fields[0]?.[0]}_x");`));
  // A fifth of the compiler's time goes into the first of these lines of each table.
  if (TABLES.indexOf(table) < 3) lines.push(...wrong(`instance.table("${table}").list({ fields: ["sys_idd"] });`));
  for (const [type, [fitting, unfit]] of Object.entries(CONDITIONS)) {
    const name = find((field) => field.type === type && !field.choices?.length);
    if (!name) continue;
    lines.push(`${where}.and("${name}").${fitting};`, ...wrong(`${where}.and("${name}").${unfit};`));
  }
  for (const [name, { choices = [], suggestions }] of fields) {
    const [chosen] = choices.filter(({ value }) => value !== "");
    if (!chosen || suggestions) continue;
    lines.push(`${where}.and("${name}").is(${JSON.stringify(chosen.value)});`);
    lines.push(...wrong(`${where}.and("${name}").is("no such choice");`));
  }
  for (const [name, { type, reference, referenceKey }] of fields) {
    if (type !== "reference" || !reference || referenceKey || !own.has(reference)) continue;
    lines.push(`${where}.and("${name}.sys_id");`, ...wrong(`${where}.and("${name}.sys_idd");`));
  }
  return lines;
}

test("wrong fields, operators and choices do not compile", async () => {
  const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" } as const;
  const client = await connect({ url: instance.url, auth });
  const schemas = await Promise.all(TABLES.map((table) => client.schema(table)));
  client.close();
  const lines = schemas.flatMap((schema) => linesOf(schema, new Set(TABLES)));
  const head = `import type { Instance, Tables } from "sysparm";\nimport { Query } from "sysparm/query";\ndeclare const instance: Instance;\n`;
  writeFileSync(join(project.folder, "lines.ts"), `${head}${lines.join("\n")}\n`);
  writeFileSync(join(project.folder, "tables.ts"), typescript(schemas));
  for (const [name, write] of Object.entries({ zod, valibot })) {
    writeFileSync(join(project.folder, `${name}.ts`), write(schemas.slice(0, 1)));
    symlinkSync(resolve("node_modules", name), join(project.folder, "node_modules", name));
  }
  writeFileSync(join(project.folder, "validated.ts"), VALIDATED);
  cpSync("tests/package/typed-queries.ts", join(project.folder, "typed-queries.ts"));
  const compilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noUnusedLocals: true },
    // The declarations of Zod and Valibot take 2 s to check; those of sysparm are checked in types.test.ts.
    ...{ skipLibCheck: true, noEmit: true, target: "es2022", module: "nodenext", lib: ["es2022", "dom"], types: [] },
  };
  const files = ["lines.ts", "tables.ts", "typed-queries.ts", "validated.ts"];
  writeFileSync(join(project.folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const compiled = spawnSync(resolve("node_modules/.bin/tsc"), ["-p", project.folder], { encoding: "utf8" });
  assert.equal(compiled.status, 0, `${compiled.stdout}${compiled.stderr}`);
  const expected = lines.filter((line) => line.startsWith("// @ts-expect-error")).length;
  assert.equal(schemas.length, COUNT);
  assert.ok(expected > 15 * COUNT, `${expected} lines that must not compile`);
});
