import assert from "node:assert/strict";
import { test } from "node:test";
import { changedTo, fieldsOf, methodOf, missingWords, REQUEST_METHODS, withValue } from "../src/tester/auth-setting";
import type { AuthSetting, SecretRef } from "../src/workspace/model";

let made = 0;
const newRef = () => {
  made += 1;
  return `ref-${made}` as SecretRef;
};

test("every method is made, and recognised again", () => {
  for (const method of REQUEST_METHODS) {
    const auth = changedTo(method, { kind: "inherit" }, newRef);
    assert.equal(methodOf(auth), method);
  }
  assert.ok(!REQUEST_METHODS.includes("authorization_code"), "it needs a person");
});

test("other grant keeps client, secret and scope", () => {
  const secret = newRef();
  const before: AuthSetting = {
    kind: "oauth",
    grant: "client_credentials",
    clientId: "c1",
    clientSecret: secret,
    scope: "useraccount",
  };
  const after = changedTo("password", before, newRef);
  assert.deepEqual(
    { ...after, password: "" },
    {
      kind: "oauth",
      grant: "password",
      clientId: "c1",
      clientSecret: secret,
      scope: "useraccount",
      username: "",
      password: "",
    },
  );
  assert.deepEqual(changedTo("none", after, newRef), { kind: "none" });
});

test("change of the method takes no field that it does not have", () => {
  const jwt = changedTo("jwt_bearer", { kind: "basic", username: "abel", password: newRef() }, newRef);
  assert.deepEqual(Object.keys(jwt).sort(), ["clientId", "grant", "kind", "privateKey", "subject"]);
});

test("optional field that is emptied is left out", () => {
  const scope = fieldsOf("client_credentials").at(-1);
  assert.equal(scope?.name, "scope", "what may be left empty comes last");
  const auth = changedTo("client_credentials", { kind: "inherit" }, newRef);
  if (!scope) return;
  const scoped = withValue(auth, scope, "useraccount");
  assert.equal((scoped as { scope?: string }).scope, "useraccount");
  assert.deepEqual(withValue(scoped, scope, ""), auth);
});

test("what is missing is named", () => {
  const auth = changedTo("password", { kind: "inherit" }, newRef);
  assert.equal(
    missingWords(auth, () => false),
    "Enter Client ID, User name, Client secret, Password.",
  );
  const [id] = fieldsOf("password");
  assert.equal(id && missingWords(withValue(auth, id, "c1"), () => true), "Enter User name.");
  assert.equal(
    missingWords({ kind: "inherit" }, () => false),
    "",
  );
});
