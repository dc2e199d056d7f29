/** What the dictionary says of one field, and its whole value. */
import type { FieldFact } from "./facts";

export function FieldDetails({ fact }: { fact: FieldFact }) {
  const { field, attributes, type, raw, shown } = fact;
  const rows: [string, string | undefined][] = [
    ["Type", [type, field?.maxLength && `${field.maxLength} characters`].filter(Boolean).join(", ")],
    ["Reference to", field?.reference],
    ["Declared in", field?.declaredIn],
    ["Application", field?.scope],
    ["Mandatory", field?.mandatory ? "yes, by the dictionary" : undefined],
    ["Read-only", field?.readOnly ? "yes, by the dictionary" : undefined],
    ["Default", field?.defaultValue],
    [
      "Overrides",
      field?.overridden &&
        Object.entries(field.overridden)
          .map(([what, by]) => `${what} by ${by}`)
          .join(", "),
    ],
    ["Attributes", attributes],
    ["Dictionary", field ? undefined : "tells nothing of this field"],
    ["Shown", (shown !== raw && shown) || undefined],
    ["Stored", raw ?? undefined],
  ];
  return (
    <>
      <dl class="facts">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} class="record-detail">
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
      </dl>
      {field?.choices && field.choices.length > 0 && (
        <div>
          <h3>Choices</h3>
          <ul class="record-choices">
            {field.choices.map(({ value, label, inactive, dependent }) => (
              <li key={`${value} ${dependent ?? ""}`}>
                <code>{value}</code> <bdi>{label}</bdi>
                {dependent && <small> where it depends on {dependent}</small>}
                {inactive && <small> no longer offered</small>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
