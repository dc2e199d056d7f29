/** A program for Python 3 with `requests`. */

import type { Program, Value } from "./program";
import { legalAddress, python } from "./quote";

export function pythonCode(program: Program): string {
  const { auth, body } = program;
  const lines = ["import os", "import sys", "", "import requests", ""];
  if (program.needs.length > 0) {
    lines.push(
      `for name in ${JSON.stringify(program.needs)}:`,
      "    if name not in os.environ:",
      '        sys.exit(f"Set {name}")',
      "",
    );
  }
  if (auth.kind === "token") {
    lines.push(
      "granted = requests.post(",
      `    ${python([{ text: `${program.instance}/oauth_token.do` }])},`,
      `    data=${rows(auth.fields.map(([name, value]) => [[{ text: name }], value]))},`,
      "    timeout=60,",
      ")",
      "granted.raise_for_status()",
      "",
    );
  }
  const parameters: [Value, Value][] = [...program.parameters];
  if (auth.kind === "api-key" && auth.in === "query") parameters.push([[{ text: "x-sn-apikey" }], auth.key]);
  lines.push("headers = {", ...headerLines(program), "}", "response = requests.request(");
  lines.push(`    ${JSON.stringify(program.method)},`, `    ${python(legalAddress(program.address))},`);
  if (parameters.length > 0) lines.push(`    params=${rows(parameters)},`);
  lines.push("    headers=headers,");
  // Bytes, because http.client accepts only Latin-1 in a text.
  if (auth.kind === "basic")
    lines.push(`    auth=((${python(auth.username)}).encode(), (${python(auth.password)}).encode()),`);
  if (body.kind === "text") lines.push(`    data=(${python(body.text)}).encode(),`);
  if (body.kind === "form") lines.push(`    data=${rows(body.fields)},`);
  if (body.kind === "file") lines.push(`    data=open(${python([{ text: body.fileName }])}, "rb"),`);
  if (body.kind === "multipart") {
    const parts = body.parts.map(({ name, value, file }) => {
      if (!file) return `        (${python(name)}, (None, ${python(value)})),`;
      const fileName = python([{ text: file.fileName }]);
      const type = file.contentType === "" ? "" : `, ${python([{ text: file.contentType }])}`;
      return `        (${python(name)}, (${fileName}, open(${fileName}, "rb")${type})),`;
    });
    lines.push("    files=[", ...parts, "    ],");
  }
  lines.push(
    "    timeout=60,",
    ")",
    "print(response.status_code, response.reason, file=sys.stderr)",
    "print(response.text)",
  );
  return `${lines.join("\n")}\n`;
}

function headerLines({ headers, auth, body }: Program): string[] {
  const all: [string, string][] = headers.map(([name, value]) => [python(name), python(value)]);
  if (body.kind === "text" || body.kind === "file") all.push(['"Content-Type"', python([{ text: body.contentType }])]);
  if (auth.kind === "token") all.push(['"Authorization"', '"Bearer " + granted.json()["access_token"]']);
  if (auth.kind === "bearer") all.push(['"Authorization"', python([{ text: "Bearer " }, ...auth.token])]);
  if (auth.kind === "api-key" && auth.in === "header") all.push(['"x-sn-apikey"', python(auth.key)]);
  return all.map(([name, value]) => `    ${name}: ${value},`);
}

function rows(pairs: readonly [Value, Value][]): string {
  return `[${pairs.map(([name, value]) => `(${python(name)}, ${python(value)})`).join(", ")}]`;
}
