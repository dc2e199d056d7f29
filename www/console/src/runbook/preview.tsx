/** A runbook on the screen and on paper: the sections as plain data, so that no text of a record is read as markup. */
import type { Runbook, RunbookBlock } from "sysparm/environments";
import { TableHead } from "../kit/table-head";

export function RunbookPreview({ book }: { book: Runbook }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by the keyboard
    <article class="runbook" aria-label="Preview" tabIndex={0}>
      <h3>{book.title}</h3>
      {book.sections.map(({ title, blocks }) => (
        <section key={title}>
          <h4>{title}</h4>
          {blocks.map((block, place) => (
            <Block key={place} block={block} />
          ))}
        </section>
      ))}
    </article>
  );
}

function Block({ block }: { block: RunbookBlock }) {
  if (block.kind === "text") return <p>{block.text}</p>;
  if (block.kind === "list") {
    const items = block.items.map((item, place) => <li key={place}>{item}</li>);
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  return (
    <table>
      <TableHead columns={block.head} />
      <tbody>
        {block.rows.map((row, place) => (
          <tr key={place}>
            {row.map((cell, column) => (
              <td key={column}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
