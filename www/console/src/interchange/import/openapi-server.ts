/** The address before every path. */
import { newId, type Variable } from "../../workspace/model";
import type { Intake, Where } from "./intake";
import { entries, field, list, text } from "./reading";

export interface Server {
  /** A path, or `{{base_url}}`. */
  base: string;
  variables: Variable[];
}

/**
 * A server of ServiceNow, or one without a host, leaves only its path: the environment names the instance.
 * Any other becomes the variable `base_url`.
 */
export function readServer(document: unknown, where: Where, intake: Intake): Server {
  const servers = list(field(document, "servers"));
  if (servers.length > 1)
    intake.lose(
      where,
      `${servers.length - 1} more ${servers.length === 2 ? "server" : "servers"}`,
      "the first is used; environments name instances",
    );
  const address = serverAddress(servers);
  const host = /^https?:\/\/([^/?#]*)(.*)$/i.exec(address);
  if (!host) return { base: address.startsWith("/") ? address : address === "" ? "" : `/${address}`, variables: [] };
  if (/(?:^|\.)service-now\.com(?::\d+)?$/i.test(host[1] ?? "")) return { base: host[2] ?? "", variables: [] };
  return { base: "{{base_url}}", variables: [{ id: newId(), name: "base_url", on: true, value: address }] };
}

/** The first address of a list of servers, without a slash at its end. */
export function serverAddress(servers: unknown): string {
  const [first] = list(servers);
  return withDefaults(text(field(first, "url")), field(first, "variables")).replace(/\/+$/, "");
}

/** What stands before the path of an operation with servers of its own. Undefined if it has none. */
export function ownBase(servers: unknown): string | undefined {
  const address = serverAddress(servers);
  if (address === "") return undefined;
  return address.replace(/^https?:\/\/(?:[^/?#]*\.)?service-now\.com(?=\/|$)/i, "");
}

/** `{name}` in the address becomes its default. */
function withDefaults(address: string, variables: unknown): string {
  const defaults = new Map(entries(variables).map(([name, one]) => [name, text(field(one, "default"))]));
  return address.replace(/\{([^{}]{1,100})\}/g, (_, name: string) => defaults.get(name) || `{{${name}}}`);
}
