// servicenow-rest-api, unchanged, against the practice instance behind TLS. A table comes whole, with display values.
const assert = require("node:assert/strict");
const { finish, operation } = require("./operations.cjs");
const ServiceNow = require(require.resolve("servicenow-rest-api", { paths: [process.env.NODE_CLIENTS] }));

const [, , host, plain] = process.argv;
const user = ["practice.integration", "practice-password"];
const client = new ServiceNow(host, ...user);
// The library prints every address.
const { log } = console;
console.log = () => undefined;

const asking =
  (signedIn) =>
  (method, ...rest) =>
    new Promise((resolve) => signedIn[method](...rest, resolve));
const ask = asking(client);
const rows = (filters, fields = ["number"], table = "incident") => ask("getTableData", fields, filters, table);
const numbers = async (filters) => (await rows(filters)).map((row) => row.number);
const status = async (answer) => (await answer).response.status;

async function main() {
  let made;
  let file;
  const states = ["New", "In Progress", "On Hold", "Resolved", "Closed", "Canceled"];

  await operation("reads a sample row", async () => {
    const [sample] = await ask("getSampleData", "incident");
    assert.match(sample.number, /^INC/);
  });
  await operation("reads a whole table", async () => {
    assert.equal(new Set(await numbers([])).size, 300);
  });
  await operation("reads chosen fields", async () => {
    for (const row of await rows(["state=7"], ["number", "state"]))
      assert.deepEqual(Object.keys(row), ["number", "state"]);
  });
  await operation("reads all fields", async () => {
    const [row] = await rows(["number=INC0000007"], []);
    assert.ok(row.sys_id && row.caller_id.display_value && row.caller_id.link);
  });
  await operation("reads a field of a referenced record", async () => {
    const [row] = await rows(["number=INC0000007"], ["assignment_group.name"]);
    assert.ok(row["assignment_group.name"]);
  });
  await operation("reads display values of choices", async () => {
    for (const row of await rows([], ["state"])) assert.ok(states.includes(row.state), row.state);
  });
  await operation("queries a state and sorts by number", async () => {
    const closed = await rows(["state=7", "ORDERBYnumber"], ["number", "state"]);
    assert.ok(closed.length > 100 && closed.every((row) => row.state === "Closed"));
    assert.deepEqual(
      closed,
      closed.toSorted((a, b) => (a.number < b.number ? -1 : 1)),
    );
  });
  await operation("sorts in descending order", async () => {
    assert.equal((await numbers(["ORDERBYDESCnumber"]))[0], "INC0000300");
  });
  await operation("queries two conditions", async () => {
    const found = await rows(["state=7", "priority=4"], ["state", "priority"]);
    assert.ok(found.length > 0 && found.every((row) => row.state === "Closed" && row.priority === "4 - Low"));
  });
  await operation("queries with an alternative", async () => {
    assert.equal((await numbers(["number=INC0000001", "ORnumber=INC0000002"])).length, 2);
  });
  await operation("queries with a new query group", async () => {
    assert.equal((await numbers(["number=INC0000001", "NQnumber=INC0000002"])).length, 2);
  });
  await operation("queries a list of values", async () => {
    assert.equal((await numbers(["numberININC0000001,INC0000002"])).length, 2);
  });
  await operation("queries the beginning of a text", async () => {
    assert.equal((await numbers(["numberSTARTSWITHINC00002"])).length, 100);
  });
  await operation("queries a part of a text", async () => {
    assert.deepEqual(await numbers(["numberLIKE0000007"]), ["INC0000007"]);
  });
  await operation("queries empty and filled fields", async () => {
    const [empty, filled] = [await numbers(["resolved_atISEMPTY"]), await numbers(["resolved_atISNOTEMPTY"])];
    assert.equal(empty.length + filled.length, 300);
  });
  await operation("queries a range", async () => {
    const found = await rows(["priorityBETWEEN1@2"], ["priority"]);
    assert.ok(found.length > 0 && found.every((row) => /^[12] /.test(row.priority)));
  });
  await operation("queries other values than one", async () => {
    assert.equal((await numbers(["number!=INC0000007"])).length, 299);
  });
  await operation("queries a field of a referenced record", async () => {
    const [{ name }] = await rows([], ["name"], "sys_user_group");
    for (const row of await rows([`assignment_group.name=${name}`], ["assignment_group"]))
      assert.equal(row.assignment_group.display_value, name);
  });
  await operation("reads no row where none matches", async () => {
    assert.deepEqual(await numbers(["number=INC9999999"]), []);
  });
  await operation("reads other tables", async () => {
    for (const table of ["problem", "change_request", "sys_user", "cmdb_ci", "sys_choice"])
      assert.ok((await rows([], ["sys_id"], table)).length > 0, table);
  });
  await operation("finds the sys_id of a number", async () => {
    assert.match(await ask("getSysId", "incident", "INC0000007"), /^[0-9a-f]{32}$/);
  });
  await operation("creates a record from display values", async () => {
    const words = { short_description: "from servicenow-rest-api", impact: "1 - High", urgency: "1 - High" };
    made = await ask("createNewTask", words, "incident");
    assert.equal(made.priority, "1 - Critical");
    assert.equal(made.number, "INC0000301");
    assert.equal(made.opened_by.display_value, "Practice Integration");
  });
  await operation("updates a record from display values", async () => {
    assert.equal((await ask("UpdateTask", "incident", made.number, { state: "In Progress" })).state, "In Progress");
  });
  await operation("reads what was written", async () => {
    const [row] = await rows([`number=${made.number}`], ["state", "short_description"]);
    assert.deepEqual(row, { state: "In Progress", short_description: "from servicenow-rest-api" });
  });
  await operation("lists the attachments of a record", async () => {
    const id = await ask("getSysId", "incident", made.number);
    const target = `http://${plain}/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=notes.txt`;
    const authorization = `Basic ${Buffer.from(user.join(":")).toString("base64")}`;
    const headers = { authorization, "content-type": "text/plain" };
    await fetch(target, { method: "POST", headers, body: "what was found" });
    [file] = await ask("getAllAttachmentsMetaData", id);
    assert.equal(file.file_name, "notes.txt");
  });
  await operation("reads the metadata of an attachment", async () => {
    assert.equal((await ask("getAttachmentMetaData", file.sys_id)).size_bytes, "14");
  });
  await operation("downloads an attachment", async () => {
    assert.equal((await ask("getAttachment", file.sys_id)).data, "what was found");
  });
  await operation("deletes a record by its number", async () => {
    assert.equal((await ask("DeleteTask", "incident", made.number)).status, 204);
    assert.deepEqual(await numbers([`number=${made.number}`]), []);
  });
  await operation("refuses a wrong password with status 401", async () => {
    assert.equal(await status(asking(new ServiceNow(host, user[0], "wrong"))("getSampleData", "incident")), 401);
  });
  await operation("refuses a table without read access with status 403", async () => {
    assert.equal(await status(ask("getSampleData", "oauth_entity")), 403);
  });
  await operation("refuses an unknown table with its message", async () => {
    const { response } = await ask("getSampleData", "u_no_such_table");
    assert.equal(response.data.error.message, "Invalid table u_no_such_table");
  });
  await operation("refuses an unknown attachment with status 404", async () => {
    assert.equal(await status(ask("getAttachmentMetaData", "0".repeat(32))), 404);
  });
}

main().finally(() => {
  console.log = log;
  finish();
});
