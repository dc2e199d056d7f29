/** A command line for curl 7.87 or later (`--url-query`), in a POSIX shell. */

import type { Program, Value } from "./program";
import { legalAddress, literalQuery, plain, shell } from "./quote";

export function curlCode(program: Program): string {
  const { auth } = program;
  const lines: string[] = [];
  for (const name of program.needs) lines.push(`: "\${${name}:?Set ${name}}"`);
  const args: string[] = [];
  if (auth.kind === "token") {
    const fields = auth.fields.map(([name, value]) => `--data-urlencode ${shell([{ text: `${name}=` }, ...value])}`);
    lines.push(
      `token=$(curl -sS --fail-with-body ${shell([{ text: `${program.instance}/oauth_token.do` }])} \\`,
      ...fields.map((field, index) => `  ${field} ${index === fields.length - 1 ? "|" : "\\"}`),
      `  sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')`,
    );
    args.push('--header "Authorization: Bearer $token"');
  }
  if (auth.kind === "basic") args.push(`--user ${shell([...auth.username, { text: ":" }, ...auth.password])}`);
  if (auth.kind === "bearer") args.push(`--header ${shell([{ text: "Authorization: Bearer " }, ...auth.token])}`);
  if (auth.kind === "api-key" && auth.in === "header")
    args.push(`--header ${shell([{ text: "x-sn-apikey: " }, ...auth.key])}`);
  const parameters: [Value, Value][] = [...program.parameters];
  if (auth.kind === "api-key" && auth.in === "query") parameters.push([[{ text: "x-sn-apikey" }], auth.key]);
  const query = literalQuery(parameters);
  if (query === undefined) {
    for (const [name, value] of parameters) args.push(`--url-query ${shell([...name, { text: "=" }, ...value])}`);
  }
  // An empty value needs a semicolon: curl leaves the header out otherwise.
  for (const [name, value] of program.headers) {
    args.push(`--header ${shell(value.length === 0 ? [...name, { text: ";" }] : [...name, { text: ": " }, ...value])}`);
  }
  args.push(...bodyArguments(program));
  const address = [...legalAddress(program.address), ...(query ? [{ text: `?${query}` }] : [])];
  const method = program.method === "HEAD" ? "--head" : `--request ${program.method}`;
  const first = `curl -sS --globoff ${method} ${shell(joinTexts(address))}`;
  return `${[...lines, [first, ...args].join(" \\\n  ")].join("\n")}\n`;
}

function bodyArguments({ body }: Program): string[] {
  switch (body.kind) {
    case "none":
      return [];
    case "text":
      return [`--header ${shell([{ text: `Content-Type: ${body.contentType}` }])}`, `--data-raw ${shell(body.text)}`];
    case "form":
      if (body.fields.length === 0) return [];
      return body.fields.map(([name, value]) => {
        const written = literalQuery([[name, value]]);
        return written === undefined
          ? `--data-urlencode ${shell([...name, { text: "=" }, ...value])}`
          : `--data-raw ${shell([{ text: written }])}`;
      });
    case "multipart":
      return body.parts.map(({ name, value, file }) => {
        if (!file) return `--form-string ${shell([...name, { text: "=" }, ...value])}`;
        const type = file.contentType === "" ? "" : `;type=${file.contentType}`;
        return `--form ${shell([...name, { text: `=@"${file.fileName.replace(/["\\]/g, "\\$&")}"${type}` }])}`;
      });
    case "file":
      return [
        `--header ${shell([{ text: `Content-Type: ${body.contentType}` }])}`,
        `--data-binary ${shell([{ text: `@${body.fileName}` }])}`,
      ];
  }
}

function joinTexts(value: Value): Value {
  return value.some((piece) => "env" in piece) ? value : [{ text: plain(value) }];
}
