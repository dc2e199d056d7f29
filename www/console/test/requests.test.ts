import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Answer, evaluate } from "../src/tester/assertions";
import { extract } from "../src/tester/extractions";
import { HEADER_NAMES } from "../src/tester/names";
import { type Context, effectiveAuth, prepare, unresolvedOf } from "../src/tester/prepare";
import { createResolver, DOTS, marks, type Scope } from "../src/tester/variables";
import {
  type Assertion,
  newId,
  newPair,
  newRequest,
  newSecretRef,
  type SecretRef,
  type Variable,
} from "../src/workspace/model";

const value = (name: string, text: string, on = true): Variable => ({ id: newId(), name, value: text, on });
const hidden = (name: string, secret: SecretRef): Variable => ({ id: newId(), name, secret, on: true });
const scope = (name: string, ...variables: Variable[]): Scope => ({ name, variables });
const noSecret = () => undefined;

test("inner scope's variable hides the outer one", () => {
  const scopes = [
    scope("DEV", value("table", "incident"), value("limit", "5")),
    scope("Problems", value("table", "problem"), value("limit", "9", false)),
  ];
  const resolved = createResolver(scopes, noSecret)("/api/now/table/{{table}}?n={{ limit }}");
  assert.equal(resolved.text, "/api/now/table/problem?n=5");
  assert.deepEqual(resolved.unresolved, []);
});

test("variables within variables are resolved", () => {
  const scopes = [scope("DEV", value("base", "/api/{{version}}"), value("version", "now"))];
  assert.equal(createResolver(scopes, noSecret)("{{base}}/table").text, "/api/now/table");
});

test("unknown and circular names stay and are listed", () => {
  const scopes = [scope("DEV", value("a", "{{b}}"), value("b", "{{a}}"))];
  const resolved = createResolver(scopes, noSecret)("{{a}} {{missing}} {{missing}}");
  assert.equal(resolved.text, "{{a}} {{missing}} {{missing}}");
  assert.deepEqual(resolved.unresolved, ["a", "missing"]);
});

test("names of Object.prototype are ordinary names", () => {
  assert.deepEqual(createResolver([], noSecret)("{{__proto__}}{{constructor}}").unresolved, [
    "__proto__",
    "constructor",
  ]);
  const scopes = [scope("DEV", value("__proto__", "x"))];
  assert.equal(createResolver(scopes, noSecret)("{{__proto__}}").text, "x");
});

test("values that multiply are bounded", () => {
  const variables = Array.from({ length: 9 }, (_, level) => value(`v${level}`, `{{v${level + 1}}}`.repeat(200)));
  const resolved = createResolver([scope("DEV", ...variables, value("v9", "laugh"))], noSecret)("{{v0}}");
  assert.ok(resolved.text.length < 10_000_000);
  assert.notEqual(resolved.unresolved.length, 0);
});

test("secret is never printable", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: "grapheme" }), fc.string(), (text, surrounding) => {
      fc.pre(!surrounding.includes(text) && !DOTS.includes(text));
      const ref = newSecretRef();
      const scopes = [scope("DEV", hidden("key", ref), value("nested", "<{{key}}>"))];
      const resolve = createResolver(scopes, (asked) => (asked === ref ? text : undefined));
      const resolved = resolve(`${surrounding}\n{{key}}\n{{nested}}`);
      assert.ok(resolved.text.includes(text));
      assert.ok(!resolved.printable.includes(text));
    }),
  );
});

test("secret's text is not read for references", () => {
  const ref = newSecretRef();
  const scopes = [scope("DEV", hidden("key", ref), value("other", "x"))];
  assert.equal(createResolver(scopes, () => "{{other}}")("{{key}}").text, "{{other}}");
});

test("text without references is unchanged", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(marks(text).length === 0);
      assert.deepEqual(createResolver([], noSecret)(text), { text, printable: text, unresolved: [] });
    }),
  );
});

const context = (part: Partial<Context> = {}): Context => ({
  scopes: [],
  secret: noSecret,
  origin: "https://dev1.service-now.com",
  files: new Map(),
  auth: [],
  ...part,
});

function sending(request: Parameters<typeof newRequest>[0], part: Partial<Context> = {}) {
  const prepared = prepare(newRequest(request), context(part));
  assert.ok("sending" in prepared, JSON.stringify(prepared));
  return prepared.sending;
}

