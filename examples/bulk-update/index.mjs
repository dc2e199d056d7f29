// Changes every row that a query finds: node index.mjs QUERY FIELD=VALUE [--yes]
import { createInterface } from "node:readline/promises";
import { connect } from "sysparm";
import { Query, updateWhere } from "sysparm/query";

const { SYSPARM_URL, SYSPARM_CLIENT_ID, SYSPARM_CLIENT_SECRET } = process.env;
const [query, change, yes] = process.argv.slice(2);
const [, field, value] = /^(\w+)=(.*)$/s.exec(change ?? "") ?? [];
if (!field) throw new Error("Usage: node index.mjs QUERY FIELD=VALUE [--yes]");

const instance = await connect({
  url: SYSPARM_URL,
  auth: { grant: "client_credentials", clientId: SYSPARM_CLIENT_ID, clientSecret: SYSPARM_CLIENT_SECRET },
});

async function confirm({ rows, hidden, explanation }) {
  console.log(`Rows where ${explanation}: ${rows}. Hidden by access rules and not changed: ${hidden}.`);
  if (yes === "--yes") return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Set ${field} to ${value}? [y/N] `);
  terminal.close();
  return answer === "y";
}

// A misspelt field is refused before anything is read: ServiceNow would ignore the condition and change the whole table.
const schema = await instance.schema("incident");
const options = { schema, confirm, limit: 500 };
const outcome = await updateWhere(instance.table("incident"), Query.parse(query), { [field]: value }, options);

console.log(`${outcome.written} changed, ${outcome.failed.length} failed, ${outcome.left.length} left as they were`);
for (const { id, error } of outcome.failed) console.error(id, error.message);
await instance.close();
