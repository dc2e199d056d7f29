/** Reads OpenAPI 3.0 and 3.1. Operations become requests, first tags become folders. */
import {
  type Collection,
  type Folder,
  type Imported,
  type Item,
  newCollection,
  type Variable,
} from "../../workspace/model";
import { newFolder } from "./collection-parts";
import { createIntake, ImportError } from "./intake";
import { createAuths } from "./openapi-auth";
import { readOperation } from "./openapi-operation";
import { createReferences } from "./openapi-references";
import { ownBase, readServer, serverAddress } from "./openapi-server";
import { entries, field, isFields, list, text } from "./reading";

const OPERATIONS = ["get", "post", "put", "patch", "delete", "head", "options", "trace", "query"];

export function importOpenapi(document: unknown, notation: "JSON" | "YAML"): Imported {
  const version = text(field(document, "openapi"));
  if (!/^3\.[01]\b/.test(version)) {
    const swagger = text(field(document, "swagger"));
    throw new ImportError(
      swagger !== ""
        ? `The document is of Swagger ${swagger.slice(0, 10)}. Expected OpenAPI 3.0 or 3.1: convert it first.`
        : `The document says openapi: ${version.slice(0, 20) || "nothing"}. Expected 3.0 or 3.1.`,
    );
  }
  const intake = createIntake(`OpenAPI ${version.slice(0, 3)} (${notation})`);
  const info = field(document, "info");
  const name = text(field(info, "title")) || "OpenAPI";
  const references = createReferences(document, (where, what, why) => intake.lose([name, ...where], what, why));
  const server = readServer(document, [name], intake);
  const auths = createAuths(document, references, intake);
  const folders = new Map<string, Folder>();
  const items: Item[] = [];
  const variables = new Map<string, Variable>(server.variables.map((variable) => [variable.name, variable]));

  for (const [path, given] of entries(field(document, "paths"))) {
    const shared = references.resolve(given, [path]);
    for (const method of OPERATIONS) {
      const operation = field(shared, method);
      if (!isFields(operation)) continue;
      const own = field(operation, "servers") ?? field(shared, "servers");
      const base =
        serverAddress(own) === serverAddress(field(document, "servers")) ? server.base : (ownBase(own) ?? server.base);
      const request = readOperation({
        path,
        method,
        operation,
        shared,
        base,
        collection: name,
        references,
        auths,
        intake,
        variables,
      });
      folderOf(text(list(field(operation, "tags"))[0]), folders, items).push(request);
    }
  }
  const hooks = entries(field(document, "webhooks")).length;
  if (hooks > 0)
    intake.lose([name], `${hooks} ${hooks === 1 ? "webhook" : "webhooks"}`, "the instance calls them, not the console");
  describeFolders(document, folders);
  const collection: Collection = {
    ...newCollection(name, items),
    description: text(field(info, "description")),
    auth: auths.of(field(document, "security"), [name]),
    variables: [...variables.values()],
  };
  return intake.finish([collection]);
}

function folderOf(tag: string, folders: Map<string, Folder>, items: Item[]): Item[] {
  if (tag === "") return items;
  const known = folders.get(tag);
  if (known) return known.items;
  const made = newFolder(tag);
  folders.set(tag, made);
  items.push(made);
  return made.items;
}

function describeFolders(document: unknown, folders: Map<string, Folder>): void {
  for (const tag of list(field(document, "tags"))) {
    const folder = folders.get(text(field(tag, "name")));
    if (folder) folder.description = text(field(tag, "description"));
  }
}
