/** What became of a save: done, kept otherwise, overtaken, refused because the record was changed, not known, or not known after a look. */
import { ShownValue } from "../environments/changed-fields";
import { FailureView } from "../failure/view";
import { Button } from "../kit/button";
import { Notice } from "../kit/notice";
import { TableHead } from "../kit/table-head";
import { plural } from "../number";
import type { Conflict } from "./changes";
import type { OpenRecord } from "./record";

export function SavedNotice({ record }: { record: OpenRecord }) {
  const saved = record.saved.value;
  if (!saved) return null;
  const look = (
    <Button small onClick={() => void record.load()}>
      Look
    </Button>
  );
  switch (saved.outcome) {
    case "done":
      return (
        <>
          <Notice tone="ok">
            <span role="status">{plural(saved.changes.length, "change")} saved.</span>
          </Notice>
          {saved.overtaken && (
            <Notice tone="warn">
              The record was changed by somebody else, or by a rule, at the same time. Both changes were made.
            </Notice>
          )}
          {saved.notKept.length > 0 && (
            <Notice tone="warn">
              The instance has not kept every value as it was sent.
              <Values conflicts={saved.notKept} heads={["Sent", "Stored"]} mine="to" />
            </Notice>
          )}
        </>
      );
    case "changed":
      return (
        <Notice tone="warn" alert>
          Nothing was saved: the record was changed meanwhile.{" "}
          {saved.conflicts.length === 0
            ? "None of your fields was changed. Save again to send them."
            : "Saving again replaces these values."}
          {saved.conflicts.length > 0 && (
            <Values conflicts={saved.conflicts} heads={["When you began", "Now", "Yours"]} mine="from" />
          )}
        </Notice>
      );
    case "unknown":
      return (
        <>
          <Notice tone="warn" alert actions={look}>
            It may have been saved: no answer came.
          </Notice>
          <FailureView failure={saved.failure} heading="The outcome is not known" />
        </>
      );
    case "looked":
      return (
        <Notice tone="warn" alert>
          The record was changed since, by this save or by others. Look in its journal whether your{" "}
          {saved.entries.length === 1 ? "entry is" : "entries are"} there, and undo what is: saving again would add it
          twice.
        </Notice>
      );
    case "failed":
      return <FailureView failure={saved.failure} heading="Nothing was saved" />;
  }
}

interface ValuesProps {
  conflicts: readonly Conflict[];
  heads: readonly string[];
  /** The first column. */
  mine: "from" | "to";
}

function Values({ conflicts, heads, mine }: ValuesProps) {
  return (
    <table class="changed-fields">
      <TableHead columns={["Field", ...heads]} />
      <tbody>
        {conflicts.map((conflict) => (
          <tr key={conflict.name}>
            <th scope="row">
              <bdi>{conflict.title}</bdi>
            </th>
            {[conflict[mine], conflict.now, ...(mine === "from" ? [conflict.to] : [])].map((text, at) => (
              <td key={heads[at]}>
                <ShownValue text={text} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
