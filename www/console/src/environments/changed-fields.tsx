/** Fields with their old and new values. */
import { useSignal } from "@preact/signals";
import { Button } from "../kit/button";
import { TableHead } from "../kit/table-head";
import type { ChangedField } from "./guard";

export function ChangedFields({ changes }: { changes: readonly ChangedField[] }) {
  return (
    <table class="changed-fields">
      <TableHead columns={["Field", "Old", "New"]} />
      <tbody>
        {changes.map(({ name, title, from, to }, at) => (
          // A log may have a field twice in one write.
          <tr key={`${name} ${at}`}>
            <th scope="row">
              <bdi>{title}</bdi> {title !== name && <code>{name}</code>}
            </th>
            <td>
              <ShownValue text={from} />
            </td>
            <td>
              <ShownValue text={to} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A value of which a long text shows its beginning, and the whole of it on request: two values may differ at their ends. */
export function ShownValue({ text }: { text: string }) {
  const isWhole = useSignal(false);
  const isLong = text.length > MOST_CHARACTERS || text.split("\n", MOST_LINES + 1).length > MOST_LINES;
  if (!isLong) return <ValueText text={text} />;
  return (
    <>
      <ValueText text={text} isCut={!isWhole.value} />
      <Button
        small
        kind="link"
        aria-expanded={isWhole.value}
        onClick={() => {
          isWhole.value = !isWhole.value;
        }}
      >
        {isWhole.value ? "Show less" : "Show all"}
      </Button>
    </>
  );
}

const MOST_CHARACTERS = 120;
const MOST_LINES = 3;

/** The Table API does not tell an empty text from none. */
export function ValueText({ text, isCut = false }: { text: string; isCut?: boolean }) {
  return text === "" ? (
    <span class="quiet">(empty)</span>
  ) : (
    <span class={isCut ? "value-text cut" : "value-text"} dir="auto">
      {text}
    </span>
  );
}
