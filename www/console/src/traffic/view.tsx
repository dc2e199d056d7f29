/** What the connection in use does: four plots over one time, and the log below them. */
import "../style/traffic.css";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { ViewProps } from "../app/views";
import { Button } from "../kit/button";
import { Details } from "./details";
import { KINDS, type LogFilter, logOf } from "./log";
import { LogView } from "./log-view";
import { Plots, PlotTable } from "./plots";

const SPANS: readonly [minutes: number, label: string][] = [
  [1, "1 minute"],
  [5, "5 minutes"],
  [30, "30 minutes"],
];
const SAMPLED_EVERY_MS = 1_000;

export function View({ state, instance }: ViewProps) {
  const { recordings, environments } = state.workspace;
  const environment = environments.current.value;
  const id = environment?.id ?? "";
  const minutes = useSignal(5);
  /** While it stands still: the end of the shown time. */
  const stoppedAt = useSignal<number | null>(null);
  const now = useSignal(Date.now());
  const asTable = useSignal(false);
  const filter = useSignal<LogFilter>({ text: "", kinds: new Set(KINDS), problemsOnly: false });
  const chosen = useSignal("");
  const version = recordings.changed.value;

  useEffect(() => {
    if (!instance) return;
    const sample = () => {
      if (document.querySelector("#pane-traffic[hidden]")) return;
      recordings.sample(id, instance.status());
      now.value = Date.now();
    };
    sample();
    const timer = setInterval(sample, SAMPLED_EVERY_MS);
    return () => clearInterval(timer);
  }, [instance, id, recordings, now]);

  const until = stoppedAt.value ?? now.value;
  const length = minutes.value;
  const span = useMemo(() => ({ from: until - length * 60_000, until }), [until, length]);
  const recording = recordings.of(id);
  const rows = logOf(recording).filter(({ at }) => stoppedAt.value === null || at <= stoppedAt.value);
  const row = rows.find(({ key }) => key === chosen.value);
  if (!environment) return <p class="hint">Connect an environment to see its traffic.</p>;
  return (
    <div class="traffic">
      <div class="traffic-bar">
        <fieldset class="traffic-spans">
          <legend class="visually-hidden">Time that is shown</legend>
          {SPANS.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-pressed={length === value}
              onClick={() => {
                minutes.value = value;
              }}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <Button
          aria-pressed={stoppedAt.value !== null}
          onClick={() => {
            stoppedAt.value = stoppedAt.value === null ? now.value : null;
          }}
        >
          {stoppedAt.value === null ? "Stand still" : "Go on"}
        </Button>
        <Button
          aria-pressed={asTable.value}
          onClick={() => {
            asTable.value = !asTable.value;
          }}
        >
          {asTable.value ? "Show as plots" : "Show as a table"}
        </Button>
        <span class="grow" />
        <Button
          onClick={() => {
            recordings.clear(id);
            chosen.value = "";
          }}
        >
          Clear
        </Button>
      </div>
      {asTable.value ? (
        <PlotTable recording={recording} span={span} />
      ) : (
        <Plots recording={recording} version={version} span={span} />
      )}
      <div class={row ? "traffic-parts with-details" : "traffic-parts"}>
        <LogView rows={rows} dropped={recording.dropped} filter={filter} chosen={chosen} />
        {row && (
          <Details
            row={row}
            recording={recording}
            close={() => {
              chosen.value = "";
            }}
          />
        )}
      </div>
    </div>
  );
}
