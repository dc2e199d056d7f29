/** The journal of a record: from the table that stores its entries, or from the record itself where that may not be read. */
import type { Instance, Row } from "sysparm";
import { journal, read, type StoredEntry } from "sysparm/values";
import { failureOf } from "../failure/failure";
import { count } from "../number";
import { isJournal } from "./changes";
import { type FieldFact, titleOf } from "./facts";

export interface Entry {
  id: string;
  /** As UTC where it is exact, otherwise as the instance wrote it for this user. */
  at: string;
  author: string;
  /** The label of the field that it was written in. */
  kind: string;
  text: string;
}

export interface Journal {
  /** Newest first. */
  entries: Entry[];
  /** What is missing or less exact, in sentences; empty if nothing. */
  note: string;
}

const MOST = 1_000;

export async function readJournal(
  instance: Pick<Instance, "table">,
  id: string,
  row: Row,
  facts: readonly FieldFact[],
  signal: AbortSignal,
): Promise<Journal> {
  const labels = new Map(facts.map((fact) => [fact.name, titleOf(fact)]));
  const shown = shownEntries(row, facts);
  try {
    const { entries, hidden, complete } = await journal(instance, id, { limit: MOST, signal });
    // A table that a user may not read answers with no rows, and no error.
    if (entries.length === 0 && shown.length > 0) return { entries: shown, note: FROM_RECORD };
    const note = [
      hidden ? `Access rules hide ${count(hidden)} of the entries.` : "",
      !complete && entries.length >= MOST ? `Only the oldest ${count(MOST)} entries are shown.` : "",
    ].join(" ");
    return { entries: entries.map((entry) => stored(entry, labels)).reverse(), note: note.trim() };
  } catch (thrown) {
    signal.throwIfAborted();
    return { entries: shown, note: `sys_journal_field could not be read. ${failureOf(thrown).message} ${AS_SHOWN}` };
  }
}

function stored({ id, instant, author, field, text }: StoredEntry, labels: ReadonlyMap<string, string>): Entry {
  const at = `${instant.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return { id, at, author, kind: labels.get(field) ?? field, text };
}

/** What the fields of the record show. A field that shows the entries of others repeats them. */
function shownEntries(row: Row, facts: readonly FieldFact[]): Entry[] {
  const own = facts.filter((fact) => isJournal(fact) && fact.type !== "journal_list" && row[fact.name] !== undefined);
  return own.flatMap(({ name, type }) => {
    const fields = { [name]: { type } };
    const { values } = read({ [name]: row[name] }, { table: "", tables: { "": { fields } } }, { displayValue: "all" });
    const entries = values[name];
    return Array.isArray(entries)
      ? entries.flatMap((entry, at) =>
          typeof entry === "object" && entry !== null && "author" in entry
            ? [{ ...(entry as Omit<Entry, "id">), id: `${name} ${at}` }]
            : [],
        )
      : [];
  });
}

const AS_SHOWN = "These are the entries as the record shows them, field by field.";
const FROM_RECORD = `sys_journal_field shows this user no entry. ${AS_SHOWN}`;
