/** Reads collections and environments that Hoppscotch exports. `<<name>>` becomes `{{name}}`. */
import {
  type AuthSetting,
  type Collection,
  type Folder,
  type Imported,
  newCollection,
  newId,
  newRequest,
  type SavedRequest,
  type Variable,
} from "../../workspace/model";
import { methodOf, splitAddress, splitFields } from "./address";
import { brunoAuth, brunoKey } from "./bruno-auth";
import { NO_CONTENT, newFolder, readVariable } from "./collection-parts";
import { baseName, type Content, ownContent, rawContent } from "./content";
import { createIntake, DEEPEST, type Intake, type Where } from "./intake";
import { entries, field, isFields, list, pair, prose, text } from "./reading";
import { hideBody, hidePairs, takeHeaders } from "./secrecy";

export function importHoppscotch(value: unknown): Imported {
  const intake = createIntake("Hoppscotch");
  const roots = Array.isArray(value) ? value : [value];
  const collections = roots.map((root): Collection => {
    const { kind, ...folder } = readFolder(root, [], intake);
    return { ...newCollection(folder.name), ...folder, variables: [...folder.variables, ...intake.takeHeld()] };
  });
  return intake.finish(collections);
}

export function importHoppscotchEnvironment(value: unknown): Imported {
  const intake = createIntake("Hoppscotch environment");
  const all = Array.isArray(value) ? value : [value];
  return intake.finish(
    [],
    all.flatMap((one) => variablesOf(field(one, "variables"), intake)),
  );
}

function readFolder(given: unknown, above: Where, intake: Intake): Folder {
  const name = text(field(given, "name")) || "Hoppscotch";
  const where = [...above, name];
  const folder = newFolder(name, {
    description: text(field(given, "description")),
    auth: authOf(field(given, "auth"), where, intake),
    variables: variablesOf(field(given, "variables"), intake),
  });
  if (list(field(given, "headers")).length > 0)
    intake.lose(where, "headers of the folder", "requests have headers of their own");
  const folders = list(field(given, "folders"));
  if (where.length > DEEPEST && folders.length > 0)
    intake.lose(where, "folders", `folders are read to a depth of ${DEEPEST}`);
  else folder.items.push(...folders.map((one) => readFolder(one, where, intake)));
  folder.items.push(...list(field(given, "requests")).map((one) => readRequest(one, where, intake)));
  return folder;
}

function readRequest(given: unknown, above: Where, intake: Intake): SavedRequest {
  const name = text(field(given, "name")) || "Request";
  const where = [...above, name];
  for (const [member, what] of [
    ["preRequestScript", "pre-request script"],
    ["testScript", "test script"],
  ] as const) {
    if (text(field(given, member)).trim() !== "") intake.lose(where, what, "scripts are not run");
  }
  const split = splitAddress(
    braces(text(field(given, "endpoint")) || text(field(given, "url")) + text(field(given, "path"))),
  );
  const content = contentOf(field(given, "body"), pairs(field(given, "headers")), where, intake);
  const own = new Map(
    list(field(given, "requestVariables")).map((one) => [text(field(one, "key")), text(field(one, "value"))]),
  );
  if (own.size > 0)
    intake.lose(where, `${own.size} variables of the request`, "folders and collections have variables");
  return newRequest({
    name,
    description: prose(field(given, "description")),
    method: methodOf(text(field(given, "method")) || "GET", intake, where),
    address: split.address,
    parameters: hidePairs([...split.parameters, ...pairs(field(given, "params"))], intake),
    body: hideBody(content.body, intake),
    ...takeHeaders(content.headers, authOf(field(given, "auth"), where, intake), intake),
  });
}

function contentOf(given: unknown, headers: ReturnType<typeof pairs>, where: Where, intake: Intake): Content {
  const type = text(field(given, "contentType"));
  const body = field(given, "body");
  if (type === "" || body === null || body === undefined) return { headers, body: { kind: "none" } };
  if (/^multipart\//i.test(type)) {
    const parts = list(body).map((one) => {
      const base = { id: newId(), name: braces(text(field(one, "key"))), on: field(one, "active") !== false };
      if (field(one, "isFile") !== true) return { ...base, value: braces(text(field(one, "value"))) };
      intake.lose(where, "file", NO_CONTENT);
      return { ...base, value: "", file: { fileName: baseName(text(list(field(one, "value"))[0])), contentType: "" } };
    });
    return ownContent(headers, { kind: "multipart", parts });
  }
  const raw = braces(text(body));
  if (/x-www-form-urlencoded/i.test(type)) {
    // Lines of `name: value` in newer exports, an encoded text in older ones.
    const lines = raw.split("\n").map((line) => /^(#?)\s*([^:]+):\s?(.*)$/.exec(line.trim()));
    const rows = lines.flatMap((line) =>
      line ? [pair((line[2] ?? "").trim(), line[3] ?? "", line[1] === "", "")] : [],
    );
    return ownContent(headers, { kind: "form", fields: rows.length > 0 ? rows : splitFields(raw) });
  }
  const typed = headers.some(({ name, on }) => on && name.toLowerCase() === "content-type")
    ? headers
    : [...headers, pair("Content-Type", type, true, "")];
  return raw === "" ? { headers, body: { kind: "none" } } : rawContent(typed, raw);
}

function authOf(given: unknown, where: Where, intake: Intake): AuthSetting {
  if (field(given, "authActive") === false) return { kind: "none" };
  const grant = field(given, "grantTypeInfo");
  const values = new Map(
    [...entries(given), ...(isFields(grant) ? entries(grant) : [])].map(([name, value]) => [
      brunoKey(name),
      braces(text(value)),
    ]),
  );
  values.set("granttype", (values.get("granttype") ?? "authorization_code").toLowerCase());
  if (/query/i.test(values.get("addto") ?? "")) values.set("placement", "query");
  return brunoAuth({ mode: values.get("authtype") ?? "inherit", values }, where, intake);
}

function variablesOf(given: unknown, intake: Intake): Variable[] {
  return list(given).map((one): Variable => {
    const name = text(field(one, "key"));
    const value = braces(
      text(field(one, "value")) || text(field(one, "currentValue")) || text(field(one, "initialValue")),
    );
    return readVariable(name, value, true, field(one, "secret") === true, intake);
  });
}

function pairs(given: unknown) {
  return list(given)
    .map((one) =>
      pair(
        braces(text(field(one, "key"))),
        braces(text(field(one, "value"))),
        field(one, "active") !== false,
        prose(field(one, "description")),
      ),
    )
    .filter(({ name, value }) => name !== "" || value !== "");
}

function braces(given: string): string {
  return given.replace(/<<([^<>\n]{1,200})>>/g, "{{$1}}");
}
