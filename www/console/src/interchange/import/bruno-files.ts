/** Reads `.bru` texts: one file, or the files of a folder with their paths. */
import {
  type Collection,
  type Folder,
  type Imported,
  type Item,
  newCollection,
  newId,
  type Variable,
} from "../../workspace/model";
import { INSTANCE_VARIABLE, withoutInstance } from "../names";
import { brunoAuth, brunoKey } from "./bruno-auth";
import { type BrunoRequest, readBrunoRequest } from "./bruno-request";
import { type BruBlock, bruBlocks, bruNames, bruRows, bruText } from "./bruno-text";
import { newFolder, readVariable } from "./collection-parts";
import { createIntake, DEEPEST, ImportError, type Intake, type Where } from "./intake";

export interface TextFile {
  /** With `/` between folders. */
  path: string;
  text: string;
}

/** The line `body:` of a request names some kinds otherwise than their blocks. */
const BLOCK_OF_MODE = new Map([
  ["formUrlEncoded", "form-urlencoded"],
  ["multipartForm", "multipart-form"],
]);

const METHOD_BLOCKS = new Set(["get", "post", "put", "patch", "delete", "head", "options", "trace", "connect", "http"]);

export function importBrunoFiles(files: readonly TextFile[]): Imported {
  const intake = createIntake("Bruno");
  const sheet = files.find(({ path }) => /(?:^|\/)bruno\.json$/.test(path));
  const root = sheet?.path.slice(0, -"bruno.json".length) ?? "";
  const collection = newCollection(nameOf(sheet?.text) || "Bruno");
  const variables: Variable[] = [];
  const folders = new Map<string, Folder | Collection>([["", collection]]);
  const sequence = new Map<Item, number>();
  let requests = 0;
  for (const { path, text } of [...files].sort((one, other) => (one.path < other.path ? -1 : 1))) {
    if (!path.endsWith(".bru")) continue;
    const parts = (path.startsWith(root) ? path.slice(root.length) : path).split("/");
    const file = parts.pop() ?? "";
    const blocks = bruBlocks(text);
    if (parts[0] === "environments") {
      variables.push(...variablesOf(blocks, intake));
      continue;
    }
    const where = [collection.name, ...parts, file.replace(/\.bru$/, "")];
    const holder = holderOf(parts, folders, where, intake);
    if (file === "collection.bru" || file === "folder.bru") {
      describe(holder, blocks, where, intake);
      const place = blocks
        .filter(({ name }) => name === "meta")
        .flatMap(bruRows)
        .find(({ name }) => name === "seq");
      if (holder.kind === "folder") sequence.set(holder, Number(place?.value) || 0);
    } else {
      const given = requestOf(blocks, file.replace(/\.bru$/, ""));
      if (!given) {
        intake.lose(where, "file", "it holds no HTTP request");
        continue;
      }
      const request = readBrunoRequest(given.request, where, intake);
      sequence.set(request, given.sequence);
      holder.items.push(request);
      requests += 1;
    }
  }
  if (requests === 0 && variables.length === 0)
    throw new ImportError("The text holds no request of Bruno. Expected a block such as get { url: … }.");
  for (const folder of folders.values())
    folder.items.sort((one, other) => (sequence.get(one) ?? 0) - (sequence.get(other) ?? 0));
  // The console's own exports put the instance's address before every path.
  const ours = variables.findIndex(({ name }) => name === INSTANCE_VARIABLE);
  if (ours >= 0) {
    withoutInstance(collection.items);
    variables.splice(ours, 1);
  }
  return intake.finish(requests === 0 ? [] : [collection], variables);
}

