// The ServiceNow node of n8n, unchanged, against the practice instance. This program is its host: it gives the parameters and sends.
const assert = require("node:assert/strict");
const path = require("node:path");
const { finish, operation } = require("./operations.cjs");

const [, , host] = process.argv;
const file = path.join(
  process.env.NODE_CLIENTS,
  "node_modules/n8n-nodes-base/dist/nodes/ServiceNow/ServiceNow.node.js",
);
const { ServiceNow } = require(file);
const node = new ServiceNow();
const notes = Buffer.from("what was found");

/** Sends what the node asks for, as the host does: a failed status is an error with the status and the body. */
async function send(password, options) {
  const url = new URL(options.uri.replace("https://practice.service-now.com", `http://${host}`));
  for (const [name, value] of Object.entries(options.qs ?? {})) url.searchParams.set(name, String(value));
  const authorization = `Basic ${Buffer.from(`practice.integration:${password}`).toString("base64")}`;
  const headers = { accept: "application/json", authorization, ...options.headers };
  let { body } = options;
  if (body !== undefined && !Buffer.isBuffer(body)) {
    body = JSON.stringify(body);
    headers["content-type"] = "application/json";
  }
  const reply = await fetch(url, { method: options.method, headers, body });
  const bytes = Buffer.from(await reply.arrayBuffer());
  const read = options.json && bytes.length > 0 ? JSON.parse(bytes.toString()) : bytes;
  if (!reply.ok) throw Object.assign(new Error(`status ${reply.status}`), { statusCode: reply.status, error: read });
  return options.resolveWithFullResponse ? { body: read, headers: Object.fromEntries(reply.headers) } : read;
}

/** Runs the node once and returns the JSON of its items. */
async function run(resource, named, parameters = {}, { password = "practice-password", json = {} } = {}) {
  const all = {
    authentication: "basicAuth",
    resource,
    operation: named,
    options: {},
    returnAll: false,
    limit: 50,
    ...parameters,
  };
  const context = {
    getInputData: () => [{ json }],
    getNode: () => ({ name: "ServiceNow", type: "serviceNow", typeVersion: 1, parameters: {} }),
    getNodeParameter: (name, _item, otherwise) => all[name] ?? otherwise,
    getCredentials: async () => ({ subdomain: "practice" }),
    continueOnFail: () => false,
    helpers: {
      requestWithAuthentication: (_type, options) => send(password, options),
      returnJsonArray: (items) => [items].flat().map((item) => ({ json: item })),
      constructExecutionMetaData: (items) => items,
      assertBinaryData: () => ({ mimeType: "text/plain", fileName: "notes.txt" }),
      getBinaryDataBuffer: async () => notes,
      prepareBinaryData: async (data, fileName) => ({ data, fileName }),
    },
  };
  const [items] = await node.execute.call(context);
  return items.map(({ json: item }) => item.binary ?? item.json ?? item);
}

const all = (resource, options = {}) => run(resource, "getAll", { returnAll: true, options });
const records = (tableName, options = {}) => run("tableRecord", "getAll", { tableName, returnAll: true, options });
const named = (number) => run("incident", "getAll", { options: { sysparm_query: `number=${number}` } });

async function failsWith(code, call) {
  const error = await call.then(
    () => undefined,
    (raised) => raised,
  );
  assert.equal(error?.httpCode, code, String(error));
}

