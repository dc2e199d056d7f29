// Keeps a copy of a table in a SQLite file: node index.mjs [FILE] [TABLE]. Run it as often as you like; each run reads what has changed.
import { connect } from "sysparm";
import { sync } from "sysparm/sync";

const { SYSPARM_URL, SYSPARM_CLIENT_ID, SYSPARM_CLIENT_SECRET } = process.env;
const [file = "copy.db", table = "incident"] = process.argv.slice(2);
const fields = ["sys_id", "number", "short_description", "state", "sys_updated_on"];

// Node has SQLite since 22.13. For Node 20: npm install better-sqlite3@12. Both know exec(), prepare(), run() and get().
const Database = await import("node:sqlite").then(
  ({ DatabaseSync }) => DatabaseSync,
  async () => (await import("better-sqlite3")).default,
);
const database = new Database(file);
database.exec(`
  create table if not exists "${table}" (${fields.map((field) => `"${field}" text`).join(", ")}, primary key (sys_id));
  create table if not exists checkpoints (source text primary key, checkpoint text not null);
`);
const remove = database.prepare(`delete from "${table}" where sys_id = ?`);
const put = database.prepare(`insert or replace into "${table}" values (${fields.map(() => "?").join(", ")})`);
const save = database.prepare("insert or replace into checkpoints values (?, ?)");
const stored = database.prepare("select checkpoint from checkpoints where source = ?").get(table);

// A batch and its checkpoint are stored together or not at all, so a run that is killed has lost and repeated nothing.
function store({ rows, deleted, checkpoint }) {
  database.exec("begin immediate");
  try {
    for (const id of deleted) remove.run(id);
    for (const row of rows) put.run(...fields.map((field) => row[field] ?? null));
    save.run(table, JSON.stringify(checkpoint));
    database.exec("commit");
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}

const instance = await connect({
  url: SYSPARM_URL,
  auth: { grant: "client_credentials", clientId: SYSPARM_CLIENT_ID, clientSecret: SYSPARM_CLIENT_SECRET },
});
const checkpoint = stored && JSON.parse(stored.checkpoint);
let [written, removed, last] = [0, 0, undefined];
for await (const batch of sync(instance.table(table), { checkpoint, fields })) {
  store(batch);
  written += batch.rows.length;
  removed += batch.deleted.length;
  last = batch.progress;
  console.log(`${last.passed} of ${last.total ?? "unknown"} rows of this run`);
}
await instance.close();
database.close();

console.log(`${written} written, ${removed} deleted, ${last.hidden ?? "an unknown number of"} rows not seen`);
if (last.deletions !== "read")
  console.error(`Deleted rows may still be in the copy (sys_audit_delete: ${last.deletions}).`);
// The next run goes on from the checkpoint.
if (!last.complete) throw new Error(`Not everything was read: ${last.caveat}`);
