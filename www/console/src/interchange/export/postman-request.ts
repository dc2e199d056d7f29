/** One request in Postman's format 2.1. */

import { marks } from "../../tester/variables";
import type { Assertion, Body, Extraction, SavedRequest } from "../../workspace/model";
import { encodeText } from "../encode";
import { INSTANCE_VARIABLE } from "../names";
import { type Ancestors, exportedAuth, NOT_INHERITED } from "./credentials";
import { postmanAuth, postmanPairs, type Writing } from "./postman";

export function postmanRequest(
  request: SavedRequest,
  where: readonly string[],
  ancestors: Ancestors,
  write: Writing,
): object {
  const setting = exportedAuth(request, ancestors, write.facts);
  if (setting.kind !== request.auth.kind) write.lose(where, "inherited credentials", NOT_INHERITED);
  const auth = postmanAuth(setting, write.places);
  const { body, contentType } = bodyOf(request.body, where, write);
  const header = [
    ...postmanPairs(request.headers),
    ...(contentType === "" ? [] : [{ key: "Content-Type", value: contentType }]),
  ];
  const lines = [
    ...request.assertions.flatMap((one) => assertionLines(one, where, write)),
    ...request.extractions.flatMap((one) => extractionLines(one, where, write)),
  ];
  return {
    name: request.name,
    ...(lines.length === 0 ? {} : { event: [{ listen: "test", script: { type: "text/javascript", exec: lines } }] }),
    request: {
      method: request.method,
      description: request.description,
      ...(auth ? { auth } : {}),
      header,
      ...(body ? { body } : {}),
      url: urlOf(request),
    },
  };
}

function urlOf({ address, parameters }: SavedRequest): object {
  const front = address.startsWith("/") ? `{{${INSTANCE_VARIABLE}}}${address}` : address;
  const query = parameters.map(({ name, value, on, note }) => ({
    key: encoded(name),
    value: encoded(value),
    ...(on ? {} : { disabled: true }),
    ...(note === undefined ? {} : { description: note }),
  }));
  const shown = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${value}`);
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/i.exec(front);
  const slash = front.indexOf("/");
  const host = parts ? (parts[2] ?? "") : slash < 0 ? front : front.slice(0, slash);
  const path = parts ? (parts[3] ?? "") : slash < 0 ? "" : front.slice(slash);
  return {
    raw: shown.length === 0 ? front : `${front}?${shown.join("&")}`,
    ...(parts ? { protocol: parts[1] } : {}),
    host: [host],
    path: path === "" ? [] : path.slice(1).split("/"),
    query,
  };
}

/** Postman sends the characters of a value as they are, so they are encoded here. Variables stay. */
function encoded(text: string): string {
  let at = 0;
  let written = "";
  for (const { from, to } of marks(text)) {
    written += encodeText(text.slice(at, from)) + text.slice(from, to);
    at = to;
  }
  return written + encodeText(text.slice(at));
}

function bodyOf(body: Body, where: readonly string[], write: Writing): { body?: object; contentType: string } {
  switch (body.kind) {
    case "none":
      return { contentType: "" };
    case "json":
      return {
        body: { mode: "raw", raw: body.text, options: { raw: { language: "json" } } },
        contentType: "application/json",
      };
    case "text":
      return { body: { mode: "raw", raw: body.text }, contentType: body.contentType };
    case "form":
      return { body: { mode: "urlencoded", urlencoded: postmanPairs(body.fields) }, contentType: "" };
    case "multipart":
      return {
        body: {
          mode: "formdata",
          formdata: body.parts.map(({ name, value, on, file }) => ({
            key: name,
            ...(file ? { type: "file", src: file.fileName, contentType: file.contentType } : { type: "text", value }),
            ...(on ? {} : { disabled: true }),
          })),
        },
        contentType: "",
      };
    case "file":
      write.lose(where, `file ${body.fileName}`, "its content is not exported; choose it again in Postman");
      return { body: { mode: "file", file: { src: body.fileName } }, contentType: body.contentType };
  }
}

function assertionLines(one: Assertion, where: readonly string[], write: Writing): string[] {
  if (!one.on) {
    write.lose(where, "assertion that is off", "scripts cannot be switched off line by line");
    return [];
  }
  if (one.subject === "status" && one.operator === "is" && /^\d{3}$/.test(one.value)) {
    return [`pm.test("status is ${one.value}", function () {`, `  pm.response.to.have.status(${one.value});`, "});"];
  }
  const value = JSON.stringify(one.value);
  const number = Number(one.value);
  const body = one.subject === "body" ? pathOf(one.path) : undefined;
  const check =
    one.subject === "time"
      ? `pm.expect(pm.response.responseTime).to.be.below(${number})`
      : one.subject === "status" && one.operator === "below"
        ? `pm.expect(pm.response.code).to.be.below(${number})`
        : one.subject === "header" && one.operator === "exists"
          ? `pm.response.to.have.header(${JSON.stringify(one.name)})`
          : body !== undefined && one.operator === "is"
            ? `pm.expect(String(pm.response.json()${body})).to.equal(${value})`
            : body !== undefined && one.operator === "exists"
              ? `pm.expect(pm.response.json()${body}).to.not.equal(undefined)`
              : undefined;
  if (check === undefined || (/below/.test(check) && !Number.isFinite(number))) {
    write.lose(where, `assertion on ${one.subject}`, "no script is written for it");
    return [];
  }
  const title =
    one.subject === "body" ? `${one.path} ${one.operator} ${one.value}` : `${one.subject} ${one.operator} ${one.value}`;
  return [`pm.test(${JSON.stringify(title.slice(0, 80))}, function () {`, `  ${check};`, "});"];
}

function extractionLines(one: Extraction, where: readonly string[], write: Writing): string[] {
  const name = JSON.stringify(one.variable);
  const path = one.from === "body" ? pathOf(one.path) : undefined;
  if (one.on && path !== undefined) return [`pm.collectionVariables.set(${name}, pm.response.json()${path});`];
  if (one.on && one.from === "status") return [`pm.collectionVariables.set(${name}, String(pm.response.code));`];
  if (one.on && one.from === "header")
    return [`pm.collectionVariables.set(${name}, pm.response.headers.get(${JSON.stringify(one.name)}));`];
  write.lose(
    where,
    `variable ${one.variable} of the reply`,
    one.on ? "its path is more than names and indexes" : "it is off",
  );
  return [];
}

/** `$.result[0].x` as an expression of JavaScript. Undefined for filters and wildcards. */
function pathOf(path: string): string | undefined {
  return /^\$((?:\.[A-Za-z_]\w*|\[\d+\])*)$/.exec(path)?.[1];
}
