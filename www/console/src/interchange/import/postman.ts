/** Reads Postman collections of the formats 2.0 and 2.1, and Postman environments. */
import {
  type Collection,
  type Folder,
  type Imported,
  type Item,
  newCollection,
  newRequest,
  type SavedRequest,
  type Variable,
} from "../../workspace/model";
import { INSTANCE_VARIABLE, TOKEN_VARIABLE, withoutInstance } from "../names";
import { methodOf } from "./address";
import { newFolder, readVariable } from "./collection-parts";
import { createIntake, DEEPEST, ImportError, type Intake, type Where } from "./intake";
import { postmanAuth } from "./postman-auth";
import { postmanBody } from "./postman-body";
import { postmanScripts } from "./postman-scripts";
import { checkPostman } from "./postman-shape";
import { postmanAddress, postmanPairs } from "./postman-url";
import { field, isFields, list, prose, text } from "./reading";
import { hideBody, hidePairs, takeHeaders } from "./secrecy";

export function importPostman(value: unknown): Imported {
  if (Array.isArray(field(value, "requests")) && field(value, "item") === undefined) {
    throw new ImportError(
      "The collection has the old Postman format 1. Export it as 2.1 in Postman, then import that file.",
    );
  }
  // Postman's API wraps the collection.
  const checked = checkPostman(field(value, "collection") ?? value);
  if ("problem" in checked && typeof checked.problem === "string") {
    throw new ImportError(`The collection cannot be read: ${checked.problem}. Export it as 2.1 in Postman.`);
  }
  const given = checked as Exclude<typeof checked, { problem: string }>;
  const intake = createIntake(`Postman ${/v2\.0/.test(text(given.info.schema)) ? "2.0" : "2.1"}`);
  const name = text(given.info.name) || "Postman collection";
  const collection: Collection = {
    ...newCollection(name),
    description: prose(given.info.description),
    auth: postmanAuth(given.auth, [name], intake),
    variables: postmanVariables(given.variable, intake),
  };
  postmanScripts(given.event, [name], intake);
  const ours = isTokenRequest(given.item[0]);
  collection.items = readItems(ours ? given.item.slice(1) : given.item, [name], intake);
  if (ours) {
    withoutInstance(collection.items);
    collection.variables = collection.variables.filter(
      (one) => one.name !== INSTANCE_VARIABLE && one.name !== TOKEN_VARIABLE,
    );
  }
  return intake.finish([collection]);
}

export function importPostmanEnvironment(value: unknown): Imported {
  const intake = createIntake("Postman environment");
  return intake.finish([], postmanVariables(field(value, "values"), intake));
}

/** The console's own exports begin with a token request and put the instance's address before every path. */
function isTokenRequest(item: unknown): boolean {
  return text(field(field(field(item, "request"), "url"), "raw")) === `{{${INSTANCE_VARIABLE}}}/oauth_token.do`;
}

function readItems(items: readonly unknown[], where: Where, intake: Intake): Item[] {
  return items.flatMap((item): Item[] => {
    if (!isFields(item)) {
      intake.lose(where, "item", "it is not an object");
      return [];
    }
    const name = text(field(item, "name")) || "Request";
    const here = [...where, name];
    if (Array.isArray(field(item, "item"))) return readFolder(item, name, here, intake);
    const request = field(item, "request");
    if (request === undefined) {
      intake.lose(here, "item", "it has neither a request nor items");
      return [];
    }
    return [readRequest(item, request, name, here, intake)];
  });
}

function readFolder(item: object, name: string, where: Where, intake: Intake): Folder[] {
  if (where.length > DEEPEST) {
    intake.lose(where, "folder", `folders are read to a depth of ${DEEPEST}`);
    return [];
  }
  postmanScripts(field(item, "event"), where, intake);
  return [
    newFolder(name, {
      description: prose(field(item, "description")),
      auth: postmanAuth(field(item, "auth"), where, intake),
      variables: postmanVariables(field(item, "variable"), intake),
      items: readItems(list(field(item, "item")), where, intake),
    }),
  ];
}

function readRequest(item: object, given: unknown, name: string, where: Where, intake: Intake): SavedRequest {
  // A text instead of an object is the address of a GET request.
  const request = typeof given === "string" ? { url: given } : given;
  const url = postmanAddress(field(request, "url"), where, intake);
  const content = postmanBody(field(request, "body"), postmanPairs(field(request, "header")), where, intake);
  const ownAuth = postmanAuth(field(request, "auth"), where, intake);
  const auth =
    ownAuth.kind === "inherit" && url.user
      ? ({ kind: "basic", username: url.user.name, password: intake.keep(url.user.password) } as const)
      : ownAuth;
  const replies = list(field(item, "response")).length;
  if (replies > 0)
    intake.lose(where, `${replies} saved ${replies === 1 ? "reply" : "replies"}`, "collections keep no replies");
  if (Object.keys(Object(field(item, "protocolProfileBehavior"))).length > 0) {
    intake.lose(where, "protocol settings", "the browser decides about redirects and certificates");
  }
  const scripts = postmanScripts(field(item, "event"), where, intake);
  return newRequest({
    name,
    description: prose(field(request, "description")) || prose(field(item, "description")),
    method: methodOf(text(field(request, "method")) || "GET", intake, where),
    address: url.address,
    parameters: hidePairs(url.parameters, intake),
    body: hideBody(content.body, intake),
    ...takeHeaders(content.headers, auth, intake),
    ...scripts,
  });
}

function postmanVariables(given: unknown, intake: Intake): Variable[] {
  return list(given).flatMap((one): Variable[] => {
    const name = text(field(one, "key")) || text(field(one, "id"));
    if (name === "") return [];
    const on = field(one, "disabled") !== true && field(one, "enabled") !== false;
    const value = text(field(one, "value"));
    return [readVariable(name, value, on, field(one, "type") === "secret", intake)];
  });
}