function requestOf(
  blocks: readonly BruBlock[],
  fileName: string,
): { request: BrunoRequest; sequence: number } | undefined {
  const call = blocks.find(({ name }) => METHOD_BLOCKS.has(name));
  if (!call) return undefined;
  const rows = (name: string) => blocks.filter((block) => block.name === name).flatMap(bruRows);
  const textOf = (name: string) =>
    blocks
      .filter((block) => block.name === name)
      .map(bruText)
      .join("\n");
  const settings = new Map(bruRows(call).map(({ name, value }) => [name, value]));
  const meta = new Map(rows("meta").map(({ name, value }) => [name, value]));
  const named = blocks.find(({ name }) => name.startsWith("body"))?.name.replace(/^body:?/, "");
  const mode = settings.get("body") ?? (named === "" ? "json" : (named ?? "none"));
  const authMode =
    settings.get("auth") ?? blocks.find(({ name }) => /^auth:\w+$/.test(name))?.name.slice(5) ?? "inherit";
  const blockName = `body:${BLOCK_OF_MODE.get(mode) ?? mode}`;
  const body =
    mode === "graphql" ? textOf("body:graphql") : textOf(blockName) || (mode === "json" ? textOf("body") : "");
  return {
    sequence: Number(meta.get("seq")) || 0,
    request: {
      name: meta.get("name") || fileName || "Request",
      method: call.name === "http" ? (settings.get("method") ?? "") : call.name,
      url: settings.get("url") ?? "",
      parameters: [
        ...[...rows("query"), ...rows("params:query")],
        ...rows("params:path").map((row) => ({ ...row, type: "path" })),
      ],
      headers: rows("headers"),
      auth: {
        mode: authMode,
        values: new Map(rows(`auth:${authMode}`).map(({ name, value }) => [brunoKey(name), value])),
      },
      body: { mode, text: body, variables: textOf("body:graphql:vars"), rows: rows(blockName) },
      assertions: rows("assert"),
      variables: { request: rows("vars:pre-request"), response: rows("vars:post-response") },
      docs: textOf("docs"),
      scripts: blocks
        .filter(({ name, lines }) => /^(?:script:|tests$)/.test(name) && lines.some((line) => line.trim() !== ""))
        .map(({ name }) => (name === "script:pre-request" ? "pre-request script" : "test script")),
    },
  };
}

/** `collection.bru` and `folder.bru` hold what requests inherit. */
function describe(holder: Folder | Collection, blocks: readonly BruBlock[], where: Where, intake: Intake): void {
  for (const block of blocks) {
    if (block.name === "meta") {
      const named = bruRows(block).find(({ name }) => name === "name");
      if (named && holder.kind === "folder") holder.name = named.value;
    } else if (block.name === "auth") {
      const mode = bruRows(block).find(({ name }) => name === "mode")?.value ?? "";
      const values = new Map(
        blocks
          .filter(({ name }) => name === `auth:${mode}`)
          .flatMap(bruRows)
          .map(({ name, value }) => [brunoKey(name), value]),
      );
      holder.auth = brunoAuth({ mode, values }, where, intake);
    } else if (block.name === "vars:pre-request" || block.name === "vars:secret")
      holder.variables.push(...variablesOf([block], intake));
    else if (block.name === "docs") holder.description = bruText(block);
    else if (block.name === "headers" && block.lines.length > 0)
      intake.lose(where, "headers of the folder", "requests have headers of their own");
    else if (/^(?:script:|tests$)/.test(block.name)) intake.lose(where, "script", "scripts are not run");
  }
}

function variablesOf(blocks: readonly BruBlock[], intake: Intake): Variable[] {
  return blocks.flatMap((block): Variable[] => {
    if (block.name === "vars:secret")
      return bruNames(block).map(({ name, on }) => ({ id: newId(), name, on, secret: intake.keep("") }));
    if (block.name !== "vars" && block.name !== "vars:pre-request") return [];
    return bruRows(block).map(({ name, value, on }) => readVariable(name, value, on, false, intake));
  });
}

function holderOf(
  parts: readonly string[],
  folders: Map<string, Folder | Collection>,
  where: Where,
  intake: Intake,
): Folder | Collection {
  if (parts.length > DEEPEST) intake.lose(where, "folder", `folders are read to a depth of ${DEEPEST}`);
  let holder = folders.get("") as Folder | Collection;
  let path = "";
  for (const part of parts.slice(0, DEEPEST)) {
    path += `${part}/`;
    const known = folders.get(path);
    if (known) holder = known;
    else {
      const made = newFolder(part);
      folders.set(path, made);
      holder.items.push(made);
      holder = made;
    }
  }
  return holder;
}

function nameOf(sheet: string | undefined): string {
  const name = /"name"\s*:\s*("(?:[^"\\]|\\.){0,500}")/.exec(sheet ?? "")?.[1];
  return name === undefined ? "" : String(JSON.parse(name));
}
