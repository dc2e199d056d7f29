/** A comparison: what differs side by side, by rank, and what is unknown. */
import { useSignal } from "@preact/signals";
import type { Comparison, Difference, Rank, UnknownFact } from "sysparm/environments";
import { inFileName, saveAs } from "../download";
import { Button } from "../kit/button";
import { CopyButton } from "../kit/copy-button";
import { Notice } from "../kit/notice";
import { plural } from "../number";
import type { Ended } from "./comparing";
import { joinedUnknown, oddValues, RANKS } from "./shown";

export function ComparisonReport({ ended }: { ended: Ended }) {
  const { comparison, markdown, inventories, failed } = ended;
  const { differences, unknown, compared } = comparison;
  const rank = useSignal<Rank | "all">("all");
  const shown = differences.filter((difference) => rank.value === "all" || difference.rank === rank.value);
  return (
    <section class="compare-report" aria-labelledby="compare-heading">
      <div class="report-head">
        <h2 id="compare-heading">
          {differences.length === 0 ? "No difference was found" : plural(differences.length, "difference")}
        </h2>
        <div class="actions">
          <CopyButton label="Copy as Markdown" text={markdown} />
          <Button icon="out" onClick={() => inventories.forEach(save)}>
            Save inventories
          </Button>
        </div>
      </div>
      <p class="hint">
        {plural(compared, "comparison")}; {plural(unknown.length, "fact")} unknown.
      </p>
      {failed.map((message) => (
        <Notice key={message} tone="warn">
          Not compared. {message}
        </Notice>
      ))}
      {differences.length > 0 && <Filter comparison={comparison} rank={rank} />}
      {shown.length > 0 && <DifferenceTable comparison={comparison} differences={shown} />}
      {unknown.length > 0 && <UnknownList unknown={unknown} />}
    </section>
  );
}

function save(inventory: Ended["inventories"][number]): void {
  saveAs(`${inFileName(inventory.name)}.json`, "application/json", [`${JSON.stringify(inventory, null, 2)}\n`]);
}

function Filter({ comparison, rank }: { comparison: Comparison; rank: { value: Rank | "all" } }) {
  const count = (one: Rank) => comparison.differences.filter((difference) => difference.rank === one).length;
  const all = { rank: "all" as const, label: "All", count: comparison.differences.length };
  const ranks = RANKS.map((one) => ({ ...one, count: count(one.rank) })).filter((one) => one.count > 0);
  return (
    <fieldset class="compare-filter">
      <legend class="visually-hidden">Shown differences</legend>
      {[all, ...ranks].map((one) => (
        <Button
          key={one.rank}
          small
          aria-pressed={rank.value === one.rank}
          onClick={() => {
            rank.value = one.rank;
          }}
        >
          {one.label} {one.count}
        </Button>
      ))}
    </fieldset>
  );
}

interface DifferenceTableProps {
  comparison: Comparison;
  differences: readonly Difference[];
}

function DifferenceTable({ comparison, differences }: DifferenceTableProps) {
  const names = comparison.environments.map(({ name }) => name);
  return (
    <table class="compare-table">
      <thead>
        <tr>
          <th scope="col">What differs</th>
          {names.map((name) => (
            <th key={name} scope="col">
              <bdi>{name}</bdi>
            </th>
          ))}
          <th scope="col">What to do</th>
        </tr>
      </thead>
      {RANKS.map(({ rank, label }) => {
        const found = differences.filter((difference) => difference.rank === rank);
        if (found.length === 0) return null;
        return (
          <tbody key={rank} data-rank={rank}>
            <tr class="compare-rank">
              <th scope="rowgroup" colSpan={names.length + 2}>
                {label}
              </th>
            </tr>
            {found.map((difference) => (
              <DifferenceRow key={difference.part + difference.what} difference={difference} names={names} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}

function DifferenceRow({ difference, names }: { difference: Difference; names: readonly string[] }) {
  const { what, why, fix, values } = difference;
  const odd = oddValues(values);
  return (
    <tr>
      <th scope="row">
        <span class="compare-what">{what}</span>
        <small>{why}</small>
      </th>
      {names.map((name) => {
        const value = values[name];
        return (
          <td key={name} data-environment={name} class={odd.has(name) ? "odd" : undefined}>
            {value === null || value === undefined ? <em>not read</em> : <bdi>{value}</bdi>}
          </td>
        );
      })}
      <td data-environment="What to do">{fix}</td>
    </tr>
  );
}

function UnknownList({ unknown }: { unknown: readonly UnknownFact[] }) {
  return (
    <details class="compare-unknown">
      <summary>Unknown: {plural(unknown.length, "fact")}</summary>
      <p class="hint">Not compared: each may be equal, or not.</p>
      <ul>
        {joinedUnknown(unknown).map(({ what, because, environments }) => (
          <li key={what + because}>
            <strong>{what}</strong> in {environments.join(", ")}: {because}
          </li>
        ))}
      </ul>
    </details>
  );
}
