// Attaches a file to an incident and reads it back: node index.mjs FILE NUMBER
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { connect } from "sysparm";

const { SYSPARM_URL, SYSPARM_CLIENT_ID, SYSPARM_CLIENT_SECRET } = process.env;
const [file, number] = process.argv.slice(2);
if (!number) throw new Error("Usage: node index.mjs FILE NUMBER");

const instance = await connect({
  url: SYSPARM_URL,
  auth: { grant: "client_credentials", clientId: SYSPARM_CLIENT_ID, clientSecret: SYSPARM_CLIENT_SECRET },
  timeLimits: { callMs: 600_000 },
});

const { rows } = await instance.table("incident").list({ query: `number=${number}`, fields: ["sys_id"] });
if (!rows[0]) throw new Error(`No incident ${number} that this user may read.`);

const attachment = await instance.attachments.upload({
  table: "incident",
  record: rows[0].sys_id,
  name: basename(file),
  body: await openAsBlob(file), // reads the file piece by piece as it is sent
  progress: (bytes, total) => console.log(`sent ${Math.floor((100 * bytes) / total)} %`),
});

const { response } = await instance.attachments.download(attachment.sys_id);
let received = 0;
for await (const piece of response.body) received += piece.length;
console.log(`attached ${attachment.name}, ${received} bytes came back`);
await instance.close();
