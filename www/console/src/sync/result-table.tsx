/** The rows of a result, a hundred at a time. */
import { useSignal } from "@preact/signals";
import { Button } from "../kit/button";
import { TableHead } from "../kit/table-head";
import { count } from "../number";
import type { QueryResult } from "./copy/model";

const ROWS_A_PAGE = 100;
const LONGEST_CELL = 200;

export function ResultTable({ result }: { result: QueryResult }) {
  const page = useSignal({ of: result, at: 0 });
  // Another result begins with its first page.
  const at = page.value.of === result ? page.value.at : 0;
  const { columns, rows } = result;
  const shown = rows.slice(at, at + ROWS_A_PAGE);
  const go = (to: number) => {
    page.value = { of: result, at: to };
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="sync-result" tabIndex={0} aria-label="Result">
        <table>
          <TableHead columns={columns} />
          <tbody>
            {shown.map((row, index) => (
              <tr key={at + index}>
                {row.map((value, column) => (
                  <td key={columns[column]} dir="auto" title={isLong(value) ? value : undefined}>
                    {value === null ? <span class="quiet-text">(none)</span> : value.slice(0, LONGEST_CELL)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > ROWS_A_PAGE && (
        <div class="actions">
          <Button small disabled={at === 0} onClick={() => go(at - ROWS_A_PAGE)}>
            Previous rows
          </Button>
          <span class="hint">
            Rows {count(at + 1)} to {count(at + shown.length)} of {count(rows.length)}
          </span>
          <Button small disabled={at + ROWS_A_PAGE >= rows.length} onClick={() => go(at + ROWS_A_PAGE)}>
            Next rows
          </Button>
        </div>
      )}
    </>
  );
}

function isLong(value: string | null): value is string {
  return value !== null && value.length > LONGEST_CELL;
}
