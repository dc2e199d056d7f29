/** Writes a collection as plain files for git, in the format of Bruno: one text per request. Secrets are only named, never written. */
import type { AuthSetting, Collection, Folder, Loss } from "../../workspace/model";
import { INSTANCE_VARIABLE } from "../names";
import { brunoRequest } from "./bruno-request";
import { block, rows, textBlock } from "./bruno-text";
import type { Ancestors } from "./credentials";
import {
  createPlaces,
  type Exported,
  type ExportFacts,
  fileName,
  ownVariables,
  type Places,
  tokenFields,
} from "./exported";

export interface BrunoWriting {
  places: Places;
  facts: ExportFacts;
  lose: (where: readonly string[], what: string, why: string) => void;
}

export function exportBruno(collection: Collection, facts: ExportFacts): Exported {
  const losses: Loss[] = [];
  const places = createPlaces([INSTANCE_VARIABLE, ...collection.variables.map(({ name }) => name)]);
  const write: BrunoWriting = {
    places,
    facts,
    lose: (where, what, why) => losses.push({ where: where.join(" > "), what, why }),
  };
  const files: Exported["files"] = [];
  const auth = collection.auth.kind === "inherit" ? facts.auth : collection.auth;
  files.push({
    path: "bruno.json",
    text: `${JSON.stringify({ version: "1", name: collection.name, type: "collection", ignore: ["node_modules", ".git"] }, null, 2)}\n`,
  });
  files.push({ path: "collection.bru", text: holderText(collection, auth, [collection.name], write) });
  writeItems(collection, "", [collection.name], [collection], write, files);
  const secret = [
    ...collection.variables.flatMap(({ name, secret }) =>
      secret === undefined || name.trim() === INSTANCE_VARIABLE ? [] : [name],
    ),
    ...places.names(),
  ];
  const list = secret.length === 0 ? "" : `vars:secret [\n${secret.map((name) => `  ${name}`).join(",\n")}\n]\n`;
  files.push({
    path: "environments/Instance.bru",
    text:
      block("vars", rows([{ name: INSTANCE_VARIABLE, value: facts.instanceUrl, on: true }], ["Instance"], write)) +
      list,
  });
  return { files, losses };
}

function writeItems(
  holder: Collection | Folder,
  path: string,
  where: readonly string[],
  ancestors: Ancestors,
  write: BrunoWriting,
  files: Exported["files"],
): void {
  const taken = new Set(["folder", "collection", ...(path === "" ? ["environments"] : [])]);
  for (const [index, item] of holder.items.entries()) {
    const base = fileName(item.name, item.kind === "folder" ? "Folder" : "Request");
    let name = base;
    // Some file systems do not tell upper from lower case.
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${base} ${count}`;
    taken.add(name.toLowerCase());
    const here = [...where, item.name];
    if (item.kind === "request") {
      files.push({ path: `${path}${name}.bru`, text: brunoRequest(item, index + 1, here, ancestors, write) });
    } else {
      files.push({ path: `${path}${name}/folder.bru`, text: holderText(item, item.auth, here, write, index + 1) });
      writeItems(item, `${path}${name}/`, here, [...ancestors, item], write, files);
    }
  }
}

/** What the requests of a folder inherit. */
function holderText(
  holder: Collection | Folder,
  auth: AuthSetting,
  where: readonly string[],
  write: BrunoWriting,
  sequence?: number,
): string {
  const meta = [
    { name: "name", value: holder.name, on: true },
    ...(sequence === undefined ? [] : [{ name: "seq", value: String(sequence), on: true }]),
  ];
  const mode = authMode(auth);
  const variables = ownVariables(holder.variables, (what, why) => write.lose(where, what, why)).flatMap(
    ({ name, on, value }) => (value === undefined ? [] : [{ name, value, on }]),
  );
  return [
    block("meta", rows(meta, where, write)),
    block("auth", [`  mode: ${mode}`]),
    authBlock(auth, write, where),
    variables.length === 0 ? "" : block("vars:pre-request", rows(variables, where, write)),
    textBlock("docs", holder.description, where, write),
  ].join("");
}

export function authMode(auth: AuthSetting): string {
  const modes = {
    inherit: "inherit",
    none: "none",
    basic: "basic",
    bearer: "bearer",
    "api-key": "apikey",
    oauth: "oauth2",
  };
  return modes[auth.kind];
}

export function authBlock(auth: AuthSetting, write: BrunoWriting, where: readonly string[]): string {
  const { places } = write;
  const written = (pairs: [string, string][]) =>
    block(
      `auth:${authMode(auth)}`,
      rows(
        pairs.map(([name, value]) => ({ name, value, on: true })),
        where,
        write,
      ),
    );
  switch (auth.kind) {
    case "basic":
      return written([
        ["username", auth.username],
        ["password", places.place(auth.password, "password")],
      ]);
    case "bearer":
      return written([["token", places.place(auth.token, "token")]]);
    case "api-key":
      return written([
        ["key", "x-sn-apikey"],
        ["value", places.place(auth.key, "api_key")],
        ["placement", auth.in === "query" ? "queryparams" : "header"],
      ]);
    case "oauth": {
      if (auth.grant === "refresh_token" || auth.grant === "jwt_bearer")
        write.lose(where, `grant ${auth.grant}`, "Bruno has no such grant");
      return written([
        ...(tokenFields(auth, places) ?? [])
          .filter(([name]) => name !== "refresh_token" && name !== "assertion")
          .map(([name, value]): [string, string] =>
            name === "grant_type" && auth.grant === "authorization_code" ? [name, "authorization_code"] : [name, value],
          ),
        ["access_token_url", `{{${INSTANCE_VARIABLE}}}/oauth_token.do`],
        ["credentials_placement", "body"],
        ["token_placement", "header"],
        ["token_header_prefix", "Bearer"],
        ["auto_fetch_token", "true"],
      ]);
    }
    default:
      return "";
  }
}
