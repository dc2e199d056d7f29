/** A module for Node that uses sysparm: tokens are renewed and failures explained. */
import { bodyLines, fetchCode, needed } from "./fetch";
import type { Program, Value } from "./program";
import { javascript, legalAddress, plain } from "./quote";

/** sysparm talks to one instance. A request to another host is written with `fetch`. */
export function sysparmCode(program: Program): string {
  const path = pathOf(program);
  const auth = authText(program);
  if (path === undefined || auth === undefined) return fetchCode(program);
  const { body } = program;
  const lines = ['import { connect } from "sysparm";'];
  if (body.kind === "file" || (body.kind === "multipart" && body.parts.some(({ file }) => file))) {
    lines.push('import { readFile } from "node:fs/promises";');
  }
  lines.push(
    "",
    ...needed(program),
    `const instance = await connect({ url: ${javascript([{ text: program.instance }])}, auth: ${auth} });`,
  );
  lines.push("const query = new URLSearchParams();");
  for (const [name, value] of program.parameters)
    lines.push(`query.append(${javascript(name)}, ${javascript(value)});`);
  lines.push("const headers = new Headers();");
  for (const [name, value] of program.headers) lines.push(`headers.append(${javascript(name)}, ${javascript(value)});`);
  lines.push(
    ...bodyLines(program),
    `const path = ${javascript(path)} + (query.size > 0 ? \`?\${query}\` : "");`,
    `const response = await instance.request(path, { method: ${JSON.stringify(program.method)}, headers${body.kind === "none" ? "" : ", body"} });`,
    "console.error(response.status, response.statusText);",
    "console.log(await response.text());",
  );
  return `${lines.join("\n")}\n`;
}

function pathOf({ address, instance }: Program): Value | undefined {
  const [first, ...rest] = legalAddress(address);
  if (!first || "env" in first || !first.text.startsWith(`${instance}/`)) return undefined;
  return [{ text: first.text.slice(instance.length) }, ...rest];
}

/** The option `auth` of `connect()`. Undefined for settings that it has no word for. */
function authText({ auth, setting }: Program): string | undefined {
  if (auth.kind === "basic")
    return `{ username: ${javascript(auth.username)}, password: ${javascript(auth.password)} }`;
  if (auth.kind === "api-key") return `{ apiKey: ${javascript(auth.key)}, in: "${auth.in}" }`;
  if (auth.kind !== "token" || setting.kind !== "oauth") return undefined;
  const fields = new Map(auth.fields);
  const grant = plain(fields.get("grant_type") ?? []);
  if (grant.startsWith("urn:")) return undefined;
  const names: [option: string, field: string][] = [
    ["clientId", "client_id"],
    ["clientSecret", "client_secret"],
    ["username", "username"],
    ["password", "password"],
    ["refreshToken", "refresh_token"],
    ["scope", "scope"],
  ];
  const options = names.flatMap(([option, field]) => {
    const value = fields.get(field);
    return value === undefined ? [] : [`${option}: ${javascript(value)}`];
  });
  return `{ grant: ${JSON.stringify(grant)}, ${options.join(", ")} }`;
}
