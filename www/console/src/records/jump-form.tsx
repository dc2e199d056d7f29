/** The text that names a record, and what became of the search for it. */
import { FailureView } from "../failure/view";
import { Button } from "../kit/button";
import { Field } from "../kit/field";
import { Notice } from "../kit/notice";
import { count } from "../number";
import { missedWords, type Records } from "./records";

interface JumpFormProps {
  records: Records;
  /** The table that is likeliest for a sys_id alone. */
  likely: string;
  connected: boolean;
}

export function JumpForm({ records, likely, connected }: JumpFormProps) {
  const search = records.search.value;
  const searching = search.phase === "searching";

  function submit(event: Event): void {
    event.preventDefault();
    if (searching) records.cancel();
    else if (connected) records.jump(likely);
  }

  return (
    <form class="record-jump" onSubmit={submit}>
      <div class="fields">
        <Field
          id="record-key"
          label="Number, sys_id or address of a record"
          value={records.typed}
          mono
          disabled={searching}
          placeholder="INC0010001"
          hint="“sys_user 46d4…” looks in that table first."
          error={search.phase === "refused" ? search.why : undefined}
          class="wide"
        />
        <div class="actions">
          <Button
            type="submit"
            kind={searching ? "plain" : "primary"}
            disabledReason={connected ? undefined : "Connect the environment first."}
          >
            {searching ? "Cancel" : "Open"}
          </Button>
        </div>
      </div>
      <p class="record-search hint" role="status">
        {searching && searchWords(search)}
      </p>
      {search.phase === "missed" && <Missed records={records} search={search} />}
      {search.phase === "failed" && <FailureView failure={search.failure} heading="The record was not looked up" />}
    </form>
  );
}

function searchWords({ searched, of }: { searched: number; of: number }): string {
  return of === 0 ? "Looking where it is likeliest" : `Asked ${count(searched)} of ${count(of)} tables`;
}

type MissedSearch = Extract<Records["search"]["value"], { phase: "missed" }>;

function Missed({ records, search }: { records: Records; search: MissedSearch }) {
  const { wanted, everywhere } = search;
  return (
    <Notice
      tone="warn"
      alert
      actions={
        !everywhere && (
          <Button small onClick={() => records.findEverywhere(wanted)}>
            Search every table
          </Button>
        )
      }
    >
      <bdi class="mono">{wanted.key}</bdi> {missedWords(search)}
    </Notice>
  );
}
