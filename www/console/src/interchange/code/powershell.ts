/** A script for PowerShell 7 (`-Form`, `-SkipHttpErrorCheck`). */

import type { Program, Value } from "./program";
import { legalAddress, powershell } from "./quote";

export function powershellCode(program: Program): string {
  const { auth, body } = program;
  const lines = ["$ErrorActionPreference = 'Stop'"];
  for (const name of program.needs) lines.push(`if (-not (Test-Path env:${name})) { throw 'Set ${name}' }`);
  if (auth.kind === "token") {
    lines.push(
      `$granted = Invoke-RestMethod -Method Post -Uri ${powershell([{ text: `${program.instance}/oauth_token.do` }])} -Body @{`,
      ...auth.fields.map(([name, value]) => `  ${powershell([{ text: name }])} = ${powershell(value)}`),
      "}",
    );
  }
  const parameters: [Value, Value][] = [...program.parameters];
  if (auth.kind === "api-key" && auth.in === "query") parameters.push([[{ text: "x-sn-apikey" }], auth.key]);
  lines.push(`$uri = ${powershell(legalAddress(program.address))}`);
  if (parameters.length > 0) lines.push(`$uri += '?' + ${fieldsText(parameters)}`);
  lines.push("$headers = @{}", ...headerLines(program));
  const options = [
    "-Method",
    program.method[0] + program.method.slice(1).toLowerCase(),
    "-Uri $uri",
    "-Headers $headers",
    "-SkipHttpErrorCheck",
    "-SkipHeaderValidation",
  ];
  switch (body.kind) {
    case "text":
      lines.push(`$body = [Text.Encoding]::UTF8.GetBytes(${powershell(body.text)})`);
      options.push(`-ContentType ${powershell([{ text: body.contentType }])}`, "-Body $body");
      break;
    case "form":
      lines.push(`$body = ${body.fields.length === 0 ? "''" : fieldsText(body.fields)}`);
      options.push("-ContentType 'application/x-www-form-urlencoded'", "-Body $body");
      break;
    case "file":
      options.push(
        `-ContentType ${powershell([{ text: body.contentType }])}`,
        `-InFile ${powershell([{ text: body.fileName }])}`,
      );
      break;
    case "multipart":
      lines.push(
        "$form = @{}",
        ...body.parts.map(
          ({ name, value, file }) =>
            `$form[${powershell(name)}] = ${file ? `Get-Item -LiteralPath ${powershell([{ text: file.fileName }])}` : powershell(value)}`,
        ),
      );
      options.push("-Form $form");
      break;
  }
  lines.push(`$response = Invoke-WebRequest ${options.join(" ")}`, "$response.StatusCode", "$response.Content");
  return `${lines.join("\n")}\n`;
}

function headerLines({ headers, auth }: Program): string[] {
  const lines = headers.map(([name, value]) => `$headers[${powershell(name)}] = ${powershell(value)}`);
  if (auth.kind === "token") lines.push("$headers['Authorization'] = 'Bearer ' + $granted.access_token");
  if (auth.kind === "bearer")
    lines.push(`$headers['Authorization'] = ${powershell([{ text: "Bearer " }, ...auth.token])}`);
  if (auth.kind === "api-key" && auth.in === "header") lines.push(`$headers['x-sn-apikey'] = ${powershell(auth.key)}`);
  if (auth.kind === "basic") {
    const user = powershell([...auth.username, { text: ":" }, ...auth.password]);
    lines.push(
      `$headers['Authorization'] = 'Basic ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes(${user}))`,
    );
  }
  return lines;
}

/** `name=value` joined by `&`, encoded when the script runs. */
function fieldsText(pairs: readonly [Value, Value][]): string {
  const parts = pairs.map(
    ([name, value]) =>
      `[uri]::EscapeDataString(${powershell(name)}) + '=' + [uri]::EscapeDataString(${powershell(value)})`,
  );
  return `(@(\n  ${parts.map((part) => `(${part})`).join("\n  ")}\n) -join '&')`;
}
