/** How the columns of a file go into the fields of a table. */
import type { Signal } from "@preact/signals";
import { Button } from "../../kit/button";
import { Checkbox, Field, Select } from "../../kit/field";
import { TableHead } from "../../kit/table-head";
import type { CsvFile } from "./csv-file";
import type { Importing, Way } from "./importing";

export function Choices({ importing, file }: { importing: Importing; file: CsvFile }) {
  const { way, table, mapping, key, labels, clears, fields } = importing;
  const names = Object.keys(fields.value).sort((a, b) => a.localeCompare(b));
  const options = [
    { value: "", label: "(left out)" },
    ...names.map((name) => ({ value: name, label: labelled(name, fields.value[name]?.label) })),
  ];
  const keys = [...new Set([...(file.columns.includes("sys_id") ? ["sys_id"] : []), ...mapping.value])].filter(Boolean);
  const first = file.rows[0] ?? [];
  return (
    <div class="import-choices" onChange={importing.change}>
      <div class="fields">
        <Select
          id="import-way"
          label="By"
          value={way as Signal<string>}
          options={[
            { value: "table" satisfies Way, label: "Table API" },
            { value: "import-set" satisfies Way, label: "Import set" },
          ]}
        />
        <Field
          id="import-table"
          label={way.value === "table" ? "Table" : "Staging table"}
          value={table}
          mono
          onEnter={() => void importing.readFields()}
        />
        <Button class="import-read" onClick={() => void importing.readFields()}>
          Read its fields
        </Button>
        {way.value === "table" && (
          <Select
            id="import-key"
            label="Records are found by"
            value={key}
            options={[
              { value: "", label: "(every row is a new record)" },
              ...keys.map((name) => ({ value: name, label: labelled(name, fields.value[name]?.label) })),
            ]}
          />
        )}
      </div>
      {way.value === "table" && (
        <div class="choice">
          <Checkbox
            id="import-labels"
            label="The file has labels (names of references and choices), not raw values"
            value={labels}
          />
          <Checkbox id="import-clears" label="Empty cells empty the field" value={clears} />
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="import-table" tabIndex={0} aria-label="Columns of the file">
        <table>
          <TableHead columns={["Column of the file", "First row", "Goes into"]} />
          <tbody>
            {file.columns.map((column, place) => (
              <tr key={column}>
                <td dir="auto">{column}</td>
                <td dir="auto">{(first[place] ?? "").slice(0, 80) || <span class="absent">(empty)</span>}</td>
                <td>
                  <select
                    aria-label={`Field of ${column}`}
                    value={mapping.value[place] ?? ""}
                    onChange={(event) => importing.map(place, event.currentTarget.value)}
                  >
                    {options.map(({ value, label }) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div class="actions">
        <Button
          kind={importing.phase.value.name === "mapping" ? "primary" : "plain"}
          onClick={() => void importing.dryRun()}
        >
          Dry run
        </Button>
        <span class="hint">Reads what is there and says what would be done with each row. Nothing is written.</span>
      </div>
    </div>
  );
}

function labelled(name: string, label: string | undefined): string {
  return label ? `${label} (${name})` : name;
}
