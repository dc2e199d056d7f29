/** Reads the JSON export of Bruno. */
import { type Imported, type Item, newCollection, type Variable } from "../../workspace/model";
import { type BrunoAuth, brunoAuth, brunoKey } from "./bruno-auth";
import { type BrunoRow, readBrunoRequest } from "./bruno-request";
import { newFolder, readVariable } from "./collection-parts";
import { createIntake, DEEPEST, type Intake, type Where } from "./intake";
import { entries, field, list, text } from "./reading";

export function importBrunoJson(value: unknown): Imported {
  const intake = createIntake("Bruno (JSON)");
  const name = text(field(value, "name")) || "Bruno";
  const root = field(field(value, "root"), "request");
  const collection = {
    ...newCollection(name),
    description: text(field(field(value, "root"), "docs")),
    auth: brunoAuth(authOf(field(root, "auth")), [name], intake),
    variables: variablesOf(field(field(root, "vars"), "req"), intake),
  };
  if (list(field(root, "headers")).length > 0)
    intake.lose([name], "headers of the collection", "requests have headers of their own");
  collection.items = list(field(value, "items")).flatMap((item) => readItem(item, [name], intake));
  const environments = list(field(value, "environments"));
  return intake.finish(
    [collection],
    environments.flatMap((one) => variablesOf(field(one, "variables"), intake)),
  );
}

function readItem(item: unknown, above: Where, intake: Intake): Item[] {
  const name = text(field(item, "name")) || "Request";
  const where = [...above, name];
  const type = text(field(item, "type"));
  if (type === "folder") {
    if (where.length > DEEPEST) {
      intake.lose(where, "folder", `folders are read to a depth of ${DEEPEST}`);
      return [];
    }
    const root = field(field(item, "root"), "request");
    const folder = newFolder(name, {
      description: text(field(field(item, "root"), "docs")),
      auth: brunoAuth(authOf(field(root, "auth")), where, intake),
      variables: variablesOf(field(field(root, "vars"), "req"), intake),
      items: list(field(item, "items")).flatMap((one) => readItem(one, where, intake)),
    });
    return [folder];
  }
  const request = field(item, "request");
  if (request === undefined || !/^(?:http|graphql)/.test(type)) {
    intake.lose(where, `item ${type.slice(0, 40)}`, "it is no HTTP request");
    return [];
  }
  const body = field(request, "body");
  const mode = text(field(body, "mode"));
  const value = field(body, mode);
  const script = field(request, "script");
  return [
    readBrunoRequest(
      {
        name,
        method: text(field(request, "method")),
        url: text(field(request, "url")),
        parameters: rows(field(request, "params")),
        headers: rows(field(request, "headers")),
        auth: authOf(field(request, "auth")),
        body: {
          mode,
          text: mode === "graphql" ? text(field(value, "query")) : typeof value === "string" ? value : "",
          variables: text(field(value, "variables")),
          rows: rows(value),
        },
        assertions: rows(field(request, "assertions")),
        variables: {
          request: rows(field(field(request, "vars"), "req")),
          response: rows(field(field(request, "vars"), "res")),
        },
        docs: text(field(request, "docs")),
        scripts: [
          ...(text(field(script, "req")).trim() === "" ? [] : ["pre-request script"]),
          ...(text(field(script, "res")).trim() === "" ? [] : ["test script"]),
          ...(text(field(request, "tests")).trim() === "" ? [] : ["test script"]),
        ],
      },
      where,
      intake,
    ),
  ];
}

function rows(given: unknown): BrunoRow[] {
  return list(given).map((one) => {
    const value = field(one, "value");
    return {
      name: text(field(one, "name")),
      value: Array.isArray(value) ? text(value[0]) : text(value),
      on: field(one, "enabled") !== false,
      type: text(field(one, "type")),
    };
  });
}

function authOf(given: unknown): BrunoAuth {
  const mode = text(field(given, "mode"));
  return { mode, values: new Map(entries(field(given, mode)).map(([name, value]) => [brunoKey(name), text(value)])) };
}

function variablesOf(given: unknown, intake: Intake): Variable[] {
  return list(given).map((one): Variable => {
    const name = text(field(one, "name"));
    const value = text(field(one, "value"));
    const on = field(one, "enabled") !== false;
    return readVariable(name, value, on, field(one, "secret") === true, intake);
  });
}
