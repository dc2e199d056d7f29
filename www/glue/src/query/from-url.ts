/**
 * Table and query of an address as a browser shows it. Sources: documentation page "URL schema" (lists, forms, `nav_to.do?uri=`); addresses
 * of the unified navigation (`/now/nav/ui/classic/params/target/`), workspaces (`/record/`, `/params/query/`) and REST APIs as they are copied.
 */

import { SYS_ID } from "../shared/keys.js";

/** What an address shows. */
export interface Shown {
  table: string;
  /** Decoded. */
  query: string;
}

/** An address in an address: `nav_to.do` in the unified navigation, and once more. */
const DEEPEST = 4;
const CLASSIC = /\/params\/target\/(.+)$/;

/** Undefined for an address that shows neither a list nor a record. */
export function shownAt(address: string): Shown | undefined {
  let text = address;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const url = parsed(text);
    if (!url) return undefined;
    const inner = url.searchParams.get("uri") ?? CLASSIC.exec(url.pathname)?.[1];
    if (!inner) return shownByPage(url) ?? shownByApi(url) ?? shownByWorkspace(url.pathname);
    // The target of the unified navigation is encoded as a whole, its own parameters once more.
    text = `/${decoded(inner).replace(/^\/+/, "")}${url.searchParams.has("uri") ? "" : url.search}`;
  }
  return undefined;
}

/** Lists and forms: `incident_list.do`, `incident.do`. */
function shownByPage({ pathname, searchParams }: URL): Shown | undefined {
  const [, name] = /\/(\w+)\.do$/.exec(pathname) ?? [];
  if (!name) return undefined;
  const fixed = searchParams.get("sysparm_fixed_query");
  const given = searchParams.get("sysparm_query");
  if (name.endsWith("_list")) return { table: name.slice(0, -5), query: [fixed, given].filter(Boolean).join("^") };
  const id = searchParams.get("sys_id");
  const query = given ?? (id && SYS_ID.test(id) ? `sys_id=${id}` : undefined);
  return query === undefined ? undefined : { table: name, query };
}

function shownByApi({ pathname, searchParams }: URL): Shown | undefined {
  const [, table, id] = /\/api\/now\/(?:v\d\/)?(?:table|stats)\/(\w+)(?:\/([\da-f]{32}))?$/i.exec(pathname) ?? [];
  if (!table) return undefined;
  return { table, query: id ? `sys_id=${id}` : (searchParams.get("sysparm_query") ?? "") };
}

/** `/now/workspace/agent/record/incident/<sys_id>` and lists with pairs of names and values behind `params`. */
function shownByWorkspace(pathname: string): Shown | undefined {
  if (!pathname.includes("/now/")) return undefined;
  const segments = pathname.split("/").map(decoded);
  const behind = (name: string) => {
    const place = segments.lastIndexOf(name);
    return place < 0 ? undefined : segments[place + 1];
  };
  const [record, list] = [behind("record"), behind("table") ?? behind("simplelist")];
  const id = record === undefined ? undefined : segments[segments.lastIndexOf("record") + 2];
  if (record && id && SYS_ID.test(id)) return { table: record, query: `sys_id=${id}` };
  const query = behind("query");
  return list && query !== undefined ? { table: list, query: decoded(query) } : undefined;
}

function parsed(text: string): URL | undefined {
  const base = "https://instance.invalid";
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
