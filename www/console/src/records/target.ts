/** What names a record: its number, its sys_id, or an address of it. Pure. */
import { type RecordTarget, recordTargets } from "../app/search";

export interface Wanted {
  /** A sys_id in lower case, or a number in upper case. */
  key: string;
  isId: boolean;
  /** The tables to look in first, the likeliest first. */
  tables: string[];
}

const SYS_ID = "[0-9a-f]{32}";
/** `incident.do?sys_id=ID`, and the same with percent signs, as it stands in an address of the navigator. */
const CLASSIC = new RegExp(`\\b([a-z]\\w{1,79})\\.do\\?(?:[^#?]*&)?sys_id=(${SYS_ID})\\b`, "i");
/** `/table/incident/ID` of the Table API, `/record/incident/ID` of workspaces, `#/records/incident/ID` of this page. */
const PATH = new RegExp(`/(?:table|record|records|edit)/([a-z]\\w{1,79})/(${SYS_ID})\\b`, "i");

/** Null for a text that names none. `shown` is the table that is likeliest where a sys_id stands alone. */
export function wantedRecord(typed: string, shown: string): Wanted | null {
  const text = typed.trim().slice(0, LONGEST);
  const [, table, id] = CLASSIC.exec(decoded(text)) ?? PATH.exec(text) ?? [];
  if (table !== undefined && id !== undefined)
    return { key: id.toLowerCase(), isId: true, tables: [table.toLowerCase()] };
  const targets: readonly RecordTarget[] = recordTargets(text, shown).map(({ target }) => target);
  const key = targets[0]?.key;
  return key === undefined ? null : { key, isId: isSysId(key), tables: targets.map((target) => target.table) };
}

export function isSysId(text: string): boolean {
  return new RegExp(`^${SYS_ID}$`).test(text);
}

/** Some addresses hold another one percent-encoded, once or twice. */
function decoded(text: string): string {
  let found = text;
  for (let round = 0; round < 2 && /%[0-9a-f]{2}/i.test(found); round += 1) {
    try {
      found = decodeURIComponent(found);
    } catch {
      return found;
    }
  }
  return found;
}

const LONGEST = 4_000;
