/** The list of syncs: per table the last run, rows here and there, hidden, deleted, rate, checkpoint and the next step. */
import { ask } from "../kit/ask";
import { Button } from "../kit/button";
import { Icon, type IconName } from "../kit/icon";
import { Menu } from "../kit/menu";
import type { Tone } from "../kit/notice";
import { TableHead } from "../kit/table-head";
import { count, plural } from "../number";
import { downloadSink } from "../tables/export/sink";
import { type Format, TYPES, tableParts } from "./exporting";
import type { Setup } from "./setup";
import type { Syncing } from "./syncing";
import { checkpointWords, deletedWords, hiddenRows, nextStep, progressWords, rateWords, stateWords } from "./words";

interface SyncTableProps {
  syncing: Syncing;
  isConnected: boolean;
  /** Shows the form with what is set up. */
  change: (setup: Setup) => void;
}

const HEADS = ["Table", "State", "Here", "There", "Hidden", "Deleted", "Rate", "Changes until", "Next step"];

export function SyncTable({ syncing, ...props }: SyncTableProps) {
  return (
    <table class="sync-table">
      <TableHead columns={HEADS} />
      <tbody>
        {syncing.setups.value.map((setup) => (
          <SyncRow key={setup.id} syncing={syncing} setup={setup} {...props} />
        ))}
      </tbody>
    </table>
  );
}

const ICONS: Record<Tone, IconName> = { info: "sync", ok: "check", warn: "warn", error: "close" };

function SyncRow({ syncing, setup, isConnected, change }: SyncTableProps & { setup: Setup }) {
  const status = syncing.copies.value?.find(({ table }) => table === setup.table);
  const running = syncing.live.value.get(setup.id);
  const run = running ? running.record : status?.run;
  const facts = {
    isKnown: syncing.copies.value !== undefined,
    status,
    live: running && (running.record ?? undefined),
    isRunning: running !== undefined,
    elsewhere: syncing.elsewhere.value.has(setup.id),
  };
  const { tone, state, note } = stateWords(facts);
  const isShownAbove = syncing.problem.value?.table === setup.table;
  const hidden = running ? (running.record?.progress?.hidden ?? null) : hiddenRows(status);
  const deleted = deletedWords(run);
  const rows = running?.rows ?? status?.rows;
  const there = running ? running.record?.progress?.total : status?.run?.there;
  return (
    <tr data-table={setup.table} data-state={state}>
      <th scope="row">
        <span class="sync-name">{setup.table}</span>
        <small class="mono">{setup.query || "all rows"}</small>
        {setup.every > 0 && <small>every {setup.every} minutes while this tab is open</small>}
      </th>
      <td data-head="State">
        <span class={tone === "none" ? "tag" : `tag ${tone}`}>
          {tone !== "none" && <Icon name={ICONS[tone]} />}
          {state}
        </span>
        {running && <Progress {...running} />}
        {run && !running && <small>{new Date(run.at).toLocaleString("en-GB")}</small>}
        {note && !isShownAbove && <small>{note}</small>}
      </td>
      <td data-head="Here" class="figure">
        {rows === undefined || rows === null ? "–" : count(rows)}
      </td>
      <td data-head={running ? "In this run" : "There"} class="figure">
        {there === undefined || there === null ? "–" : count(there)}
        {running && there !== null && there !== undefined && <small>in this run</small>}
      </td>
      <td data-head="Hidden" class="figure" title="Rows that the source counts and the copy lacks">
        {hidden === null ? "–" : count(hidden)}
      </td>
      <td data-head="Deleted" class="figure" title={deleted.why || undefined}>
        {deleted.text}
      </td>
      <td data-head="Rate" class="figure">
        {rateWords(run)}
      </td>
      <td data-head="Changes until" class="figure">
        {checkpointWords(status)}
      </td>
      <td class="sync-actions">
        <NextStep {...{ syncing, setup, isConnected }} step={nextStep(facts)} />
        <RowMenu {...{ syncing, setup, change }} isRunning={running !== undefined} />
      </td>
    </tr>
  );
}

function Progress({ record }: { record: Parameters<typeof progressWords>[0] | null }) {
  const { total = null, passed = 0 } = record?.progress ?? {};
  return (
    <progress
      aria-label={record ? progressWords(record) : "Starting"}
      {...(total === null ? {} : { value: passed, max: Math.max(1, total) })}
    />
  );
}

interface NextStepProps extends Pick<SyncTableProps, "syncing" | "isConnected"> {
  setup: Setup;
  step: ReturnType<typeof nextStep>;
}

function NextStep({ syncing, setup, isConnected, step }: NextStepProps) {
  const label = `${step} ${setup.table}`;
  if (step === "Cancel") {
    return (
      <Button small aria-label={label} onClick={() => syncing.live.value.get(setup.id)?.cancel()}>
        Cancel
      </Button>
    );
  }
  const reason = step === "Wait" ? "Another tab of this browser runs it." : isConnected ? undefined : "Connect first.";
  return (
    <Button small icon="play" aria-label={label} disabledReason={reason} onClick={() => void syncing.run(setup)}>
      {step === "Wait" ? "Run" : step}
    </Button>
  );
}

interface RowMenuProps extends Pick<SyncTableProps, "syncing" | "change"> {
  setup: Setup;
  isRunning: boolean;
}

function RowMenu({ syncing, setup, change, isRunning }: RowMenuProps) {
  const { table } = setup;
  const status = syncing.copies.value?.find((copy) => copy.table === table);

  async function save(format: Format): Promise<void> {
    if (!status) return;
    await syncing.doing(setup, async () => {
      const sink = downloadSink(`${table}.${format}`, TYPES[format]);
      for await (const part of tableParts(syncing.ask, setup.environment, status, format)) await sink.write(part);
      await sink.close();
    });
  }

  async function deleteCopy(removes: boolean): Promise<void> {
    const rows = status ? plural(status.rows, "row") : "No row";
    const agreed = await ask({
      title: removes ? `Remove the sync of ${table}, and its local copy?` : `Delete the local copy of ${table}?`,
      text: `${rows} of ${setup.environmentName} ${status?.rows === 1 ? "is" : "are"} deleted from this browser. ${removes ? "" : "The next run reads every row again. "}Nothing changes on the instance.`,
      yes: removes ? "Remove the sync" : "Delete the copy",
      kind: "danger",
    });
    if (agreed) await (removes ? syncing.remove(setup) : syncing.dropCopy(setup));
  }

  const none = !status;
  return (
    <Menu
      label={`More for ${table}`}
      items={[
        { id: "change", label: "Change…", disabled: isRunning, run: () => change(setup) },
        "line",
        { id: "csv", label: "Save as CSV", icon: "out", disabled: none, run: () => void save("csv") },
        { id: "ndjson", label: "Save as NDJSON", icon: "out", disabled: none, run: () => void save("ndjson") },
        "line",
        {
          id: "delete",
          label: "Delete the copy…",
          danger: true,
          disabled: none || isRunning,
          run: () => void deleteCopy(false),
        },
        {
          id: "remove",
          label: "Remove the sync…",
          danger: true,
          disabled: isRunning,
          run: () => void deleteCopy(true),
        },
      ]}
    />
  );
}
