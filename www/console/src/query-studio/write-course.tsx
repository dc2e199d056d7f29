/** The rows that were found for a write, and what became of it. */
import { Notice } from "../kit/notice";
import { plural } from "../number";
import { labelOf } from "../schema/fields";
import { RowTable } from "./row-table";
import type { Studio } from "./studio";
import type { WriteState } from "./write";
import { choiceOf } from "./write-fields";

type Asking = Extract<WriteState, { phase: "asking" }>;

export function Found({ asking, studio, isProd }: { asking: Asking; studio: Studio; isProd: boolean }) {
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

/** Messages of single rows that are shown. */
const MOST = 5;

export function Course({ now }: { now: WriteState }) {
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
