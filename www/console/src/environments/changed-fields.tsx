/** Fields with their old and new values. */
import type { ChangedField } from "./guard";

export function ChangedFields({ changes }: { changes: readonly ChangedField[] }) {
  return (
    <table class="changed-fields">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Old</th>
          <th scope="col">New</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ title, from, to }, at) => (
          // Two fields may have one label.
          <tr key={at}>
            <th scope="row">
              <bdi>{title}</bdi>
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

/** The Table API does not tell an empty text from none. */
export function ShownValue({ text }: { text: string }) {
  return text === "" ? (
    <span class="quiet">(empty)</span>
  ) : (
    <span class="value-text" dir="auto">
      {text}
    </span>
  );
}
