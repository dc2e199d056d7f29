/** Syncs of the environment in use: local copies of tables, what they hold, and SQL on them, also without a network. */
import "../style/sync.css";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { ViewProps } from "../app/views";
import { Button } from "../kit/button";
import { Empty } from "../kit/notice";
import { askCopies } from "./copy/copies";
import { OfflineQuery } from "./offline-query";
import { ProblemNotice } from "./problem-notice";
import type { Setup } from "./setup";
import { SetupForm } from "./setup-form";
import { LeftOver, StorageLine } from "./storage-line";
import { SyncTable } from "./sync-table";
import { createSyncing, type Syncing } from "./syncing";

/** What the form is about: a new setup, or one that is changed. */
export type Edited = Setup | "new" | null;

export function View({ state }: ViewProps) {
  const { environments, connections } = state.workspace;
  const syncing = useMemo(() => {
    const made = createSyncing(state.workspace, askCopies);
    state.onDisconnect(made.cancelAll);
    return made;
  }, [state]);
  const edited = useSignal<Edited>(null);
  useLooking(syncing, environments.currentId.value);
  // What is typed is about the environment in which the form was opened.
  useEffect(() => {
    edited.value = null;
  }, [edited, environments.currentId.value]);

  const environment = environments.current.value;
  const setups = syncing.setups.value;
  const isConnected = connections.current.value.name === "open";
  if (!environment) {
    return (
      <>
        <Empty icon="sync" title="No environment is in use">
          Choose an environment at the top. Its copies of tables appear here.
        </Empty>
        <LeftOver syncing={syncing} />
      </>
    );
  }
  return (
    <div class="sync">
      <p class="hint">
        A copy of a table in this browser. The first run reads all rows that you may read, later ones what has changed.
        A run whose tab is closed goes on behind the last page that was stored.
      </p>
      <ProblemNotice syncing={syncing} />
      {setups.length > 0 ? (
        <SyncTable
          syncing={syncing}
          isConnected={isConnected}
          change={(setup) => {
            edited.value = setup;
          }}
        />
      ) : (
        edited.value === null && (
          <Empty icon="sync" title="No table is copied yet" action={<SetUpButton kind="primary" edited={edited} />}>
            Set a sync up: the table, which of its rows, and which fields.
          </Empty>
        )
      )}
      {edited.value !== null && (
        <SetupForm
          key={edited.value === "new" ? "" : edited.value.id}
          {...{ syncing, environment }}
          before={edited.value === "new" ? undefined : edited.value}
          close={() => {
            edited.value = null;
          }}
        />
      )}
      {setups.length > 0 && edited.value === null && (
        <div class="actions">
          <Button
            kind="primary"
            icon="sync"
            disabledReason={isConnected ? undefined : "Connect first."}
            onClick={() => setups.forEach((setup) => void syncing.run(setup))}
          >
            Run all
          </Button>
          <SetUpButton edited={edited} />
        </div>
      )}
      {(syncing.copies.value ?? []).length > 0 && <OfflineQuery syncing={syncing} environment={environment} />}
      <StorageLine syncing={syncing} environment={environment} />
      <LeftOver syncing={syncing} />
    </div>
  );
}

function SetUpButton({ edited, kind }: { edited: { value: Edited }; kind?: "primary" }) {
  return (
    <Button
      {...(kind && { kind })}
      icon="plus"
      onClick={() => {
        edited.value = "new";
      }}
    >
      Set up a sync
    </Button>
  );
}

/** Reads what there is when the view opens, when the environment changes and when the person comes back to the tab. */
function useLooking(syncing: Syncing, environment: string): void {
  useEffect(() => void syncing.refresh(), [syncing, environment]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void syncing.refresh();
    };
    document.addEventListener("visibilitychange", look);
    const watching = setInterval(() => void watchTabs(syncing), WATCH_MS);
    const schedule = setInterval(() => syncing.runDue(Date.now()), SCHEDULE_MS);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearInterval(watching);
      clearInterval(schedule);
    };
  }, [syncing]);
}

/** While another tab runs something, what it has stored is read now and then, and once when it has ended. */
async function watchTabs(syncing: Syncing): Promise<void> {
  if (document.visibilityState !== "visible") return;
  const before = syncing.elsewhere.value.size;
  await syncing.lookForTabs();
  if (before + syncing.elsewhere.value.size > 0) await syncing.refresh();
}

const WATCH_MS = 2_000;
const SCHEDULE_MS = 10_000;
