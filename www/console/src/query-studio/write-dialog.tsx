/** Updates or deletes the rows of a query: what is written, then the rows that were found, then their number typed. */
import { type Signal, useSignal } from "@preact/signals";
import type { ConsoleState } from "../app/state";
import { saveAs } from "../download";
import { hostOf } from "../environments/environments";
import { Button } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { Field, Select } from "../kit/field";
import { Notice } from "../kit/notice";
import { SuggestInput } from "../kit/suggest-input";
import { count, plural } from "../number";
import { completed } from "../schema/completion";
import { choicesOf, completeName, findField, labelOf } from "../schema/fields";
import type { Known } from "../schema/known";
import type { Host } from "../tester/host";
import { RowTable } from "./row-table";
import type { Studio } from "./studio";
import type { createWriting, Plan, WriteState } from "./write";

interface WriteDialogProps {
  studio: Studio;
  writing: ReturnType<typeof createWriting>;
  state: ConsoleState;
  host: Host;
  onClose: () => void;
}

export function WriteDialog({ studio, writing, state, host, onClose }: WriteDialogProps) {
  const kind = useSignal<string>("update");
  const patch = useSignal<readonly Change[]>([{ field: "", value: "" }]);
  const typed = useSignal("");
  const wrong = useSignal("");
  const environment = host.environment();
  const instance = host.instance();
  const now = writing.state.value;

  // The question of the guard is a dialog of its own.
  if (!environment || !instance || state.workspace.guard.question.value) return null;
  const isProd = environment.kind === "prod";
  // What was found or written is of its plan, even if another query or environment has been opened behind the dialog.
  const isBefore = now.phase === "idle" || now.phase === "failed";
  const { table, query } = isBefore ? { ...studio.edited.value, query: studio.edited.value.query.value } : now.plan;
  const name = isBefore ? environment.name : now.plan.environment;

  function close(): void {
    writing.cancel();
    if (writing.state.peek().phase !== "writing") onClose();
  }

  function find(): void {
    const { table, query, schema } = studio.edited.peek();
    if (!instance || !environment || !query.peek()) return;
    typed.value = "";
    wrong.value = "";
    const plan: Plan = {
      kind: kind.peek() === "delete" ? "delete" : "update",
      environment: environment.name,
      table,
      query: studio.queries.parse(query.peek()?.toString() ?? ""),
      schema: schema.peek(),
      patch: Object.fromEntries(patch.peek().flatMap(({ field, value }) => (field === "" ? [] : [[field, value]]))),
      fields: studio.asked.peek().fields,
    };
    void writing.find(instance, plan, { allow: (line) => host.allowWrite(line), keep: isProd ? keepRows : null });
  }

  function agree(): void {
    wrong.value = writing.confirm(typed.value);
  }

  const why = (kind.value === "update" ? unnamed(patch.value) : "") || studio.unwritable.value;
  const disabledReason = why === "" ? undefined : why;
  return (
    <Dialog
      open={true}
      close={close}
      title={`Update or delete rows of ${table} on ${name}`}
      kind={isProd ? "prod" : "large"}
      footer={
        <>
          <Button onClick={close}>
            {now.phase === "writing" ? "Stop" : now.phase === "ended" ? "Close" : "Cancel"}
          </Button>
          {isBefore && (
            <Button kind="primary" disabledReason={disabledReason} onClick={find}>
              Find the rows
            </Button>
          )}
          {now.phase === "finding" && (
            <Button kind="primary" busy>
              Find the rows
            </Button>
          )}
          {now.phase === "asking" && (
            <>
              <Button disabledReason={disabledReason} onClick={find}>
                Find them again
              </Button>
              <Button kind={isProd ? "prod" : "danger"} onClick={agree}>
                {now.plan.kind === "delete" ? "Delete" : "Update"} {plural(now.rows, "row")} on {name}
              </Button>
            </>
          )}
        </>
      }
    >
      <div class="studio-write">
        <p>
          Rows of <code>{table}</code> on {hostOf(environment)} where {query?.explain()}.
        </p>
        {(isBefore || now.phase === "finding") && <What studio={studio} kind={kind} patch={patch} />}
        <Course now={now} />
        {now.phase === "asking" && (
          <>
            <Found asking={now} studio={studio} isProd={isProd} />
            <Field
              id="studio-write-count"
              label={`Number of rows, to confirm (${count(now.rows)})`}
              value={typed}
              error={wrong.value || undefined}
              onEnter={agree}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}

interface Change {
  field: string;
  value: string;
}

function What({ studio, kind, patch }: { studio: Studio; kind: Signal<string>; patch: Signal<readonly Change[]> }) {
  const { table } = studio.edited.value;
  const known = studio.known();
  const set = (index: number, part: Partial<Change>) => {
    patch.value = patch.value.map((one, at) => (at === index ? { ...one, ...part } : one));
  };
  return (
    <>
      <Select
        id="studio-write-kind"
        label="What to do with each row"
        value={kind}
        options={[
          { value: "update", label: "Update fields" },
          { value: "delete", label: "Delete the row" },
        ]}
      />
      {kind.value === "update" && (
        <>
          {patch.value.map(({ field, value }, index) => {
            const found = findField(table, field, known);
            const choices = "field" in found ? choicesOf(found.field) : [];
            return (
              <div key={index} class="studio-change">
                <span class="query-field">
                  <SuggestInput
                    class="mono"
                    label={`Field ${index + 1} to write`}
                    placeholder="field"
                    value={field}
                    onValue={(next) => set(index, { field: next })}
                    complete={(text, caret) => completeName(text, caret, table, known)}
                  />
                  <span class="query-label">{labelOf(table, field, known)}</span>
                </span>
                <span class="query-field">
                  <SuggestInput
                    class="mono"
                    label={`New value of field ${index + 1}`}
                    placeholder="(empty)"
                    value={value}
                    onValue={(next) => set(index, { value: next })}
                    complete={(text) => completed(0, text.length, text, choices, "choices")}
                  />
                  <span class="query-label">{choiceOf(table, field, value, known)}</span>
                </span>
              </div>
            );
          })}
          <div>
            <Button
              small
              onClick={() => {
                patch.value = [...patch.value, { field: "", value: "" }];
              }}
            >
              Add field
            </Button>
          </div>
        </>
      )}
    </>
  );
}

/** Why the fields cannot be written as they are named; empty where they can. */
function unnamed(patch: readonly Change[]): string {
  const names = patch.flatMap(({ field }) => (field === "" ? [] : [field]));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return `${twice} is named twice. Name each field once.`;
  return names.length === 0 ? "Name a field to write." : "";
}

type Asking = Extract<WriteState, { phase: "asking" }>;

function Found({ asking, studio, isProd }: { asking: Asking; studio: Studio; isProd: boolean }) {
  const { plan, rows, hidden, first } = asking;
  return (
    <>
      <p>
        <b>{plural(rows, "row")}</b> will be {plan.kind === "delete" ? "deleted" : "updated"}, one request for each,
        four at a time.{" "}
        {hidden > 0 && `${plural(hidden, "further row")} may not be read by this user and will not be written. `}
        Business rules of the instance run. The change cannot be undone from here.
        {isProd && " The present values are saved to a file first."}
      </p>
      {plan.kind === "update" && (
        <ul>
          {Object.entries(plan.patch).map(([field, value]) => (
            <li key={field}>
              {labelOf(plan.table, field, studio.known())} <code>{field}</code> becomes{" "}
              {value === "" ? "empty" : <code>{value}</code>} {choiceOf(plan.table, field, value, studio.known())}
            </li>
          ))}
        </ul>
      )}
      <RowTable
        label="First rows that will be written"
        rows={first}
        fields={plan.fields}
        labelOf={(field) => labelOf(plan.table, field, studio.known())}
      />
    </>
  );
}

/** What a value is called; empty where it is no choice. */
function choiceOf(table: string, name: string, value: string, known: Known): string {
  const found = findField(table, name, known);
  return "field" in found ? (choicesOf(found.field).find((choice) => choice.value === value)?.note ?? "") : "";
}

/** Messages of single rows that are shown. */
const MOST = 5;

function Course({ now }: { now: WriteState }) {
  switch (now.phase) {
    case "finding":
      return <p role="status">Finding the rows of {now.plan.table}…</p>;
    case "keeping":
    case "writing":
      return (
        <p role="status">
          <span class="ring" /> {now.phase === "keeping" ? "Reading the present values of" : "Writing"}{" "}
          {plural(now.rows, "row")}…
        </p>
      );
    case "failed":
      return (
        <Notice tone="error" alert>
          <b>{now.changed ? "The writing stopped." : "Nothing was written."}</b> {now.failure.message}{" "}
          {now.failure.repeat}
        </Notice>
      );
    case "ended": {
      const { written, failed, left } = now.outcome;
      const none = written === 0 && failed.length === 0 && left.length === 0;
      return (
        <Notice tone={failed.length + left.length > 0 ? "warn" : "ok"} alert>
          <b>{none ? "No row was found, so nothing was written." : `${plural(written, "row")} written.`}</b>
          {failed.length > 0 && ` ${plural(failed.length, "row")} could not be written, or it is not known.`}
          {left.length > 0 && ` ${plural(left.length, "row")} not tried.`}
          {failed.length > 0 && (
            <ul>
              {failed.slice(0, MOST).map(({ id, error }) => (
                <li key={id}>
                  <code>{id}</code> {error instanceof Error ? error.message : String(error)}
                </li>
              ))}
            </ul>
          )}
        </Notice>
      );
    }
    default:
      return null;
  }
}

function keepRows({ table, kind }: Plan, rows: object[]): void {
  const name = `${table}-before-${kind}-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.ndjson`;
  saveAs(name, "application/x-ndjson", [rows.map((row) => `${JSON.stringify(row)}\n`).join("")]);
}
