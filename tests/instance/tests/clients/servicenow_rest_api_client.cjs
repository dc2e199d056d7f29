// servicenow-rest-api, unchanged: its own filters, display values, writing by number, attachments. It has no pages: a table comes whole.
const assert = require("node:assert/strict");
const ServiceNow = require(require.resolve("servicenow-rest-api", { paths: [process.env.NODE_CLIENTS] }));

const [, , host, plain] = process.argv;
const client = new ServiceNow(host, "practice.integration", "practice-password");
const ask = (method, ...rest) => new Promise((resolve) => client[method](...rest, resolve));

async function main() {
  const [sample] = await ask("getSampleData", "incident");
  assert.match(sample.number, /^INC/);
  const everything = await ask("getTableData", ["number"], [], "incident");
  assert.equal(new Set(everything.map((row) => row.number)).size, 300);
  const closed = await ask("getTableData", ["number", "state"], ["state=7", "ORDERBYnumber"], "incident");
  assert.ok(closed.length > 100 && closed.every((row) => row.state === "Closed"));

  const made = await ask(
    "createNewTask",
    { short_description: "from servicenow-rest-api", impact: "1 - High", urgency: "1 - High" },
    "incident",
  );
  assert.equal(made.priority, "1 - Critical", JSON.stringify(made));
  const changed = await ask("UpdateTask", "incident", made.number, { state: "In Progress" });
  assert.equal(changed.state, "In Progress", JSON.stringify(changed));
  const id = await ask("getSysId", "incident", made.number);

  const target = `http://${plain}/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=notes.txt`;
  const authorization = `Basic ${Buffer.from("practice.integration:practice-password").toString("base64")}`;
  const headers = { authorization, "content-type": "text/plain" };
  await fetch(target, { method: "POST", headers, body: "what was found" });
  const [file] = await ask("getAllAttachmentsMetaData", id);
  assert.equal((await ask("getAttachmentMetaData", file.sys_id)).file_name, "notes.txt");
  assert.equal((await ask("getAttachment", file.sys_id)).data, "what was found");

  assert.equal((await ask("DeleteTask", "incident", made.number)).status, 204);
  assert.deepEqual(await ask("getTableData", ["number"], [`number=${made.number}`], "incident"), []);
  console.log("servicenow-rest-api is content");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
