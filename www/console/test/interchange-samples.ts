/** Arbitrary collections for round trips. Every text is hostile. */
import fc from "fast-check";
import {
  type AuthSetting,
  type Body,
  type Collection,
  type Item,
  newCollection,
  newId,
  newRequest,
  newSecretRef,
  type Pair,
} from "../src/workspace/model";

export const hostile = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom(
    "__proto__",
    "a'b\"c`d\\",
    "$HOME $(x) %PATH% !x",
    "{{name}}",
    "a\nb",
    "100%",
    "&=?#+",
    "é ‮ 😀",
    "'''",
    "}",
  ),
);

const word = fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/);
/** Names that a secret's place would not claim. */
const plainName = word.filter(
  (name) => !/pass|pwd|secret|token|key|assertion|authorization|cookie|content-type|proto/i.test(name),
);

export const pairArbitrary: fc.Arbitrary<Pair> = fc
  .record({ name: plainName, value: hostile, on: fc.boolean() })
  .map((pair) => ({ id: newId(), ...pair }));

const bodyArbitrary: fc.Arbitrary<Body> = fc.oneof(
  fc.constant<Body>({ kind: "none" }),
  fc.jsonValue().map((value): Body => ({ kind: "json", text: JSON.stringify({ value }) })),
  hostile.filter((text) => text !== "").map((text): Body => ({ kind: "text", text, contentType: "text/x" })),
  fc.array(pairArbitrary, { minLength: 1, maxLength: 3 }).map((fields): Body => ({ kind: "form", fields })),
);

const authArbitrary: fc.Arbitrary<AuthSetting> = fc.oneof(
  fc.constant<AuthSetting>({ kind: "inherit" }),
  fc.constant<AuthSetting>({ kind: "none" }),
  word.map((username): AuthSetting => ({ kind: "basic", username, password: newSecretRef() })),
  fc.constant(0).map((): AuthSetting => ({ kind: "bearer", token: newSecretRef() })),
);

export const requestArbitrary = fc
  .record({
    name: fc.oneof(word, fc.constantFrom("A / B", "x: y", "ü 😀")),
    method: fc.constantFrom("GET" as const, "POST" as const, "PATCH" as const),
    address: fc.constantFrom("/api/now/table/incident", "/api/now/table/{{table}}/1", "https://other.example/a b"),
    parameters: fc.array(pairArbitrary, { maxLength: 3 }),
    headers: fc.array(
      pairArbitrary.map((pair) => ({ ...pair, value: pair.value.replace(/[^ -~]/g, "").trim() })),
      { maxLength: 2 },
    ),
    body: bodyArbitrary,
    auth: authArbitrary,
  })
  .map((part) => newRequest(part));

export const collectionArbitrary: fc.Arbitrary<Collection> = fc
  .record({
    name: word,
    direct: fc.array(requestArbitrary, { maxLength: 3 }),
    foldered: fc.array(requestArbitrary, { maxLength: 2 }),
  })
  .map(({ name, direct, foldered }) => {
    const folder: Item = {
      kind: "folder",
      id: newId(),
      name: "Folder",
      description: "",
      auth: { kind: "inherit" },
      variables: [],
      items: foldered,
    };
    return newCollection(name, [...direct, folder]);
  });

/** Items without ids and references, so that two trees can be compared. */
export function bare(items: readonly Item[]): unknown {
  return JSON.parse(
    JSON.stringify(items, (key, value) =>
      key === "id" ? undefined : ["password", "token", "key"].includes(key) ? "(secret)" : value,
    ),
  );
}
