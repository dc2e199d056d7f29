/** The instance's settings: properties, plugins and the release. */
import type { Instance } from "sysparm";
import type { Fact, Plugin, Release } from "sysparm/environments";
import { PLUGINS, PROPERTIES } from "./known-settings.js";
import { mappedFact, noneShown, type Reader } from "./reader.js";

const RELEASE = ["glide.buildname", "glide.buildtag"];

/** Properties by name, and the release that two of them name. */
export async function readProperties(
  reader: Reader,
  instance: Instance,
  added: readonly string[],
): Promise<{ properties: Fact<Record<string, string | null>>; release: Fact<Release> }> {
  reader.begin("properties");
  const names = [...new Set([...Object.keys(PROPERTIES), ...added])];
  const query = `nameIN${[...names, ...RELEASE].join(",")}`;
  const rows = await reader.list(instance, { table: "sys_properties", query, fields: ["name", "value"] });
  // Every instance has some of them: a list without any is one that access rules emptied.
  if (rows.status === "read" && rows.value.length === 0)
    return { properties: noneShown("sys_properties"), release: noneShown("sys_properties") };
  const of = (wanted: string) => (record: { name?: string | undefined }) => record.name === wanted;
  const properties = mappedFact(rows, (found) => {
    const all = names.flatMap((name): [string, string | null][] => {
      const record = found.find(of(name));
      if (record) return record.value === undefined ? [] : [[name, record.value]];
      return rows.status === "read" && rows.incomplete ? [] : [[name, null]];
    });
    return Object.fromEntries(all);
  });
  const release = mappedFact(rows, (found): Release => {
    const [family, build] = RELEASE.map((name) => found.find(of(name))?.value);
    return { ...(family && { family }), ...(build && { build }) };
  });
  return { properties, release };
}

/** Plugins by id. */
export async function readPlugins(
  reader: Reader,
  instance: Instance,
  added: readonly string[],
): Promise<Fact<Record<string, Plugin>>> {
  reader.begin("plugins");
  const ids = [...new Set([...Object.keys(PLUGINS), ...added])];
  const asked = { table: "v_plugin", query: `idIN${ids.join(",")}`, fields: ["id", "name", "active"] };
  const rows = await reader.list(instance, asked);
  if (rows.status === "read" && rows.value.length === 0) return noneShown("v_plugin");
  return mappedFact(rows, (found) => {
    const all = ids.flatMap((id): [string, Plugin][] => {
      const record = found.find((one) => one.id === id);
      if (!record) return rows.status === "read" && rows.incomplete ? [] : [[id, { active: false }]];
      if (record.active === undefined) return [];
      return [[id, { active: record.active === "active", ...(record.name && { name: record.name }) }]];
    });
    return Object.fromEntries(all);
  });
}
