/** Renewals and failures, each explained, and the tokens of this page one after the other. */
import { useSignal } from "@preact/signals";
import type { SysparmEvent } from "sysparm";
import type { Recording } from "../activity/recording";
import { FailureView } from "../failure/view";
import { repeatWords } from "../failure/words";
import { Button } from "../kit/button";
import { Icon } from "../kit/icon";
import { plural } from "../number";
import { type HistoryRow, historyOf, spansOf, spansWords } from "./history";
import { time } from "./life-view";

export function PastLine({ events, now }: { events: readonly SysparmEvent[]; now: number }) {
  const spans = spansOf(events, now);
  const [first] = spans;
  if (!first) return null;
  const failures = events.filter(({ type }) => type === "token.failed");
  const whole = Math.max(1, now - first.from);
  const title = `${plural(spans.length, "token")} since ${time(first.from)}: ${spansWords(spans, failures.length)}`;
  return (
    <section class="token-past" aria-label="Tokens of this page">
      <h2>{title}</h2>
      <div class="past-track" role="img" aria-label={title}>
        {spans.map(({ from, until, isNow }) => (
          <i
            key={from}
            class={isNow ? "current" : ""}
            style={{ left: `${((from - first.from) / whole) * 100}%`, width: `${((until - from) / whole) * 100}%` }}
          />
        ))}
        {failures.map(({ at }) => (
          <i key={`failed ${at}`} class="failed" style={{ left: `${((at - first.from) / whole) * 100}%` }} />
        ))}
      </div>
    </section>
  );
}

const SHOWN = 8;

export function HistoryCard({ recording }: { recording: Pick<Recording, "events" | "exchanges"> }) {
  const all = useSignal(false);
  const rows = historyOf(recording);
  const shown = all.value ? rows : rows.slice(0, SHOWN);
  return (
    <section class="card" aria-label="Renewals">
      <header>
        <h2>Renewals</h2>
        <span class="quiet">since this page was opened</span>
      </header>
      {rows.length === 0 && <p class="hint">No token was asked for yet.</p>}
      <ul class="token-history">
        {shown.map((row) => (
          <Row key={`${row.at} ${row.words}`} row={row} />
        ))}
      </ul>
      {rows.length > SHOWN && (
        <Button
          kind="link"
          onClick={() => {
            all.value = !all.value;
          }}
        >
          {all.value ? "Show the latest" : `Show all ${rows.length}`}
        </Button>
      )}
    </section>
  );
}

const ICONS = { ok: "check", warn: "warn", error: "close", info: "info" } as const;

function Row({ row: { at, tone, words, failure } }: { row: HistoryRow }) {
  const open = useSignal(false);
  return (
    <li data-tone={tone}>
      <Icon name={ICONS[tone]} class={`tone-${tone}`} />
      <time dateTime={new Date(at).toISOString()}>{time(at)}</time>
      <span class="grow">{words}</span>
      {failure && (
        <Button
          kind="link"
          small
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          Why?
        </Button>
      )}
      {failure && open.value && (
        <FailureView
          heading={failure.diagnosis.title ?? "The request for a token failed"}
          failure={{ ...failure, repeat: repeatWords(failure.diagnosis.retry) }}
        />
      )}
    </li>
  );
}
