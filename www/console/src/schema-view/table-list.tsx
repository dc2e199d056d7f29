/** Every table of the environment, found by words of its name or label. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { addressOf, go } from "../app/address";
import { matchingTables } from "../app/search";
import { Field } from "../kit/field";
import { plural } from "../number";
import type { Known, TableName } from "../schema/known";

interface TableListProps {
  known: Known;
  /** The table that is shown; empty for none. */
  chosen: string;
  connected: boolean;
}

/** Links that are drawn: a person types on. */
const MOST_LISTED = 200;

export function TableList({ known, chosen, connected }: TableListProps) {
  const text = useSignal("");
  const customOnly = useSignal(false);
  const reading = connected ? known.tables() : null;
  const tables = reading?.phase === "read" ? reading.data : NONE;
  const words = text.value;
  const custom = customOnly.value;
  const found = useMemo(() => {
    const kept = custom ? tables.filter(({ name }) => isCustom(name)) : tables;
    return words.trim() === "" ? kept : matchingTables(words, kept, kept.length);
  }, [tables, words, custom]);
  const [first] = found;

  return (
    <nav class="schema-list" aria-label="Tables">
      <Field
        id="schema-search"
        label="Search tables"
        type="search"
        value={text}
        onEnter={() => first && words.trim() !== "" && go("schema", first.name)}
      />
      <label class="tick" for="schema-custom">
        <input
          id="schema-custom"
          type="checkbox"
          checked={custom}
          onChange={(event) => {
            customOnly.value = event.currentTarget.checked;
          }}
        />
        Custom only
      </label>
      <p class="hint" role="status">
        {reading?.phase === "reading" && "Reading the list of tables."}
        {reading?.phase === "failed" && reading.why}
        {reading?.phase === "read" && countWords(found.length, tables.length, reading.note)}
      </p>
      <ul>
        {found.slice(0, MOST_LISTED).map(({ name, label }) => (
          <li key={name}>
            <a href={addressOf("schema", name)} aria-current={name === chosen ? "page" : undefined}>
              <bdi>{label || name}</bdi> <code>{name}</code>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const NONE: readonly TableName[] = [];

export function isCustom(name: string): boolean {
  return /^[ux]_/.test(name);
}

function countWords(found: number, all: number, note: string): string {
  const counted = found === all ? plural(all, "table") : `${found} of ${plural(all, "table")}`;
  return `${counted}${found > MOST_LISTED ? `, the first ${MOST_LISTED} listed` : ""}. ${note}`.trim();
}
