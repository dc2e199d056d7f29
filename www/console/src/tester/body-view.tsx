/** The body of a reply: formatted or as it came, searched, or filtered by a JSONPath. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { saveAs } from "../download";
import { count, size } from "../number";
import { FORMATTED_CHARACTERS, isFormattable, PARSED_CHARACTERS, type ReceivedBody, remark } from "./body";
import { filterLimited } from "./limited";
import { formatLines, linesOf, MOST_LINES, searchLines } from "./lines";
import { LinesView } from "./lines-view";

export function BodyView({
  body,
  pretty,
  scrolls,
}: {
  body: ReceivedBody;
  pretty: boolean;
  /** How far the panels of the reply are scrolled. */
  scrolls: Map<string, number>;
}) {
  const text = body.text ?? "";
  const formattable = pretty && isFormattable(body);
  const large = text.length > FORMATTED_CHARACTERS;
  const wanted = useSignal("");
  const formatted = useSignal<string[] | null>(null);
  const asked = useSignal(false);
  const progress = useSignal(0);
  const raw = useMemo(() => (formattable && !large ? [] : linesOf(text)), [text, formattable, large]);
  const formatting = formattable && (!large || asked.value);

  useEffect(() => {
    if (!formatting) return;
    const abort = new AbortController();
    void formatLines(text, abort.signal, (part) => {
      progress.value = part;
    }).then((lines) => {
      if (lines) formatted.value = lines;
    });
    return () => {
      abort.abort();
      formatted.value = null;
    };
  }, [text, formatting, formatted, progress]);

  const isPath = wanted.value.trim().startsWith("$");
  const filtered = useFiltered(isPath ? wanted.value : null, text);
  const all = formatting ? (formatted.value ?? (large ? raw : [])) : raw;
  const lines = filtered && "lines" in filtered ? filtered.lines : all;
  const says = remark(body);

  return (
    <div class="body-view">
      <div class="body-bar">
        <input
          type="search"
          class="mono"
          aria-label="Search, or filter by JSONPath"
          placeholder="Search, or filter: $.result[*].number"
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
        {isPath ? (
          <span class={filtered && "problem" in filtered ? "state bad" : "quiet"} role="status">
            {filtered && ("problem" in filtered ? filtered.problem : filtered.found)}
          </span>
        ) : (
          <span class="quiet" />
        )}
        {body.file !== null && (
          <button type="button" onClick={() => saveFile(body)}>
            Save as file
          </button>
        )}
        {text !== "" && (
          <button type="button" onClick={() => saveAs("reply.txt", "text/plain", [text])}>
            Save as file
          </button>
        )}
      </div>
      {says && <p class="notice">{says}</p>}
      {formattable && large && !asked.value && (
        <p class="notice">
          {size(text.length)} of JSON, shown as text.{" "}
          <button
            type="button"
            onClick={() => {
              asked.value = true;
            }}
          >
            Format anyway
          </button>
        </p>
      )}
      {formatting && large && formatted.value === null && (
        <p class="notice" role="status">
          Formatting: {Math.round(progress.value * 100)} %
        </p>
      )}
      {lines.length >= MOST_LINES && (
        <p class="notice">The first {count(MOST_LINES)} lines are shown. Save the file to see all.</p>
      )}
      {text !== "" && (
        <Searched
          lines={lines}
          json={pretty && (formattable || filtered !== null)}
          wanted={isPath ? "" : wanted.value}
          scrolls={scrolls}
          name={filtered === null ? (pretty ? "pretty" : "raw") : "filtered"}
        />
      )}
    </div>
  );
}

function Searched({
  lines,
  json,
  wanted,
  ...place
}: {
  lines: readonly string[];
  json: boolean;
  wanted: string;
  scrolls: Map<string, number>;
  name: string;
}) {
  /** Null while it is searched. */
  const found = useSignal<readonly number[] | null>(null);
  const position = useSignal(0);

  useEffect(() => {
    found.value = null;
    position.value = 0;
    if (wanted === "") return;
    const abort = new AbortController();
    void searchLines(lines, wanted, abort.signal).then((indexes) => {
      if (indexes) found.value = indexes;
    });
    return () => abort.abort();
  }, [lines, wanted, found, position]);

  const hits = found.value ?? [];
  const step = (by: number) => {
    const all = hits.length;
    position.value = all === 0 ? 0 : (position.value + by + all) % all;
  };

  return (
    <>
      {wanted !== "" && (
        <p class="search-line">
          <span role="status">
            {found.value === null
              ? "Searching"
              : hits.length === 0
                ? lines.length >= MOST_LINES
                  ? "Not found in the lines that are shown. Raw has the whole body."
                  : "Not found."
                : `Line ${position.value + 1} of ${count(hits.length)} that contain it`}
          </span>
          <button type="button" onClick={() => step(-1)} disabled={hits.length === 0}>
            Previous
          </button>
          <button type="button" onClick={() => step(1)} disabled={hits.length === 0}>
            Next
          </button>
        </p>
      )}
      <LinesView
        lines={lines}
        json={json}
        {...place}
        label="Body of the reply"
        goTo={wanted === "" ? -1 : (hits[position.value] ?? -1)}
      />
    </>
  );
}

type Filtered = { lines: string[]; found: string } | { problem: string };

/** The values at a path, or null without one and until the first are found. Those found before stay meanwhile. */
function useFiltered(path: string | null, text: string): Filtered | null {
  const filtered = useSignal<Filtered | null>(null);
  useEffect(() => {
    if (path === null) {
      filtered.value = null;
      return;
    }
    const abort = new AbortController();
    const show = (found: Filtered) => {
      if (!abort.signal.aborted) filtered.value = found;
    };
    if (text.length > PARSED_CHARACTERS) show({ problem: "The body is larger than 8 MB. Search it by text." });
    else {
      filterLimited(path, text, abort.signal).then(
        (found) => {
          if ("problem" in found) return show(found);
          const { values } = found;
          const words = values.length === 1 ? "1 value" : `${count(values.length)} values`;
          show({ lines: linesOf(JSON.stringify(values, null, 2)), found: words });
        },
        () => undefined,
      );
    }
    return () => abort.abort();
  }, [path, text, filtered]);
  return path === null ? null : filtered.value;
}

function saveFile({ file, contentType }: ReceivedBody): void {
  if (file) void file.arrayBuffer().then((content) => saveAs("reply", contentType, [content as unknown as string]));
}
