/** The address of a Postman request: a text, or parts with and without `raw`. */
import type { Pair } from "../../workspace/model";
import { decode, type Split, splitAddress, splitFields } from "./address";
import type { Intake, Where } from "./intake";
import { field, list, pair, prose, text } from "./reading";

export function postmanAddress(url: unknown, where: Where, intake: Intake): Split {
  if (typeof url === "string") return splitAddress(url);
  const raw = text(field(url, "raw"));
  const split = splitAddress(raw || fromParts(url));
  const query = field(url, "query");
  const parameters = Array.isArray(query)
    ? postmanPairs(query).map((one) => ({ ...one, name: decode(one.name), value: decode(one.value) }))
    : typeof query === "string"
      ? splitFields(query)
      : split.parameters;
  if (split.address === "") intake.lose(where, "address", "the request names none");
  return { ...split, address: withPathVariables(split.address, field(url, "variable")), parameters };
}

/** Pairs from a list of objects, or from lines of `Name: value`. */
export function postmanPairs(given: unknown): Pair[] {
  if (typeof given === "string") {
    return given
      .split(/\r?\n/)
      .map((line) => /^([^:]+):(.*)$/.exec(line))
      .flatMap((match) => (match ? [pair((match[1] ?? "").trim(), (match[2] ?? "").trim(), true, "")] : []));
  }
  return list(given).flatMap((one) => {
    if (typeof one === "string") return postmanPairs(one);
    const name = text(field(one, "key"));
    const value = text(field(one, "value"));
    if (name === "" && value === "") return [];
    return [pair(name, value, field(one, "disabled") !== true, prose(field(one, "description")))];
  });
}

function fromParts(url: unknown): string {
  const host = joined(field(url, "host"), ".");
  const path = joined(field(url, "path"), "/");
  const protocol = text(field(url, "protocol")).replace(/:?\/*$/, "");
  const port = text(field(url, "port"));
  // A host that is a variable usually holds the protocol too.
  const front = host === "" ? "" : host.startsWith("{{") && protocol === "" ? host : `${protocol || "https"}://${host}`;
  return `${front}${port === "" ? "" : `:${port}`}${path === "" ? "" : path.startsWith("/") ? path : `/${path}`}`;
}

function joined(parts: unknown, between: string): string {
  if (!Array.isArray(parts)) return text(parts);
  return parts.map((part) => (typeof part === "string" ? part : text(field(part, "value")))).join(between);
}

/** `:name` in the path becomes its value, or `{{name}}` if it has none. */
function withPathVariables(address: string, variables: unknown): string {
  const values = new Map(
    list(variables).map((one) => [text(field(one, "key")) || text(field(one, "id")), text(field(one, "value"))]),
  );
  const start = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(address)?.[0].length ?? 0;
  const path = address
    .slice(start)
    .replace(/\/:([A-Za-z_][\w-]*)/g, (_, name: string) => `/${values.get(name) || `{{${name}}}`}`);
  return address.slice(0, start) + path;
}
