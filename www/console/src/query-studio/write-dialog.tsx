/** Updates or deletes the rows of a query: what is written, then the rows that were found, then their number typed, here or where the environment asks. */
import { useSignal } from "@preact/signals";
import type { ConsoleState } from "../app/state";
import { saveAs } from "../download";
import { hostOf } from "../environments/environments";
import { Button } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { Field } from "../kit/field";
import { count, plural } from "../number";
import type { Host } from "../tester/host";
import type { Studio } from "./studio";
import type { createWriting, Plan } from "./write";
import { Course, Found } from "./write-course";
import { type Change, unnamed, WriteFields } from "./write-fields";

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

  const { guard } = state.workspace;
  // The question of the guard is a dialog of its own.
  if (!environment || !instance || guard.question.value) return null;
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
    const isDelete = kind.peek() === "delete";
    const written = patch.peek().filter(({ field }) => field !== "" && !isDelete);
    const plan: Plan = {
      kind: isDelete ? "delete" : "update",
      environment: environment.name,
      table,
      query: studio.queries.parse(query.peek()?.toString() ?? ""),
      schema: schema.peek(),
      patch: Object.fromEntries(written.map(({ field, value }) => [field, value])),
      fields: studio.asked.peek().fields,
    };
    void writing.find(instance, plan, {
      asks: () => guard.asks(host.environment() ?? environment),
      allow: host.allowRun,
      keep: isProd ? keepRows : null,
    });
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
                {now.asks() ? "…" : ""}
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
        {(isBefore || now.phase === "finding") && <WriteFields studio={studio} kind={kind} patch={patch} />}
        <Course now={now} />
        {now.phase === "asking" && (
          <>
            <Found asking={now} studio={studio} isProd={isProd} />
            {!now.asks() && (
              <Field
                id="studio-write-count"
                label={`Number of rows, to confirm (${count(now.rows)})`}
                value={typed}
                error={wrong.value || undefined}
                onEnter={agree}
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function keepRows({ table, kind }: Plan, rows: object[]): void {
  const name = `${table}-before-${kind}-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.ndjson`;
  saveAs(name, "application/x-ndjson", [rows.map((row) => `${JSON.stringify(row)}\n`).join("")]);
}
