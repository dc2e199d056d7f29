import assert from "node:assert/strict";
import { test } from "node:test";
import { createIntake } from "../src/interchange/import/intake";
import { hideBody } from "../src/interchange/import/secrecy";
import type { Body } from "../src/workspace/model";
import { isSecretName } from "../src/workspace/secret-names";

test("secret name is recognised in every spelling", () => {
  const secret =
    "password passwd passphrase user_password userPass pwd x-pwd PWD client_secret clientSecret shared-secret-key api_key " +
    "X-Api-Key sn-apikey api-keys private_key access_token id-token tokens X-UserToken csrf_token_value assertion " +
    "client_assertion Authorization proxy-authorization Cookie Set-Cookie credentials code JSESSIONID session_id sysparm_ck g_ck";
  const plain =
    "name short_description sys_id number state key keyword passenger codes error_code token_type tokenUrl " +
    "client_assertion_type expires_in max_tokens sysparm_query session u_session";
  assert.deepEqual(
    secret.split(" ").filter((name) => !isSecretName(name)),
    [],
  );
  assert.deepEqual(
    plain.split(" ").filter((name) => isSecretName(name)),
    [],
  );
});

const BODIES: [given: string, hidden: string][] = [
  ["user=a&password=hunter2&x=1", "user=a&password={{password}}&x=1"],
  ["pwd = hunter2\nname = b", "pwd = {{pwd}}\nname = b"],
  ["password='hunter2 hunter2'", "password='{{password}}'"],
  [
    "<login><user>a</user><password>hunter2</password></login>",
    "<login><user>a</user><password>{{password}}</password></login>",
  ],
  ['<w:Password Type="t">hunter2</w:Password>', '<w:Password Type="t">{{password}}</w:Password>'],
  ["<pwd><![CDATA[hunter2<&]]></pwd>", "<pwd><![CDATA[{{pwd}}]]></pwd>"],
  ['<login user="a" password="hunter2"/>', '<login user="a" password="{{password}}"/>'],
  ['{"client_secret": "hunter2"}', '{"client_secret": "{{client_secret}}"}'],
  ["<password></password>token_type=Bearer", "<password></password>token_type=Bearer"],
  ["password={{mine}}&<token>{{mine}}</token>", "password={{mine}}&<token>{{mine}}</token>"],
];

test("secrets of an imported text body go to the vault", () => {
  for (const [given, hidden] of BODIES) {
    const intake = createIntake("t");
    const body: Body = { kind: "text", text: given, contentType: "text/plain" };
    assert.deepEqual(hideBody(body, intake), { ...body, text: hidden });
    const secrets = [...intake.finish([]).secrets.values()];
    assert.equal(secrets.length, given.includes("hunter2") ? 1 : 0, given);
  }
});

test("hostile text body is read in linear time", () => {
  const intake = createIntake("t");
  const started = performance.now();
  for (const piece of [
    "<a",
    "<password>",
    "<a ",
    "password=",
    "password='",
    "<pwd><![CDATA[",
    "pwd={{",
    "a.",
    '"a":"\\',
  ])
    hideBody({ kind: "text", text: piece.repeat(100_000), contentType: "text/plain" }, intake);
  assert.ok(performance.now() - started < 5_000, `${performance.now() - started} ms`);
});