async function main() {
  let made;
  let attached;
  let person;
  await operation("reads all incidents in pages", async () => {
    assert.equal(new Set((await all("incident")).map((row) => row.sys_id)).size, 300);
  });
  await operation("reads incidents up to a limit", async () => {
    assert.equal((await run("incident", "getAll", { limit: 7 })).length, 7);
  });
  await operation("reads chosen fields of incidents", async () => {
    const [row] = await run("incident", "getAll", { options: { sysparm_fields: ["number", "state"] }, limit: 1 });
    assert.deepEqual(Object.keys(row), ["number", "state"]);
  });
  await operation("reads incidents of a query", async () => {
    const closed = await all("incident", { sysparm_query: "state=7" });
    assert.ok(closed.length > 100 && closed.every((row) => row.state === "7"));
  });
  await operation("reads incidents with display values", async () => {
    const [row] = await run("incident", "getAll", {
      options: { sysparm_query: "state=7", sysparm_display_value: "true" },
    });
    assert.equal(row.state, "Closed");
  });
  await operation("reads incidents with both kinds of values", async () => {
    const [row] = await run("incident", "getAll", {
      options: { sysparm_query: "state=7", sysparm_display_value: "all" },
    });
    assert.deepEqual(row.state, { display_value: "Closed", value: "7" });
  });
  await operation("reads references without links", async () => {
    const [row] = await run("incident", "getAll", { options: { sysparm_exclude_reference_link: true } });
    assert.match(row.caller_id, /^[0-9a-f]{32}$/);
  });
  await operation("reads one incident", async () => {
    const [row] = await named("INC0000007");
    assert.equal((await run("incident", "get", { id: row.sys_id }))[0].number, "INC0000007");
  });
  await operation("creates an incident", async () => {
    const additionalFields = { impact: 1, urgency: 1 };
    [made] = await run("incident", "create", { short_description: "from n8n", additionalFields });
    assert.equal(made.number, "INC0000301");
    assert.equal(made.priority, "1");
  });
  await operation("updates an incident", async () => {
    const [row] = await run("incident", "update", { id: made.sys_id, updateFields: { state: 2 } });
    assert.equal(row.state, "2");
  });
  await operation("uploads an attachment", async () => {
    const where = { tableName: "incident", id: made.sys_id, inputDataFieldName: "data" };
    [attached] = await run("attachment", "upload", where);
    assert.equal(attached.file_name, "notes.txt");
  });
  await operation("reads the metadata of an attachment", async () => {
    const [row] = await run("attachment", "get", { attachmentId: attached.sys_id, download: false });
    assert.equal(row.size_bytes, String(notes.length));
  });
  await operation("downloads an attachment", async () => {
    const [{ data }] = await run("attachment", "get", {
      attachmentId: attached.sys_id,
      download: true,
      outputField: "data",
    });
    assert.deepEqual(data.data, notes);
  });
  await operation("lists the attachments of a table", async () => {
    const options = { queryFilter: `table_sys_id=${made.sys_id}` };
    assert.equal((await run("attachment", "getAll", { tableName: "incident", download: false, options })).length, 1);
  });
  await operation("lists all attachments of a table in pages", async () => {
    const where = { tableName: "incident", download: false, returnAll: true };
    assert.ok((await run("attachment", "getAll", where)).length >= 1);
  });
  await operation("deletes an attachment", async () => {
    assert.deepEqual(await run("attachment", "delete", { attachmentId: attached.sys_id }), [{ success: true }]);
    await failsWith("404", run("attachment", "get", { attachmentId: attached.sys_id, download: false }));
  });
  await operation("deletes an incident", async () => {
    await run("incident", "delete", { id: made.sys_id });
    assert.deepEqual(await named("INC0000301"), []);
  });
  await operation("creates a record from columns", async () => {
    const fieldsToSend = { field: [{ column: "short_description", value: "columns" }] };
    [made] = await run("tableRecord", "create", { tableName: "problem", dataToSend: "columns", fieldsToSend });
    assert.equal(made.short_description, "columns");
  });
  await operation("updates a record from its input", async () => {
    const where = { tableName: "problem", id: made.sys_id, dataToSend: "mapInput", inputsToIgnore: "other" };
    const [row] = await run("tableRecord", "update", where, { json: { short_description: "input", other: "ignored" } });
    assert.equal(row.short_description, "input");
  });
  await operation("reads one record", async () => {
    const [row] = await run("tableRecord", "get", { tableName: "problem", id: made.sys_id });
    assert.equal(row.number, made.number);
  });
  await operation("reads all records of a query", async () => {
    assert.equal((await records("problem", { sysparm_query: "short_description=input" })).length, 1);
  });
  await operation("deletes a record", async () => {
    await run("tableRecord", "delete", { tableName: "problem", id: made.sys_id });
    assert.deepEqual(await records("problem", { sysparm_query: "short_description=input" }), []);
  });
  await operation("creates a user", async () => {
    [person] = await run("user", "create", {
      additionalFields: { user_name: "n8n", first_name: "Node", last_name: "Eight" },
    });
    assert.equal(person.user_name, "n8n");
  });
  await operation("reads a user by name", async () => {
    const [row] = await run("user", "get", { getOption: "user_name", user_name: "n8n" });
    assert.equal(row.sys_id, person.sys_id);
  });
  await operation("reads a user by sys_id", async () => {
    assert.equal((await run("user", "get", { getOption: "id", id: person.sys_id }))[0].user_name, "n8n");
  });
  await operation("updates and deletes a user", async () => {
    const [row] = await run("user", "update", { id: person.sys_id, updateFields: { title: "Node" } });
    assert.equal(row.title, "Node");
    await run("user", "delete", { id: person.sys_id });
    await failsWith("404", run("user", "get", { getOption: "id", id: person.sys_id }));
  });
  for (const resource of ["configurationItems", "department", "dictionary", "userGroup", "user"])
    await operation(`reads all of ${resource} in pages`, async () => {
      const rows = await all(resource);
      assert.ok(rows.length > 0);
      assert.equal(new Set(rows.map((row) => row.sys_id)).size, rows.length);
    });
  await operation("refuses a wrong password with status 401", () =>
    failsWith("401", run("incident", "getAll", {}, { password: "wrong" })),
  );
  await operation("refuses a table without read access with status 403", () =>
    failsWith("403", run("tableRecord", "getAll", { tableName: "oauth_entity" })),
  );
  await operation("refuses an unknown table with status 400", () =>
    failsWith("400", run("tableRecord", "getAll", { tableName: "u_no_such_table" })),
  );
  await operation("refuses an unknown record with status 404", () =>
    failsWith("404", run("incident", "get", { id: "0".repeat(32) })),
  );
}

main().finally(finish);