test("request line hides secrets, and the path has them", () => {
  const ref = newSecretRef();
  const sent = sending(
    { address: "/api/x", parameters: [newPair("key", "{{key}}")] },
    { scopes: [scope("DEV", hidden("key", ref))], secret: () => "top secret" },
  );
  assert.equal(sent.path, "/api/x?key=top%20secret");
  assert.equal(sent.line, `GET /api/x?key=${encodeURIComponent(DOTS)}`);
});

test("form is sent encoded with its content type", () => {
  const body = { kind: "form", fields: [newPair("a b", "c&d"), newPair("off", "x", false)] } as const;
  const sent = sending({ method: "POST", address: "/x", body: { ...body, fields: [...body.fields] } });
  assert.equal(sent.body, "a+b=c%26d");
  assert.equal(sent.headers.get("Content-Type"), "application/x-www-form-urlencoded");
});

test("JSON body has its variables replaced", () => {
  const scopes = [scope("DEV", value("text", "paper"))];
  const sent = sending({ method: "PUT", address: "/x", body: { kind: "json", text: '{"a":"{{text}}"}' } }, { scopes });
  assert.equal(sent.body, '{"a":"paper"}');
  assert.equal(sent.headers.get("Content-Type"), "application/json");
});

test("multipart sends files and lets the browser set its type", () => {
  const part = { ...newPair("upload"), file: { fileName: "a.txt", contentType: "text/plain" } };
  const request = {
    method: "POST",
    address: "/x",
    body: { kind: "multipart", parts: [newPair("t", "v"), part] },
  } as const;
  const body = { kind: "multipart" as const, parts: [...request.body.parts] };
  const sent = sending({ ...request, body }, { files: new Map([[part.id, new Blob(["content"])]]) });
  assert.ok(sent.body instanceof FormData);
  assert.equal(sent.body.get("t"), "v");
  assert.equal((sent.body.get("upload") as File).name, "a.txt");
  assert.equal(sent.headers.get("Content-Type"), null);
  const missing = prepare(newRequest({ ...request, body }), context());
  assert.match("problem" in missing ? missing.problem : "", /a\.txt is not here.*Choose it again/);
});

test("variable that leads to another origin is refused", () => {
  const scopes = [scope("DEV", value("host", "https://evil.example"))];
  const prepared = prepare(newRequest({ address: "{{host}}/api" }), context({ scopes }));
  assert.match("problem" in prepared ? prepared.problem : "", /Requests go only to https:\/\/dev1/);
  const ref = newSecretRef();
  const secretly = prepare(
    newRequest({ address: "/{{host}}" }),
    context({ scopes: [scope("DEV", hidden("host", ref))], secret: () => "/secret.example" }),
  );
  assert.ok("problem" in secretly && !secretly.problem.includes("secret.example"));
});

test("header of a variable's name cannot replace the token", () => {
  const scopes = [scope("DEV", value("name", "Authorization"))];
  const prepared = prepare(
    newRequest({ address: "/x", headers: [newPair("{{name}}", "Bearer x")] }),
    context({ scopes }),
  );
  assert.match("problem" in prepared ? prepared.problem : "", /cannot be set here/);
});

test("header that changes the method is refused with advice", () => {
  const scopes = [scope("DEV", value("name", "x-http-method"), value("m", "delete"))];
  for (const [name, method] of [
    ["X-HTTP-Method-Override", "DELETE"],
    ["X-Method-Override ", "{{m}}"],
    ["{{name}}", "{{m}}"],
  ] as const) {
    const prepared = prepare(newRequest({ address: "/x", headers: [newPair(name, method)] }), context({ scopes }));
    assert.match(
      "problem" in prepared ? prepared.problem : "",
      /cannot be set here.*Choose DELETE as the method/,
      name,
    );
  }
  const other = prepare(newRequest({ address: "/x", headers: [newPair("x-http-method", "secret")] }), context());
  assert.match("problem" in other ? other.problem : "", /Choose the method of the request instead\.$/);
  assert.ok(!HEADER_NAMES.some(({ value }) => /method/i.test(value)));
});

test("innermost auth that does not inherit is used", () => {
  assert.equal(effectiveAuth([{ kind: "none" }, { kind: "inherit" }]).kind, "none");
  assert.equal(effectiveAuth([{ kind: "inherit" }]).kind, "inherit");
});

