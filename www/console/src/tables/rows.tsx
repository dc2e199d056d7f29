/** The rows that were read: what can be done with them, the grid, and the panel at its side. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Instance } from "sysparm";
import type { Field } from "sysparm/schema";
import { paneSize } from "../app/preferences";
import { Button } from "../kit/button";
import { Splitter } from "../kit/splitter";
import { whenShown } from "../kit/when-shown";
import { plural } from "../number";
import { fieldsOf } from "../schema/fields";
import { schemas } from "../schema/page";
import type { Browsing } from "./browsing";
import { createCharting } from "./chart/charting";
import { MOST_COLUMNS } from "./columns";
import { idOf } from "./copying";
import { type Exporting, fileName, typeOf } from "./export/exporting";
import { rowsRead } from "./export/rows-read";
import { downloadSink } from "./export/sink";
import { RecordGrid } from "./grid";
import type { Cell } from "./move";
import type { Reader } from "./reader";
import { referenceId } from "./record-fields";
import { createRecordsRead, type RecordAddress } from "./records-read";
import { cellText } from "./values";

const LoadedChart = whenShown(async () => (await import("./chart/pane")).ChartPane);
const LoadedExport = whenShown(async () => (await import("./export/pane")).ExportPane);
const LoadedColumns = whenShown(async () => (await import("./columns-dialog")).ColumnsDialog);
const LoadedPanel = whenShown(async () => (await import("./panel")).RowPanel);

interface RowsProps {
  reader: Reader;
  instance: Instance | null;
  browsing: Browsing;
  exporting: Exporting;
  table: string;
}

export function Rows({ reader, instance, browsing, exporting, table }: RowsProps) {
  const panelOpen = useSignal(false);
  const choosing = useSignal(false);
  const exportOpen = useSignal(false);
  const chartOpen = useSignal(false);
  const charting = useMemo(() => createCharting(), []);
  const peeks = useSignal<readonly RecordAddress[]>([]);
  // Of rows that are read again the records may have changed.
  const records = useMemo(() => createRecordsRead(), [reader.source.value]);
  const { fields, note } = useFields(reader, instance, table);
  const labels = useMemo(
    () => new Map(Object.entries(fields).flatMap(([name, { label }]) => (label ? [[name, label] as const] : []))),
    [fields],
  );
  const rowCount = reader.rowCount.value;
  const active = browsing.active.value;
  const activeRow = reader.rows[active.row];
  const numbers = useMemo(
    () => new Set(Object.entries(fields).flatMap(([name, { type }]) => (NUMBER_TYPES.has(type ?? "") ? [name] : []))),
    [fields],
  );
  const exportState = exporting.state.value.phase;
  const exportBusy = exportState === "running" || exportState === "stopped";
  // What runs, waits for a decision or has failed stays in sight.
  const showsExport = exportOpen.value || exportBusy || exporting.problem.value !== "";

  useEffect(() => {
    peeks.value = [];
  }, [active.row]);

  const openPanel = () => {
    panelOpen.value = true;
  };
  const closePanel = () => {
    panelOpen.value = false;
    document.querySelector<HTMLElement>("#pane-tables [role=grid]")?.focus();
  };

  async function peek(cell: Cell): Promise<void> {
    const name = reader.columns.peek()[cell.column] ?? "";
    const raw = (await browsing.rawOf(reader.rows[cell.row], name).catch(() => null)) ?? "";
    const reference = fields[name]?.reference ?? "";
    const id = referenceId({ name, label: "", type: "", text: raw, raw, reference, isCustom: false });
    if (id === "") browsing.said.value = `${name} leads to no record.`;
    else {
      peeks.value = [{ table: reference, id }];
      panelOpen.value = true;
    }
  }

  /** The rows in memory, without a question. */
  function download(): void {
    const request = reader.source.peek();
    if (!request) return;
    const name = fileName(table, "csv", new Date());
    const order = { request, columns: reader.columns.peek(), numbers, format: "csv", rows: rowsRead(reader) } as const;
    void exporting.start({ ...order, limit: Number.POSITIVE_INFINITY }, async () => downloadSink(name, typeOf("csv")));
  }

  function useColumns(columns: string[]): void {
    choosing.value = false;
    const source = reader.source.peek();
    const known = new Set(reader.columns.peek());
    const isNew = columns.some((column) => !known.has(column));
    reader.arrange(columns);
    if (isNew && instance && source)
      void reader.ask(instance, { table: source.table, query: source.query, fields: columns.join(", ") });
  }

  return (
    <>
      <div class="grid-bar">
        <Button
          small
          icon="tables"
          onClick={() => {
            choosing.value = true;
          }}
        >
          Columns…
        </Button>
        <Button
          small
          icon="record"
          aria-expanded={panelOpen.value}
          onClick={() => {
            panelOpen.value = !panelOpen.value;
          }}
        >
          Row panel
        </Button>
        <Button
          small
          icon="traffic"
          aria-expanded={chartOpen.value}
          onClick={() => {
            chartOpen.value = !chartOpen.value;
          }}
        >
          Chart
        </Button>
        <Button
          small
          icon="out"
          aria-expanded={showsExport}
          onClick={() => {
            exportOpen.value = !exportOpen.value;
          }}
        >
          Export
        </Button>
        <span class="quiet-text grow">
          {browsing.selected.value.size > 0
            ? `${plural(browsing.selected.value.size, "row")} selected`
            : "Enter: all fields. F: filter. Shift F10 or a right click: more."}
        </span>
        <span role="status" class="hint">
          {browsing.said.value}
        </span>
      </div>
      {chartOpen.value && (
        <LoadedChart reader={reader} instance={instance} browsing={browsing} charting={charting} fields={fields} />
      )}
      {showsExport && (
        <LoadedExport reader={reader} exporting={exporting} numbers={numbers} connected={instance !== null} />
      )}
      <div class="grid-area">
        <RecordGrid
          key={reader.source.value}
          reader={reader}
          browsing={browsing}
          label={`Rows of ${table}`}
          labels={labels}
          openPanel={openPanel}
          closePanel={closePanel}
          peek={(cell) => void peek(cell)}
          isReference={(column) => Object.hasOwn(fields, column) && fields[column]?.reference !== undefined}
        />
        {panelOpen.value && (
          <>
            <Splitter
              label="Row panel"
              controls="row-panel"
              size={panelWidth}
              min={240}
              max={720}
              direction="row"
              after
            />
            <div class="row-panel-place" style={{ width: `${panelWidth.value}px` }}>
              <LoadedPanel
                instance={instance}
                row={activeRow ? { table, id: idOf(activeRow) } : null}
                peeks={peeks}
                records={records}
                browsing={browsing}
                close={closePanel}
              />
            </div>
          </>
        )}
      </div>
      {!panelOpen.value && <WholeCell reader={reader} browsing={browsing} />}
      <div class="below-grid">
        <Button disabled={reader.state.value.phase === "reading" || exportBusy} onClick={download}>
          Download CSV
        </Button>
        <span class="quiet">
          {plural(rowCount, "row")}, {plural(reader.columns.value.length, "field")}
          {reader.columns.value.length > MOST_COLUMNS && `; the first ${MOST_COLUMNS} are shown, the file has all`}.
          What a spreadsheet would run as a formula gets an apostrophe in the file, also inside a cell.
        </span>
      </div>
      {choosing.value && (
        <LoadedColumns
          table={table}
          columns={reader.columns.value}
          fields={fields}
          note={note}
          use={useColumns}
          close={() => {
            choosing.value = false;
          }}
        />
      )}
    </>
  );
}

