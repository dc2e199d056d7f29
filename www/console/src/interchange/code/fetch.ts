/** A module for Node 18 or later that uses `fetch`. */

import type { Program } from "./program";
import { javascript, legalAddress } from "./quote";

export function fetchCode(program: Program): string {
  const lines: string[] = [...needed(program)];
  const { auth, body } = program;
  if (body.kind === "file" || (body.kind === "multipart" && body.parts.some(({ file }) => file))) {
    lines.unshift('import { readFile } from "node:fs/promises";', "");
  }
  if (auth.kind === "token") {
    lines.push(
      `const granted = await fetch(${javascript([{ text: `${program.instance}/oauth_token.do` }])}, {`,
      '  method: "POST",',
      "  body: new URLSearchParams([",
      ...auth.fields.map(([name, value]) => `    [${JSON.stringify(name)}, ${javascript(value)}],`),
      "  ]),",
      "});",
      'if (!granted.ok) throw new Error("No token: " + granted.status + " " + (await granted.text()));',
      "const { access_token } = await granted.json();",
      "",
    );
  }
  lines.push(`const url = new URL(${javascript(legalAddress(program.address))});`);
  for (const [name, value] of program.parameters)
    lines.push(`url.searchParams.append(${javascript(name)}, ${javascript(value)});`);
  lines.push("const headers = new Headers();");
  for (const [name, value] of program.headers) lines.push(`headers.append(${javascript(name)}, ${javascript(value)});`);
  lines.push(...authLines(program), ...bodyLines(program));
  const withBody = body.kind !== "none";
  lines.push(
    `const response = await fetch(url, { method: ${JSON.stringify(program.method)}, headers${withBody ? ", body" : ""} });`,
    "console.error(response.status, response.statusText);",
    "console.log(await response.text());",
  );
  return `${lines.join("\n")}\n`;
}

export function needed(program: Program): string[] {
  if (program.needs.length === 0) return [];
  return [
    `for (const name of ${JSON.stringify(program.needs)}) {`,
    '  if (process.env[name] === undefined) throw new Error("Set " + name);',
    "}",
    "",
  ];
}

function authLines({ auth }: Program): string[] {
  switch (auth.kind) {
    case "none":
      return [];
    case "token":
      return ['headers.set("Authorization", "Bearer " + access_token);'];
    case "bearer":
      return [`headers.set("Authorization", ${javascript([{ text: "Bearer " }, ...auth.token])});`];
    case "basic":
      return [
        `const user = ${javascript([...auth.username, { text: ":" }, ...auth.password])};`,
        'headers.set("Authorization", "Basic " + Buffer.from(user).toString("base64"));',
      ];
    case "api-key":
      return auth.in === "query"
        ? [`url.searchParams.append("x-sn-apikey", ${javascript(auth.key)});`]
        : [`headers.set("x-sn-apikey", ${javascript(auth.key)});`];
  }
}

export function bodyLines({ body }: Program): string[] {
  switch (body.kind) {
    case "none":
      return [];
    case "text":
      return [
        `headers.set("Content-Type", ${javascript([{ text: body.contentType }])});`,
        `const body = ${javascript(body.text)};`,
      ];
    case "form":
      return [
        "const body = new URLSearchParams();",
        ...body.fields.map(([name, value]) => `body.append(${javascript(name)}, ${javascript(value)});`),
      ];
    case "file":
      return [
        `headers.set("Content-Type", ${javascript([{ text: body.contentType }])});`,
        `const body = await readFile(${javascript([{ text: body.fileName }])});`,
      ];
    case "multipart":
      return [
        "const body = new FormData();",
        ...body.parts.map(({ name, value, file }) => {
          if (!file) return `body.append(${javascript(name)}, ${javascript(value)});`;
          const fileName = javascript([{ text: file.fileName }]);
          const type = javascript([{ text: file.contentType }]);
          return `body.append(${javascript(name)}, new Blob([await readFile(${fileName})], { type: ${type} }), ${fileName});`;
        }),
      ];
  }
}
