/** Columns, their widths and the form of values, remembered for each table. */
import { signal } from "@preact/signals";
import type { Store } from "../store/store";
import { VALUES, type Values } from "./values";

export interface Layout {
  /** As typed into the form: comma separated, empty for all. */
  fields?: string;
  values?: Values;
  /** Pixels, by field. Other columns have the width that suits their name. */
  widths?: Readonly<Record<string, number>>;
}

export type Layouts = ReturnType<typeof createLayouts>;

const ID = "tables";
const MOST_TABLES = 200;
const NARROWEST = 40;
const WIDEST = 1_200;

export const INCIDENT_FIELDS =
  "number, short_description, priority, state, assignment_group, opened_at, sys_updated_on";

/** Without a store: for this page only. */
export function createLayouts(store?: Pick<Store, "all" | "put" | "watch">) {
  const tables = signal<ReadonlyMap<string, Layout>>(new Map());

  async function load(): Promise<void> {
    const kept = (await store?.all("preferences"))?.find(({ id }) => id === ID);
    if (kept) tables.value = readLayouts(kept.tables);
    store?.watch((changed) => {
      if (changed.kind === "preferences" && changed.id === ID) tables.value = readLayouts(changed.data?.tables);
    });
  }

  function of(table: string): Layout {
    return tables.value.get(table) ?? {};
  }

  /** The fields to read of a table: as they were read last. */
  function fieldsOf(table: string): string {
    return of(table).fields ?? (table === "incident" ? INCIDENT_FIELDS : "");
  }

  /** Replaces parts of a table's layout. The table becomes the newest; the oldest are forgotten. */
  function change(table: string, part: Layout): void {
    const others = [...tables.value].filter(([name]) => name !== table);
    const next = new Map([...others, [table, { ...of(table), ...part }] as const].slice(-MOST_TABLES));
    tables.value = next;
    void store?.put("preferences", { id: ID, tables: Object.fromEntries(next) });
  }

  function resize(table: string, field: string, pixels: number): void {
    change(table, { widths: { ...of(table).widths, [field]: bounded(pixels) } });
  }

  return { load, of, fieldsOf, change, resize };
}

export function bounded(pixels: number): number {
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST, pixels)));
}

/** Takes what fits of a stored record. */
export function readLayouts(stored: unknown): Map<string, Layout> {
  const found = new Map<string, Layout>();
  for (const [table, given] of Object.entries(isMembers(stored) ? stored : {})) {
    if (!isMembers(given)) continue;
    const layout: Layout = {};
    if (typeof given.fields === "string") layout.fields = given.fields;
    if (VALUES.includes(given.values as Values)) layout.values = given.values as Values;
    const widths = Object.entries(isMembers(given.widths) ? given.widths : {}).filter(([, width]) =>
      Number.isFinite(width),
    );
    if (widths.length > 0)
      layout.widths = Object.fromEntries(widths.map(([field, width]) => [field, bounded(Number(width))]));
    found.set(table, layout);
  }
  return found;
}

function isMembers(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
