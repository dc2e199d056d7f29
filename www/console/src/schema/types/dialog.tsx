/** The types of one table, to copy or to save. Loaded with the first of them, as is what writes them. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TableSchema } from "sysparm/schema";
import { saveAs } from "../../download";
import { Button } from "../../kit/button";
import { CopyButton } from "../../kit/copy-button";
import { Dialog } from "../../kit/dialog";
import type { Reading } from "../known";
import "../../style/tester.css";
import "../../style/table-types.css";
import { commandOf, FORMATS, fileName } from "./formats";

type Codegen = typeof import("sysparm/codegen");

export interface TypesDialogProps {
  table: string;
  /** Asking begins the reading. */
  schema: () => Reading<TableSchema>;
  close: () => void;
}

export function TypesDialog({ table, schema, close }: TypesDialogProps) {
  const codegen = useSignal<Codegen | "failed" | null>(null);
  useEffect(() => {
    import("sysparm/codegen").then(
      (loaded) => {
        codegen.value = loaded;
      },
      () => {
        codegen.value = "failed";
      },
    );
  }, [codegen]);

  const reading = schema();
  return (
    <Dialog open close={close} title={`Types of ${table}`} kind="large" footer={<Button onClick={close}>Close</Button>}>
      {codegen.value === "failed" ? (
        <p class="notice error" role="alert">
          What writes types could not be loaded from {location.host}. Close this, and open it again.
        </p>
      ) : reading.phase === "failed" ? (
        <p class="notice error" role="alert">
          {reading.why}
        </p>
      ) : reading.phase === "reading" || codegen.value === null ? (
        <p class="hint" role="status">
          Reading the fields of {table}.
        </p>
      ) : (
        <Written schema={reading.data} note={reading.note} codegen={codegen.value} />
      )}
    </Dialog>
  );
}

function Written({ schema, note, codegen }: { schema: TableSchema; note: string; codegen: Codegen }) {
  const chosen = useSignal(FORMATS[0]);
  const format = chosen.value;
  if (!format) return null;
  const text = format.text(codegen, [schema]);
  return (
    <div class="code-view">
      <div class="code-tools">
        <select
          aria-label="Written as"
          value={format.id}
          onChange={(event) => {
            chosen.value = FORMATS.find(({ id }) => id === event.currentTarget.value);
          }}
        >
          {FORMATS.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <Button onClick={() => saveAs(fileName(schema, format), format.mediaType, [text])}>Download</Button>
        <CopyButton label="Copy" text={text} />
      </div>
      <p class="hint">
        The same from a shell, for several tables at once too: <code>{commandOf(schema, format)}</code>
      </p>
      {note && <p class="notice">{note}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="code-text types-text" tabIndex={0} aria-label={`Types of ${schema.table}`}>
        <pre class="mono">{text}</pre>
      </section>
    </div>
  );
}