/** The fields that the dictionary knows, once the rows are there: the schema must not delay them. */
function useFields(
  reader: Reader,
  instance: Instance | null,
  table: string,
): { fields: Readonly<Record<string, Field>>; note: string } {
  const state = reader.state.value;
  const isOver = state.phase === "ended" && state.ending.how !== "cancelled" && state.ending.how !== "failed";
  const asked = useRef("");
  if (isOver) asked.current = table;
  if (asked.current !== table || !instance) return NO_FIELDS;
  const reading = schemas.of(instance, "").schema(table);
  if (reading.phase === "read") return { fields: fieldsOf(reading.data), note: reading.note };
  return reading.phase === "failed" ? { fields: {}, note: reading.why } : NO_FIELDS;
}

function WholeCell({ reader, browsing }: { reader: Reader; browsing: Browsing }) {
  const { row, column } = browsing.active.value;
  const chosen = reader.rows[row];
  const field = reader.columns.value[column];
  if (!chosen || field === undefined) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section class="whole-cell" tabIndex={0} aria-label="The chosen cell">
      <b>
        Row {row + 1}, {field}
      </b>{" "}
      {Object.hasOwn(chosen, field)
        ? cellText(chosen[field]).slice(0, LONGEST_SHOWN) || "(empty)"
        : "(not in this row: no such field, or the field is hidden)"}
    </section>
  );
}

const panelWidth = paneSize("tables-panel", 400);
const NO_FIELDS = { fields: {}, note: "" };
const LONGEST_SHOWN = 4_000;
/** Of the dictionary, whose raw values are plain numbers. */
const NUMBER_TYPES = new Set(["integer", "longint", "decimal", "float", "percent_complete"]);
