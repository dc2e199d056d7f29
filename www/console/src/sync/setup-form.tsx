/** Sets a sync up, or changes one. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask } from "../kit/ask";
import { Button } from "../kit/button";
import { Checkbox, Field, type FieldProps, Select } from "../kit/field";
import type { Environment } from "../workspace/model";
import { EMPTY, needsNewCopy, type Problems, SCHEDULES, type Setup, setupFrom, textsOf } from "./setup";
import type { Syncing } from "./syncing";

interface SetupFormProps {
  syncing: Syncing;
  environment: Environment;
  /** What is changed; undefined for a new one. */
  before: Setup | undefined;
  close: () => void;
}

export function SetupForm({ syncing, environment, before, close }: SetupFormProps) {
  const texts = before ? textsOf(before) : EMPTY;
  const table = useSignal(texts.table);
  const query = useSignal(texts.query);
  const fields = useSignal(texts.fields);
  const pageSize = useSignal(texts.pageSize);
  const deletions = useSignal(texts.deletions);
  const labels = useSignal(texts.labels);
  const every = useSignal(texts.every);
  const problems = useSignal<Problems>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input:not([disabled])")?.focus(), []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const typed = {
      ...{ table: table.value, query: query.value, fields: fields.value, pageSize: pageSize.value },
      ...{ deletions: deletions.value, labels: labels.value, every: every.value },
    };
    const taken = before ? [] : syncing.setups.value.map((setup) => setup.table);
    const read = setupFrom(typed, environment, taken);
    problems.value = "problems" in read ? read.problems : {};
    if ("problems" in read) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
      return;
    }
    const copied = syncing.copies.value?.some((copy) => copy.table === read.setup.table);
    if (before && copied && needsNewCopy(before, read.setup) && !(await agreedToBeginAgain(read.setup))) return;
    if (await syncing.keep(read.setup, before)) close();
  }

  return (
    <form ref={form} class="pane sync-setup" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{before ? `Change the sync of ${before.table}` : "Set up a sync"}</h2>
      <div class="fields">
        <Field
          id="sync-table"
          label="Table"
          value={table}
          mono
          disabled={before !== undefined}
          placeholder="incident"
          error={problems.value.table}
        />
        <WideField
          id="sync-query"
          label="Encoded query"
          value={query}
          placeholder="active=true"
          hint="Which rows; empty for all. A row that the query no longer finds stays in the copy."
        />
        <WideField
          id="sync-fields"
          label="Fields"
          value={fields}
          hint="Comma separated; empty for all."
          error={problems.value.fields}
        />
        <Field
          id="sync-page-size"
          label="Page size"
          value={pageSize}
          type="number"
          min={1}
          max={10_000}
          error={problems.value.pageSize}
          class="short"
        />
        <WideField
          id="sync-deletions"
          label="Deletions of tables"
          value={deletions}
          hint="Deletions are on record under a row's own table. Empty for the table itself; for a parent such as task, the tables whose rows it holds."
          error={problems.value.deletions}
        />
        <Select
          id="sync-every"
          label="Runs"
          value={every}
          options={SCHEDULES.map((minutes) => ({
            value: String(minutes),
            label: minutes === 0 ? "When you press Run" : `Every ${minutes} minutes`,
          }))}
          hint="Only while this tab is open and connected."
        />
      </div>
      <Checkbox id="sync-labels" label="Labels with the stored values" value={labels} />
      <div class="actions">
        <Button type="submit" kind="primary">
          {before ? "Save" : "Set up"}
        </Button>
        <Button onClick={close}>Cancel</Button>
      </div>
    </form>
  );
}

/** For a query or a list of names. */
function WideField(props: Omit<FieldProps, "mono" | "class">) {
  return <Field {...props} mono class="wide" />;
}

function agreedToBeginAgain({ table, environmentName }: Setup): Promise<boolean> {
  return ask({
    title: `Begin the copy of ${table} of ${environmentName} again?`,
    text: "It was read with another query, other fields or other values. The local copy is deleted, and the next run reads every row. Nothing changes on the instance.",
    yes: "Delete the copy and save",
    kind: "danger",
  });
}
