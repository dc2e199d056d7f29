/** The catalogue: every call, found by words, and as a request of the tester. */
import { hasWords, wordsOf } from "../kit/words";
import { newPair, newRequest, type Part, type SavedRequest } from "../workspace/model";
import { ATTACHMENT } from "./apis/attachment";
import { CMDB_INSTANCE, CMDB_META, RECONCILIATION } from "./apis/cmdb";
import { AGGREGATE, BATCH, IMPORT_SET, TABLE } from "./apis/records";
import { SERVICE_CATALOG } from "./apis/service-catalog";
import type { Api, Call, Entry } from "./model";

export const APIS: readonly Api[] = [
  TABLE,
  AGGREGATE,
  BATCH,
  IMPORT_SET,
  ATTACHMENT,
  CMDB_INSTANCE,
  CMDB_META,
  RECONCILIATION,
  SERVICE_CATALOG,
];

export const ENTRIES: readonly Entry[] = APIS.flatMap((api) => api.calls.map((call) => ({ ...call, api })));

export function entryOf(id: string | undefined): Entry | undefined {
  return ENTRIES.find((entry) => entry.id === id);
}

/** The call that a request makes; a version in its path and a whole address count too. */
export function callOf(method: string, address: string): Entry | undefined {
  const [path = ""] = address.replace(/^https?:\/\/[^/]+/i, "").split("?");
  const parts = partsOf(path);
  return ENTRIES.find((entry) => {
    const wanted = partsOf(entry.path);
    return (
      entry.method === method &&
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith("{") || part === parts[index])
    );
  });
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && !/^v\d+$/.test(part));
}

/** The calls with every typed word in the API, the call or its parameters; APIs without any are left out. */
export function found(typed: string): { api: Api; calls: readonly Call[] }[] {
  const words = wordsOf(typed);
  return APIS.flatMap((api) => {
    const calls = api.calls.filter((call) => {
      const names = call.parameters.map(({ name, note }) => `${name} ${note}`).join(" ");
      return hasWords(`${api.name} api ${call.method} ${call.path} ${call.summary} ${names}`, words);
    });
    return calls.length > 0 ? [{ api, calls }] : [];
  });
}

export function sourceAddress(api: Api): string {
  return `https://github.com/ServiceNow/ServiceNowDocs/blob/zurich/markdown/api-reference/${api.source}.md`;
}

/** Parts of paths that have a usual value. The others become variables, which the tester asks for. */
const USUAL: Readonly<Record<string, string>> = { table: "incident", class: "cmdb_ci_server" };

export function requestOf(entry: Entry): SavedRequest {
  return newRequest({
    name: `${entry.api.name}: ${entry.summary}`,
    method: entry.method,
    address: entry.path.replace(/\{(\w+)\}/g, (_, name: string) => USUAL[name] ?? `{{${name}}}`),
    parameters: entry.parameters.map(({ name, value }) => newPair(name, value ?? "", value !== undefined)),
    body: bodyOf(entry),
    ...(entry.note === undefined ? {} : { description: entry.note }),
  });
}

function bodyOf({ body }: Call): SavedRequest["body"] {
  if (!body) return { kind: "none" };
  if ("json" in body) return { kind: "json", text: JSON.stringify(body.json, null, 2) };
  if ("file" in body) return { kind: "file", fileName: "", contentType: "" };
  return { kind: "multipart", parts: body.parts.map(partOf) };
}

function partOf(name: string): Part {
  const part = newPair(name);
  return name === "uploadFile" ? { ...part, file: { fileName: "", contentType: "" } } : part;
}

/** Every path up to its first part to fill in, each once. For completion. */
export const PATHS: readonly { path: string; note: string }[] = [
  ...new Map(
    ENTRIES.map(({ path, api }) => {
      const [begun = path] = path.split("{");
      return [begun, { path: begun, note: api.name }];
    }),
  ).values(),
];
