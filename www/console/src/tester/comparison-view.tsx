/** Two replies side by side, and the differences of their bodies by path. */
import { signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../kit/button";
import { CopyButton } from "../kit/copy-button";
import { Field } from "../kit/field";
import { Notice } from "../kit/notice";
import { duration, size } from "../number";
import type { Comparable } from "./compare-texts";
import {
  type ComparisonState,
  compareBodies,
  comparisonText,
  differenceWords,
  fieldNames,
  namedSides,
  type Side,
  valueText,
} from "./comparison";
import type { Change } from "./difference";
import type { Ended } from "./exchange";

/** Fields that differ between environments without a meaning. They stay as typed until the page is left. */
const ignored = signal("sys_updated_on, sys_mod_count");

export function ComparisonView({ state, cancel }: { state: ComparisonState; cancel: () => void }) {
  switch (state.phase) {
    case "none":
      return null;
    case "sending":
      return (
        <p class="comparison" role="status">
          Sending the request to {state.name}. <Button onClick={cancel}>Cancel</Button>
        </p>
      );
    case "problem":
      return (
        <div class="comparison">
          <Notice tone="error" alert>
            <b>Not compared.</b> {state.problem}
          </Notice>
        </div>
      );
    case "compared":
      return <Compared of={state.of} other={state.other} />;
  }
}

function Compared({ of, other }: { of: Ended; other: Side }) {
  const sides = useMemo(() => namedSides(of, other), [of, other]);
  const [found, setFound] = useState<Comparable | null>(null);
  const typed = ignored.value;
  useEffect(() => {
    const abort = new AbortController();
    const compare = () =>
      compareBodies(...sides, fieldNames(typed), { signal: abort.signal }).then(
        (now) => !abort.signal.aborted && setFound(now),
        () => undefined,
      );
    // Names are typed letter by letter.
    const timer = setTimeout(() => void compare(), TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [sides, typed]);
  return (
    <div class="comparison">
      <div class="comparison-head">
        <Sides sides={sides} />
        <div class="comparison-tools">
          <Field id="comparison-ignore" label="Fields to ignore" value={ignored} mono class="grow" />
          {found && "changes" in found && (
            <CopyButton label="Copy" text={() => comparisonText(of.line, sides, found)} />
          )}
        </div>
      </div>
      <p role="status">{found === null ? "Comparing…" : "problem" in found ? found.problem : differenceWords(found)}</p>
      {found && "changes" in found && found.changes.length > 0 && (
        <Changes changes={found.changes} names={[sides[0].name, sides[1].name]} />
      )}
    </div>
  );
}

function Sides({ sides }: { sides: readonly [Side, Side] }) {
  const row = (label: string, cell: (side: Side) => string) => (
    <tr>
      <th scope="row">{label}</th>
      {sides.map((side, index) => (
        <td key={index}>{cell(side)}</td>
      ))}
    </tr>
  );
  return (
    <table class="comparison-sides">
      <thead>
        <tr>
          <td />
          {sides.map(({ name }, index) => (
            <th key={index} scope="col" dir="auto">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {row("Status", ({ reply }) => (reply ? `${reply.status} ${reply.statusText}` : "No reply"))}
        {row("Time", ({ reply }) => (reply ? duration(reply.totalMs) : ""))}
        {row("Size", ({ reply }) => (reply ? size(reply.body.bytes) : ""))}
        {sides.some(({ failure }) => failure) && row("Failure", ({ failure }) => failure?.message ?? "")}
      </tbody>
    </table>
  );
}

function Changes({ changes, names }: { changes: readonly Change[]; names: readonly [string, string] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section class="comparison-changes" tabIndex={0} aria-label="Differences">
      <table>
        <thead>
          <tr>
            <th scope="col">Difference</th>
            <th scope="col">Path</th>
            {names.map((name, index) => (
              <th key={index} scope="col" dir="auto">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.path}>
              <td>{change.kind}</td>
              <td class="mono">{change.path}</td>
              <Value of={"before" in change ? { value: change.before } : null} />
              <Value of={"after" in change ? { value: change.after } : null} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ of }: { of: { value: unknown } | null }) {
  return of ? (
    <td class="mono" dir="auto">
      {valueText(of.value)}
    </td>
  ) : (
    <td class="quiet">(absent)</td>
  );
}

const TYPING_MS = 200;
