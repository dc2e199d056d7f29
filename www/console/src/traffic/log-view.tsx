/** The log: filter, rows, export. A row opens its details next to it. */
import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import { saveAs } from "../download";
import { Button } from "../kit/button";
import { count } from "../number";
import { exportLines, filtered, KIND_NAMES, KINDS, type LogFilter, type LogRow } from "./log";

interface LogViewProps {
  rows: readonly LogRow[];
  dropped: number;
  filter: Signal<LogFilter>;
  chosen: Signal<string>;
}

/** Rows that are drawn at first, and with each press more: what is recorded is bounded. */
const SHOWN = 100;

export function LogView({ rows, dropped, filter, chosen }: LogViewProps) {
  const most = useSignal(SHOWN);
  const found = filtered(rows, filter.value);
  const shown = found.slice(0, most.value);
  const change = (part: Partial<LogFilter>) => {
    filter.value = { ...filter.value, ...part };
    most.value = SHOWN;
  };
  return (
    <section class="traffic-log" aria-label="Log">
      <div class="traffic-filter">
        <div class="field">
          <label for="traffic-text">Filter the log</label>
          <input
            id="traffic-text"
            type="search"
            value={filter.value.text}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change({ text: event.currentTarget.value })}
          />
        </div>
        <fieldset>
          <legend class="visually-hidden">Kinds of entries</legend>
          {KINDS.map((kind) => (
            <label key={kind} class="tick">
              <input
                type="checkbox"
                checked={filter.value.kinds.has(kind)}
                onChange={(event) => {
                  const kinds = new Set(filter.value.kinds);
                  if (event.currentTarget.checked) kinds.add(kind);
                  else kinds.delete(kind);
                  change({ kinds });
                }}
              />
              {KIND_NAMES[kind]}
            </label>
          ))}
          <label class="tick">
            <input
              type="checkbox"
              checked={filter.value.problemsOnly}
              onChange={(event) => change({ problemsOnly: event.currentTarget.checked })}
            />
            Problems only
          </label>
        </fieldset>
        <Button
          disabledReason={found.length === 0 ? "There is nothing to export." : undefined}
          onClick={() => saveAs("traffic.ndjson", "application/x-ndjson;charset=utf-8", [exportLines(found)])}
        >
          {found.length === 1 ? "Export 1 entry" : `Export ${count(found.length)} entries`}
        </Button>
      </div>
      <p class="hint" role="status">
        {found.length.toLocaleString("en-GB")} of {rows.length.toLocaleString("en-GB")}
        {dropped > 0 && `; ${dropped.toLocaleString("en-GB")} older ones were dropped`}. Addresses and names only:
        bodies, headers and secrets are not recorded.
      </p>
      {rows.length === 0 && <p class="hint">Nothing was sent yet. Read a table or send a request.</p>}
      {rows.length > 0 && found.length === 0 && (
        <p>
          No entry matches.{" "}
          <Button kind="link" onClick={() => change({ text: "", kinds: new Set(KINDS), problemsOnly: false })}>
            Clear the filter
          </Button>
        </p>
      )}
      <ol class="log-rows">
        {shown.map((row) => (
          <li key={row.key}>
            <button
              type="button"
              class="log-row"
              aria-expanded={chosen.value === row.key}
              data-problem={row.isProblem}
              onClick={() => {
                chosen.value = chosen.value === row.key ? "" : row.key;
              }}
            >
              <time dateTime={new Date(row.at).toISOString()}>{new Date(row.at).toLocaleTimeString("en-GB")}</time>
              <span class="log-end">{row.end}</span>
              <bdi class="log-what">{row.what}</bdi>
              <span class="log-detail">{row.detail}</span>
            </button>
          </li>
        ))}
      </ol>
      {found.length > shown.length && (
        <Button
          onClick={() => {
            most.value += SHOWN;
          }}
        >
          Show {Math.min(SHOWN, found.length - shown.length)} more
        </Button>
      )}
    </section>
  );
}
