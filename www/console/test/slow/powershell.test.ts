/** Generated PowerShell is parsed by the grammar of tree-sitter: no error, and each hostile text stays one string. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { toolsFromNpm } from "../../../../tests/harness/tools-from-npm.ts";
import { type CodeFacts, codeOf } from "../../src/interchange/code/index";
import { type AuthSetting, newId, newPair, newRequest, newSecretRef } from "../../src/workspace/model";
import { hostile, requestArbitrary } from "../interchange-samples";

/** What is used of web-tree-sitter. */
interface Node {
  type: string;
  text: string;
  isMissing: boolean;
  hasError: boolean;
  descendantsOfType(type: string): Node[];
}
interface TreeSitter {
  Parser: { init(): Promise<void> } & (new () => {
    setLanguage(language: unknown): void;
    parse(text: string): { rootNode: Node; delete(): void };
  });
  Language: { load(grammar: Uint8Array): Promise<unknown> };
}

let parse: (text: string) => { rootNode: Node; delete(): void };

before(async () => {
  const installed = await toolsFromNpm(["web-tree-sitter@0.27.2", "tree-sitter-powershell@0.26.4"]);
  const entry = join(installed, "web-tree-sitter/web-tree-sitter.js");
  const { Parser, Language } = (await import(pathToFileURL(entry).href)) as TreeSitter;
  // V8 would optimise the large tables of the grammar for ten seconds, for a second of parsing.
  setFlagsFromString("--liftoff-only");
  await Parser.init();
  const parser = new Parser();
  const grammar = await readFile(join(installed, "tree-sitter-powershell/tree-sitter-powershell.wasm"));
  parser.setLanguage(await Language.load(grammar));
  parse = (text) => parser.parse(text);
});

/** PowerShell takes typographic quotes for plain ones, so the script doubles each of them. */
const DOUBLED = /(['‘’‚‛])\1/g;

const SECRET = newSecretRef();
const AUTHS: AuthSetting[] = [
  { kind: "none" },
  { kind: "basic", username: "it's “me” $x", password: SECRET },
  { kind: "bearer", token: SECRET },
  { kind: "api-key", key: SECRET, in: "query" },
  { kind: "api-key", key: SECRET, in: "header" },
  { kind: "oauth", grant: "client_credentials", clientId: "c'1", clientSecret: SECRET },
  { kind: "oauth", grant: "password", clientId: "c", clientSecret: SECRET, username: "a'b", password: SECRET },
];
const facts: CodeFacts = {
  instanceUrl: "https://dev1.service-now.com",
  auth: { kind: "oauth", grant: "client_credentials", clientId: "c", clientSecret: SECRET },
  ancestors: [],
  variables: [{ id: newId(), name: "table", on: true, value: "incident" }],
};

/** Asserts that a script has no error. Gives its command names and the texts of its strings. */
function read(script: string): { commands: string[]; strings: string[] } {
  const tree = parse(script);
  try {
    assert.ok(!tree.rootNode.hasError, script);
    const texts = (type: string) => tree.rootNode.descendantsOfType(type).map(({ text }) => text);
    return {
      commands: texts("command_name"),
      strings: texts("verbatim_string_characters").map((text) => text.slice(1, -1).replace(DOUBLED, "$1")),
    };
  } finally {
    tree.delete();
  }
}

test("grammar finds an error where there is one", () => {
  for (const wrong of ["$a = 'it's'", "Invoke-WebRequest @{", "$x = (1 + "]) {
    const tree = parse(wrong);
    assert.ok(tree.rootNode.hasError, wrong);
    tree.delete();
  }
});

test("generated PowerShell parses for every grant and body", () => {
  const quotes = `it's "q" \`n $HOME $(Get-Date) \${env:PATH} ‘’ “” ‚ ‛ # <# @' '@`;
  const parts = [
    { ...newPair("t'1", quotes), id: newId() },
    { ...newPair("f", ""), id: newId(), file: { fileName: "a 'b.txt", contentType: "text/x" } },
  ];
  const bodies = [
    { kind: "none" },
    { kind: "json", text: JSON.stringify({ a: quotes }) },
    { kind: "text", text: `${quotes}\n'@\n${quotes}`, contentType: "text/plain; a='b'" },
    { kind: "form", fields: [newPair(quotes, quotes)] },
    { kind: "form", fields: [] },
    { kind: "multipart", parts },
    { kind: "file", fileName: "it's.bin", contentType: "x/y" },
  ] as const;
  let scripts = 0;
  for (const auth of AUTHS) {
    for (const body of bodies) {
      const request = newRequest({
        method: "POST",
        address: "/api/now/table/{{table}}",
        auth,
        parameters: [newPair("sysparm_query", quotes)],
        headers: [newPair("X-A", quotes)],
        body: structuredClone(body) as never,
      });
      const { commands } = read(codeOf(request, facts, "powershell").text);
      const known = new Set(["Test-Path", "Invoke-RestMethod", "Invoke-WebRequest", "Get-Item"]);
      assert.deepEqual(
        commands.filter((name) => !known.has(name)),
        [],
        "a text became a command",
      );
      assert.ok(commands.includes("Invoke-WebRequest"));
      scripts += 1;
    }
  }
  assert.equal(scripts, AUTHS.length * bodies.length);
});

test("hostile text stays one string of PowerShell", () => {
  fc.assert(
    fc.property(requestArbitrary, fc.array(hostile, { minLength: 1, maxLength: 3 }), (given, texts) => {
      const parameters = [...texts, "‘a’ ‚b‛ 'c'"].map((text) => newPair("p", `<${text.replaceAll("{{name}}", "")}>`));
      const { text } = codeOf({ ...given, parameters }, facts, "powershell");
      const { strings } = read(text);
      for (const { value } of parameters) assert.ok(strings.includes(value), `${value} in ${text}`);
    }),
    { numRuns: 1_000 },
  );
});