test("names without a value are those of what is sent", () => {
  const request = newRequest({
    address: "/{{table}}",
    parameters: [newPair("q", "{{off}}", false)],
    body: { kind: "json", text: "{{body}}" },
  });
  assert.deepEqual(unresolvedOf(request, [], noSecret), ["table"]);
  assert.deepEqual(unresolvedOf({ ...request, method: "POST" }, [], noSecret), ["table", "body"]);
});

const answer: Answer = {
  status: 200,
  totalMs: 120,
  headers: [["x-total-count", "2"]],
  text: JSON.stringify({
    result: [
      { number: "INC1", n: 5 },
      { number: "INC2", n: 7 },
    ],
  }),
};

function verdict(part: object, of = answer) {
  const [first] = evaluate([{ id: "1", on: true, value: "", ...part } as Assertion], of);
  assert.ok(first);
  return first;
}

test("each operator of an assertion passes and fails", () => {
  const path = "$.result[*].number";
  const cases: [object, object][] = [
    [{ subject: "status", operator: "is", value: "200" }, { value: "201" }],
    [{ subject: "status", operator: "is-not", value: "404" }, { value: "200" }],
    [{ subject: "status", operator: "below", value: "300" }, { value: "200" }],
    [{ subject: "time", operator: "below", value: "500" }, { value: "fast" }],
    [{ subject: "header", name: "X-Total-Count", operator: "is", value: "2" }, { value: "3" }],
    [{ subject: "header", name: "X-Total-Count", operator: "exists" }, { name: "Link" }],
    [{ subject: "body", path, operator: "exists" }, { path: "$.error" }],
    [{ subject: "body", path: "$.error", operator: "is-absent" }, { path }],
    [{ subject: "body", path: "$.result[0].number", operator: "is", value: "INC1" }, { value: "INC9" }],
    [{ subject: "body", path, operator: "is-not", value: "INC9" }, { value: "INC2" }],
    [{ subject: "body", path, operator: "contains", value: "INC" }, { value: "1" }],
    [{ subject: "body", path, operator: "matches", value: "^INC\\d$" }, { value: "^(" }],
    [{ subject: "body", path, operator: "count-is", value: "2" }, { value: "" }],
    [{ subject: "body", path: "$.result[*].n", operator: "at-least", value: "5" }, { value: "6" }],
    [{ subject: "body", path: "$.result[*].n", operator: "at-most", value: "7" }, { value: "" }],
  ];
  for (const [good, change] of cases) {
    assert.deepEqual(verdict(good).why, "", JSON.stringify(good));
    const failed = verdict({ ...good, ...change });
    assert.ok(!failed.passed && failed.why !== "", JSON.stringify({ ...good, ...change }));
  }
});

test("body that is not JSON fails an assertion with words", () => {
  const page = { ...answer, text: "<html>" };
  assert.equal(verdict({ subject: "body", path: "$", operator: "exists" }, page).why, "The body is not JSON.");
  assert.match(verdict({ subject: "body", path: "$[", operator: "exists" }).why, /"\$\[" is not a JSONPath/);
});

test("value of a reply becomes a variable", () => {
  const base = { on: true, variable: "id" };
  const found = extract(
    [
      { ...base, id: "1", from: "body", path: "$.result[-1].number" },
      { ...base, id: "2", from: "header", name: "X-Total-Count" },
      { ...base, id: "3", from: "status" },
      { ...base, id: "4", from: "body", path: "$.missing" },
      { ...base, id: "5", from: "status", variable: " " },
    ],
    answer,
  );
  assert.deepEqual(
    found.map((one) => one.value),
    ["INC2", "2", "200", undefined, undefined],
  );
  assert.equal(found[3]?.why, "Nothing is at $.missing.");
});

test("pattern is tried on texts of bounded length only", () => {
  const why = (text: string, pattern: string) => {
    const reply: Answer = { status: 200, totalMs: 1, headers: [], text: JSON.stringify(text) };
    const assertion = { id: "1", on: true, subject: "body", path: "$", operator: "matches", value: pattern } as const;
    return evaluate([assertion], reply)[0]?.why ?? "";
  };
  assert.equal(why("a".repeat(10_000), "^a+$"), "");
  assert.match(why("a".repeat(10_001), "^a+$"), /10,001 characters; a pattern is tried on at most 10,000/);
  assert.equal(why("a", `a${"b?".repeat(249)}`), "");
  assert.match(why("a", `a${"b?".repeat(250)}`), /The pattern has 501 characters; at most 500 are tried/);
});
