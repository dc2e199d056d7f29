import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { importFiles, importText } from "../src/interchange/import/index";

const CREATE = `meta {
  name: Create
  type: http
  seq: 2
}

post {
  url: {{base}}/api/now/table/:table?x=1
  body: json
  auth: bearer
}

params:query {
  x: 1
  ~"a b": c:d
}

params:path {
  table: incident
}

headers {
  Accept: application/json
}

auth:bearer {
  token: hunter2
}

body:json {
  {
    "a": {
    }
  }
}

vars:post-response {
  sys_id: res.body.result[0].sys_id
}

assert {
  res.status: eq 201
  res.body.result: length 1
  ~res.body.x: contains "y"
  res.body.z: isNumber
}

script:pre-request {
  if (a) {
  }
}

docs {
  Makes one.
}
`;

test("Bruno text with every block is read", async () => {
  const imported = await importText(CREATE);
  assert.doesNotMatch(JSON.stringify(imported), /hunter2/);
  const [request] = imported.collections[0]?.items ?? [];
  assert.ok(request?.kind === "request");
  assert.equal(request.address, "{{base}}/api/now/table/incident");
  assert.deepEqual(
    request.parameters.map(({ name, value, on }) => [name, value, on]),
    [
      ["x", "1", true],
      ["a b", "c:d", false],
    ],
  );
  assert.deepEqual(request.body, { kind: "json", text: '{\n  "a": {\n  }\n}' });
  assert.equal(request.auth.kind, "bearer");
  assert.equal(request.description, "Makes one.");
  assert.deepEqual(
    request.extractions.map((one) => one.from === "body" && one.path),
    ["$.result[0].sys_id"],
  );
  assert.deepEqual(
    request.assertions.map(({ subject, operator, value, on }) => [subject, operator, value, on]),
    [
      ["status", "is", "201", true],
      ["body", "count-is", "1", true],
      ["body", "contains", "y", false],
    ],
  );
  assert.deepEqual(
    imported.losses.map(({ what }) => what),
    ["pre-request script", "assertion res.body.z"],
  );
});

test("files of a Bruno folder become folders", async () => {
  const imported = await importFiles([
    { path: "c/bruno.json", text: '{"version":"1","name":"Mine"}' },
    {
      path: "c/collection.bru",
      text: "auth {\n  mode: basic\n}\n\nauth:basic {\n  username: a\n  password: hunter2\n}\n",
    },
    {
      path: "c/environments/dev.bru",
      text: "vars {\n  host: x\n  password: {{p}}hunter2\n}\nvars:secret [\n  key,\n  ~other\n]\n",
    },
    { path: "c/Tables/Create.bru", text: CREATE },
    { path: "c/Tables/A.bru", text: "meta {\n  name: First\n  seq: 1\n}\n\nget {\n  url: /x\n}\n" },
    { path: "c/readme.bru", text: "docs {\n}\n" },
  ]);
  const [collection] = imported.collections;
  assert.equal(collection?.name, "Mine");
  assert.equal(collection?.auth.kind, "basic");
  const [folder] = collection?.items ?? [];
  assert.ok(folder?.kind === "folder");
  assert.deepEqual(
    folder.items.map(({ name }) => name),
    ["First", "Create"],
  );
  assert.deepEqual(
    imported.variables.map(({ name, on, secret }) => [name, on, secret !== undefined]),
    [
      ["host", true, false],
      ["password", true, true],
      ["key", true, true],
      ["other", false, true],
    ],
  );
  assert.doesNotMatch(JSON.stringify(imported), /hunter2/);
});

test("JSON export of Bruno is read", async () => {
  const imported = await importText(
    JSON.stringify({
      name: "J",
      version: "1",
      items: [
        {
          type: "folder",
          name: "F",
          items: [
            {
              type: "http-request",
              name: "R",
              request: {
                url: "/api/:id",
                method: "POST",
                params: [{ name: "id", value: "7", type: "path" }],
                auth: {
                  mode: "oauth2",
                  oauth2: { grantType: "client_credentials", clientId: "c", clientSecret: "hunter2" },
                },
                body: { mode: "multipartForm", multipartForm: [{ type: "file", name: "f", value: ["/a/b.png"] }] },
                tests: "x()",
              },
            },
          ],
        },
      ],
      environments: [{ name: "dev", variables: [{ name: "v", value: "1", enabled: true }] }],
    }),
  );
  const [folder] = imported.collections[0]?.items ?? [];
  assert.ok(folder?.kind === "folder");
  const [request] = folder.items;
  assert.ok(request?.kind === "request" && request.body.kind === "multipart");
  assert.equal(request.address, "/api/7");
  assert.equal(request.body.parts[0]?.file?.fileName, "b.png");
  assert.deepEqual([...imported.secrets.values()], ["hunter2"]);
  assert.deepEqual(
    imported.losses.map(({ what }) => what),
    ["test script", "file b.png"],
  );
});

test("Hoppscotch collection is read", async () => {
  const imported = await importText(
    JSON.stringify([
      {
        v: 2,
        name: "H",
        folders: [{ v: 2, name: "F", folders: [], requests: [] }],
        requests: [
          {
            v: "5",
            name: "R",
            method: "POST",
            endpoint: "<<base>>/api",
            params: [{ key: "a", value: "<<b>>", active: false }],
            headers: [],
            testScript: "pw.test()",
            auth: {
              authType: "oauth-2",
              authActive: true,
              grantTypeInfo: { grantType: "PASSWORD", clientID: "c", username: "u", password: "hunter2" },
            },
            body: { contentType: "application/x-www-form-urlencoded", body: "x: 1\n#y: 2" },
          },
        ],
      },
    ]),
  );
  const [, request] = imported.collections[0]?.items ?? [];
  assert.ok(request?.kind === "request" && request.body.kind === "form");
  assert.equal(request.address, "{{base}}/api");
  assert.deepEqual(
    request.parameters.map(({ name, value, on }) => [name, value, on]),
    [["a", "{{b}}", false]],
  );
  assert.deepEqual(
    request.body.fields.map(({ name, value, on }) => [name, value, on]),
    [
      ["x", "1", true],
      ["y", "2", false],
    ],
  );
  assert.ok(request.auth.kind === "oauth" && request.auth.grant === "password");
  assert.doesNotMatch(JSON.stringify(imported), /hunter2/);
});

test("no text or JSON breaks the readers of Bruno and Hoppscotch", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.jsonValue(), async (text, json) => {
      await importText(`meta {\n${text}\n}\nget {\n  url: ${text}\n`);
      const request = {
        url: json,
        method: json,
        params: json,
        headers: [json],
        auth: json,
        body: { mode: "json", json },
        assertions: [json],
        vars: { res: [json] },
      };
      await importText(
        JSON.stringify({
          name: "x",
          items: [json, { type: "http", name: json, request }, { type: "folder", items: [json], root: json }],
        }),
      );
      await importText(
        JSON.stringify([
          { folders: [json], requests: [json, { endpoint: json, auth: json, body: json, params: json }] },
        ]),
      );
    }),
    { numRuns: 150 },
  );
});
