/** The tables one reference away, drawn and as a list, and the tables that extend this one. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Instance } from "sysparm";
import type { TableSchema } from "sysparm/schema";
import { addressOf } from "../app/address";
import { plural } from "../number";
import type { Known } from "../schema/known";
import { TableLink } from "./fields-panel";
import { type Referrers, readReferrers } from "./referrers";
import { BOX, type Box, curve, drawing, type Relation, referredTables } from "./relations";

interface RelationsPanelProps {
  schema: TableSchema;
  known: Known;
  instance: Instance;
}

export function RelationsPanel({ schema, known, instance }: RelationsPanelProps) {
  const { table } = schema;
  const referrers = useSignal<Referrers | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    readReferrers(instance, table, abort.signal).then(
      (found) => {
        referrers.value = found;
      },
      () => undefined,
    );
    return () => abort.abort();
  }, [instance, table, referrers]);

  const referred = referredTables(schema);
  const referring = referrers.value?.relations;
  const tables = known.tables();
  const extended = tables.phase === "read" ? tables.data.filter((one) => one.extends === table) : null;
  return (
    <div class="record-fields">
      {referrers.value === null && (
        <p class="hint" role="status">
          Reading which tables refer to {table}.
        </p>
      )}
      {referrers.value?.note && <p class="hint">{referrers.value.note}</p>}
      {tables.phase === "failed" && (
        <p class="hint">
          Which tables extend {table} is not known. {tables.why}
        </p>
      )}
      <RelationsDrawing table={table} referrers={referring ?? []} referred={referred} />
      <div class="schema-relations">
        <RelationList title={`${table} refers to`} relations={referred} />
        {referring && <RelationList title={`Refer to ${table}`} relations={referring} />}
        {extended && (
          <section aria-label="Extended by">
            <h3>Extended by {plural(extended.length, "table")}</h3>
            <ul>
              {extended.map(({ name }) => (
                <li key={name}>
                  <TableLink table={name} />
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

interface RelationsDrawingProps {
  table: string;
  referrers: readonly Relation[];
  referred: readonly Relation[];
}

function RelationsDrawing({ table, referrers, referred }: RelationsDrawingProps) {
  const { width, height, centre, left, right, leftOut } = drawing(table, referrers, referred);
  return (
    <figure class="schema-drawing">
      <svg viewBox={`-1 -1 ${width + 2} ${height + 2}`} width={width + 2} height={height + 2}>
        <title>{`Tables one reference from ${table}`}</title>
        {left.map((box) => (
          <path key={box.table} d={curve(box, centre)} />
        ))}
        {right.map((box) => (
          <path key={box.table} d={curve(centre, box)} />
        ))}
        {left.map((box) => (
          <BoxView key={box.table} box={box} />
        ))}
        {right.map((box) => (
          <BoxView key={box.table} box={box} />
        ))}
        <BoxView box={centre} isCentre />
      </svg>
      <figcaption class="hint">
        Left: tables that refer to {table}. Right: tables that it refers to.
        {leftOut > 0 && ` ${plural(leftOut, "further table")} stand in the list only.`}
      </figcaption>
    </figure>
  );
}

function BoxView({ box: { table, note, x, y }, isCentre = false }: { box: Box; isCentre?: boolean }) {
  return (
    <g class={isCentre ? "centre" : "other"} transform={`translate(${x} ${y})`}>
      <a href={addressOf("schema", table)}>
        <rect width={BOX.width} height={BOX.height} rx={5} />
        <text x={10} y={note === "" ? 24 : 16}>
          {cut(table)}
        </text>
        {note && (
          <text class="note" x={10} y={31}>
            {cut(note)}
          </text>
        )}
      </a>
    </g>
  );
}

/** Text in a drawing does not end at the edge of its box by itself. */
function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

const MOST_CHARACTERS = 29;

function RelationList({ title, relations }: { title: string; relations: readonly Relation[] }) {
  return (
    <section aria-label={title}>
      <h3>
        {title} {plural(relations.length, "table")}
      </h3>
      <ul>
        {relations.map(({ table, fields }) => (
          <li key={table}>
            <TableLink table={table} /> <small class="quiet">{fields.map(({ field }) => field).join(", ")}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
