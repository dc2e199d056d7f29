import assert from "node:assert/strict";
import { test } from "node:test";
import { exportBruno } from "../src/interchange/export/bruno";
import { exportPostman } from "../src/interchange/export/postman";
import { type Collection, newCollection, newId, newRequest, newSecretRef } from "../src/workspace/model";

const FACTS = {
  instanceUrl: "https://dev1.service-now.com",
  auth: { kind: "oauth", clientId: "c", clientSecret: newSecretRef(), grant: "client_credentials" },
} as const;

/** Addresses, and whether the credentials of the instance go there. */
const ADDRESSES: [address: string, inherits: boolean][] = [
  ["/api/now/table/incident", true],
  ["/{{table}}", true],
  ["https://dev1.service-now.com/api/x", true],
  ["{{ours}}/api/x", true],
  ["{{instance_url}}/api/x", true],
  ["https://other.example/a", false],
  ["https://dev1.service-now.com.other.example/a", false],
  ["https://dev1.service-now.com@other.example/a", false],
  ["http://dev1.service-now.com/a", false],
  ["{{instance_url}}.other.example/a", false],
  ["{{theirs}}/a", false],
  ["{{unknown}}/a", false],
];

function sample(): Collection {
  const collection = newCollection("c", [
    {
      kind: "folder",
      id: newId(),
      name: "F",
      description: "",
      auth: { kind: "inherit" },
      variables: [{ id: newId(), name: "ours", on: true, value: "https://dev1.service-now.com" }],
      items: ADDRESSES.map(([address], index) => newRequest({ name: `r${index}`, address })),
    },
  ]);
  collection.variables = [
    { id: newId(), name: "theirs", on: true, value: "https://other.example" },
    { id: newId(), name: "instance_url", on: true, value: "https://other.example" },
  ];
  return collection;
}

const LOST = ADDRESSES.flatMap(([, inherits], index) => (inherits ? [] : [`c > F > r${index}`]));

test("Postman export keeps credentials with the instance", () => {
  const { files, losses } = exportPostman(sample(), FACTS);
  const document = JSON.parse(files[0]?.text ?? "");
  const requests: { request: { auth?: { type: string } } }[] = document.item[1].item;
  assert.deepEqual(
    requests.map(({ request }, index) => [ADDRESSES[index]?.[0], request.auth?.type]),
    ADDRESSES.map(([address, inherits]) => [address, inherits ? undefined : "noauth"]),
  );
  assert.deepEqual(
    losses.filter(({ what }) => what === "inherited credentials").map(({ where }) => where),
    LOST,
  );
  assert.deepEqual(
    document.variable.filter(({ key }: { key: string }) => key === "instance_url"),
    [{ key: "instance_url", value: "https://dev1.service-now.com" }],
  );
});

test("Bruno export keeps credentials with the instance", () => {
  const { files, losses } = exportBruno(sample(), FACTS);
  const modes = files
    .filter(({ path }) => /r\d+\.bru$/.test(path))
    .map(({ text }) => /^ {2}auth: (\w+)$/m.exec(text)?.[1]);
  assert.deepEqual(
    modes.map((mode, index) => [ADDRESSES[index]?.[0], mode]),
    ADDRESSES.map(([address, inherits]) => [address, inherits ? "inherit" : "none"]),
  );
  assert.deepEqual(
    losses.filter(({ what }) => what === "inherited credentials").map(({ where }) => where),
    LOST,
  );
  assert.doesNotMatch(files.find(({ path }) => path === "collection.bru")?.text ?? "", /instance_url: /);
});
