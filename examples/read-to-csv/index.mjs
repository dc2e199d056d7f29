// Writes a table to a CSV file: node index.mjs FILE [TABLE] [QUERY]
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect } from "sysparm";

const { SYSPARM_URL, SYSPARM_CLIENT_ID, SYSPARM_CLIENT_SECRET } = process.env;
const [file = "incidents.csv", table = "incident", query = "active=true"] = process.argv.slice(2);
const fields = ["number", "short_description", "priority", "sys_updated_on"];

const instance = await connect({
  url: SYSPARM_URL,
  auth: { grant: "client_credentials", clientId: SYSPARM_CLIENT_ID, clientSecret: SYSPARM_CLIENT_SECRET },
});

// A cell that begins like a formula would be calculated by a spreadsheet.
const cell = (value) =>
  `"${String(value)
    .replace(/^[=+\-@\t\r]/, "'$&")
    .replaceAll('"', '""')}"`;
const line = (values) => `${values.map(cell).join(",")}\r\n`;

async function* lines() {
  yield line(fields);
  let last;
  for await (const page of instance.table(table).pages({ query, fields })) {
    for (const row of page.rows) yield line(fields.map((field) => row[field]));
    last = page;
  }
  // An incomplete file must not look like a complete one.
  if (!last?.complete) throw new Error(`Some rows may be missing: ${last?.caveat ?? "no page came"}`);
  console.log(`${last.seen} rows in ${file}, ${last.hidden} hidden by access rules`);
}

await pipeline(Readable.from(lines()), createWriteStream(file));
await instance.close();
