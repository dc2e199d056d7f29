/** Finds secrets by the names of headers and fields, and takes them out of a request. */

import { isReference } from "../../tester/variables";
import type { AuthSetting, Body, Pair } from "../../workspace/model";
import { isSecretName } from "../../workspace/secret-names";
import type { Intake } from "./intake";

/** The values of secret names become variables of the vault. */
export function hidePairs<T extends Pair>(pairs: readonly T[], intake: Intake): T[] {
  return pairs.map((pair) => (isSecretName(pair.name) ? { ...pair, value: intake.hide(pair.name, pair.value) } : pair));
}

/**
 * Takes the credentials out of headers. An `Authorization` header that says the same as a setting becomes that setting if the
 * request has none of its own. Any other secret header keeps its name, with a variable of the vault.
 */
export function takeHeaders(
  headers: readonly Pair[],
  auth: AuthSetting,
  intake: Intake,
): { headers: Pair[]; auth: AuthSetting } {
  let found = auth;
  const left: Pair[] = [];
  for (const header of headers) {
    const setting = header.on && found.kind === "inherit" ? settingOf(header, intake) : undefined;
    if (setting) found = setting;
    else left.push(header);
  }
  return { headers: hidePairs(left, intake), auth: found };
}

function settingOf({ name, value }: Pair, intake: Intake): AuthSetting | undefined {
  const lower = name.trim().toLowerCase();
  if (lower === "x-sn-apikey") return { kind: "api-key", key: intake.keep(value), in: "header" };
  if (lower !== "authorization") return undefined;
  const bearer = /^\s*bearer\s+(\S.*)$/i.exec(value)?.[1];
  if (bearer !== undefined) return { kind: "bearer", token: intake.keep(bearer.trim()) };
  const basic = /^\s*basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(value)?.[1];
  const user = basic === undefined ? undefined : userOf(basic);
  return user && { kind: "basic", username: user.name, password: intake.keep(user.password) };
}

function userOf(base64: string): { name: string; password: string } | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const [name = "", ...password] = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split(":");
    return { name, password: password.join(":") };
  } catch {
    return undefined;
  }
}

/** Secrets of forms, of JSON members with a secret name, and of what looks like these or like XML in other texts. */
export function hideBody(body: Body, intake: Intake): Body {
  if (body.kind === "form") return { kind: "form", fields: hidePairs(body.fields, intake) };
  if (body.kind === "multipart") return { kind: "multipart", parts: hidePairs(body.parts, intake) };
  if (body.kind === "json") return { kind: "json", text: hideMembers(body.text, intake) };
  if (body.kind !== "text") return body;
  return { ...body, text: hideAssignments(hideElements(hideMembers(body.text, intake), intake), intake) };
}

// The lengths are bounded, and no value runs over the beginning of the next one, so that no text makes these slow.

function hideMembers(text: string, intake: Intake): string {
  return text.replace(
    /"([\w-]{1,40})"(\s{0,100}:\s{0,100})"((?:[^"\\]|\\.){1,20000})"/g,
    (whole, name: string, colon: string, value: string) =>
      isSecretName(name) && !isReference(value) ? `"${name}"${colon}"${intake.hide(name, value)}"` : whole,
  );
}

function hideElements(text: string, intake: Intake): string {
  return text.replace(
    /(<([\w.:-]{1,80})(?:\s[^<>]{0,500})?>)(?:<!\[CDATA\[((?:(?!<!\[CDATA\[|\]\]>)[\s\S]){1,20000})\]\]>|([^<]{1,20000}))(?=<\/\2\s{0,100}>)/g,
    (whole, tag: string, name: string, quoted: string | undefined, plain: string | undefined) => {
      const local = name.split(":").at(-1) ?? name;
      const value = quoted ?? plain ?? "";
      if (!isSecretName(local) || value.trim() === "") return whole;
      const hidden = intake.hide(local, value);
      return quoted === undefined ? `${tag}${hidden}` : `${tag}<![CDATA[${hidden}]]>`;
    },
  );
}

/** `name=value` of a form, and attributes of XML. A value without quotes ends at a space or `&`. */
function hideAssignments(text: string, intake: Intake): string {
  return text.replace(
    /(?<![\w.-])([\w.-]{1,80})(\s{0,20}=\s{0,20})("[^"\r\n]{1,20000}"|'[^'\r\n]{1,20000}'|(?:\{\{[^{}]{1,200}\}\}|[^\s&<]){1,20000})/g,
    (whole, name: string, equals: string, value: string) => {
      if (!isSecretName(name)) return whole;
      const quote = /^(["']).*\1$/.test(value) ? value.charAt(0) : "";
      const inner = quote === "" ? value : value.slice(1, -1);
      return `${name}${equals}${quote}${intake.hide(name, inner)}${quote}`;
    },
  );
}
