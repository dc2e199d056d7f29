/**
 * Journals: from the label of a field, which contains all entries as one text, or from the table that stores them.
 *
 * ```text
 * 2026-03-01 12:00:00 - Ada Lovelace (Work notes)     the head: time on the user's clock, name, label of the field
 * The text, of any number of lines,                   the text, up to an empty line that a head follows, or the end
 * ```
 */
import type { Instance } from "sysparm";
import type { JournalEntry, JournalOptions, StoredEntry } from "sysparm/values";
import {
  checkArgument,
  checkOptions,
  hasFunctions,
  NAMES,
  type OptionType,
  type OptionTypes,
  SIGNAL,
  wholeNumber,
} from "../protocol/check-options.js";
import { SYS_ID } from "../shared/keys.js";
import { stored } from "../shared/rows.js";
import { Refused, refused, refuseValue } from "./error.js";
import { type Clock, fromStamp } from "./times.js";

/** A head where the format is unknown: a date with digits or a short month, a time, a name, a label. */
const HEAD =
  /^(\d{1,4}[-/. ](?:\d{1,2}|\p{L}{3,9}\.?)[-/. ]\d{1,4} \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AaPp][Mm])?) - (.+) \(([^()]+)\)$/u;
const LONGEST_HEAD = 500;
const ANY_HEAD = /^(.+?) - (.+) \(([^()]+)\)$/;

/** The entries in their order. @throws Refused for a text that does not begin with a head */
export function entriesOf(text: string, clock: Clock | undefined): JournalEntry[] {
  const lines = text.split("\n");
  const entries: (JournalEntry & { lines: string[] })[] = [];
  let free = true;
  for (const line of lines) {
    const head = free ? headOf(line, clock) : undefined;
    const last = entries.at(-1);
    if (head) {
      // The empty line before a head does not belong to the entry above.
      last?.lines.pop();
      entries.push({ ...head, text: "", lines: [] });
    } else if (last) last.lines.push(line);
    else if (line !== "") refuseValue("journal", "does not begin with the head of an entry");
    free = line === "";
  }
  // The last entry ends with an empty line and a line break, too.
  const own = entries.at(-1)?.lines ?? [];
  for (let count = 0; count < 2 && own.at(-1) === ""; count += 1) own.pop();
  return entries.map(({ lines: own, ...entry }) => ({ ...entry, text: own.join("\n") }));
}

function headOf(line: string, clock: Clock | undefined): Omit<JournalEntry, "text"> | undefined {
  // The text is written by users of the instance: a longer line is no head, and matching it would be slow.
  if (line.length > LONGEST_HEAD) return undefined;
  const [, at = "", author = "", kind = ""] = (clock ? ANY_HEAD : HEAD).exec(line) ?? [];
  if (kind === "") return undefined;
  if (!clock) return { at, author, kind };
  try {
    return { at, instant: clock.read(at), author, kind };
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    // A time that clocks show twice may still be part of a head.
    return HEAD.test(line) ? { at, author, kind } : undefined;
  }
}

const OPTIONS: OptionTypes<JournalOptions> = {
  fields: {
    expects: "a list of field names",
    accepts: (value) => NAMES.accepts(value) && (value as string[]).every((name) => /^\w+$/.test(name)),
  },
  limit: wholeNumber(1, 10_000),
  signal: SIGNAL,
};
const MOST_ENTRIES = 1000;
const INSTANCE: OptionType = { expects: "what connect() gives", accepts: (value) => hasFunctions(value, "table") };
const ID: OptionType = {
  expects: "a sys_id of 32 hexadecimal digits",
  accepts: (value) => typeof value === "string" && SYS_ID.test(value),
};
const COLUMNS = ["sys_id", "element", "value", "sys_created_on", "sys_created_by"];

/** The entries of a record from `sys_journal_field`. */
export async function journal(
  instance: Pick<Instance, "table">,
  id: string,
  options: JournalOptions = {},
): Promise<{ entries: StoredEntry[]; hidden: number | null; complete: boolean }> {
  checkArgument("instance", instance ?? null, INSTANCE, refused);
  // Another value would find no entries, which would look complete.
  checkArgument("id", id ?? null, ID, refused);
  checkOptions(options, OPTIONS, refused);
  const { fields = [], limit = MOST_ENTRIES, signal } = options;
  const only = fields.length > 0 ? `^elementIN${fields.join(",")}` : "";
  const page = await instance.table("sys_journal_field").list({
    query: `element_id=${id}${only}^ORDERBYsys_created_on`,
    fields: COLUMNS,
    pageSize: limit,
    limit,
    ...(signal && { signal }),
  });
  const entries = page.rows.flatMap((row): StoredEntry[] => {
    const [own, field, text, at = "", author = ""] = COLUMNS.map((name) => stored(row, name));
    const instant = fromStamp(at);
    // A hidden text is not an empty one.
    return instant && own && field && text !== undefined ? [{ id: own, instant, author, field, text }] : [];
  });
  return { entries, hidden: page.hidden, complete: page.complete && entries.length === page.rows.length };
}
