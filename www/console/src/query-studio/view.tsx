import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { address, go } from "../app/address";
import { registerCommands } from "../app/commands";
import type { ConsoleState } from "../app/state";
import type { ViewProps } from "../app/views";
import { knownOf } from "../schema/page";
import { loadQueries } from "../schema/schemas";
import { workspaceHost } from "../tester/host";
import { StudioPane } from "./pane";
import { createSavedQueries } from "./saved";
import { createStudio, type Studio } from "./studio";
import { createWriting } from "./write";

export interface Opened {
  studio: Studio;
  writing: ReturnType<typeof createWriting>;
}

let opening: Promise<Opened> | undefined;

/** One for the page. */
function openedOf(state: ConsoleState): Promise<Opened> {
  opening ??= open(state).catch((thrown: unknown) => {
    opening = undefined;
    throw thrown;
  });
  return opening;
}

async function open({ workspace, onDisconnect }: ConsoleState): Promise<Opened> {
  const queries = await loadQueries();
  const host = workspaceHost(workspace);
  const saved = createSavedQueries(workspace.store);
  const studio = createStudio(queries, () => knownOf(host), saved);
  const writing = createWriting();
  const leave = () => {
    studio.run.clear();
    writing.cancel();
  };
  onDisconnect(leave);
  // What one environment has answered is not shown for another.
  effect(() => {
    void workspace.environments.currentId.value;
    leave();
  });
  registerCommands(() =>
    saved.list.value.map((query) => ({
      id: `studio.saved.${query.id}`,
      label: `Open the query “${query.name}”`,
      group: "Queries",
      icon: "query",
      note: query.table,
      run: () => {
        // The address may be that of the query already.
        studio.open(query);
        go("query", "saved", query.id);
      },
    })),
  );
  return { studio, writing };
}

export function View({ state, parts }: ViewProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [failed, setFailed] = useState(false);
  const shown = address.value.view === "query";

  useEffect(() => {
    if (failed) return;
    openedOf(state).then(setOpened, () => setFailed(true));
  }, [state, failed]);

  // Another tab or an import may have added some. They cannot be read where the database was closed: a notice of the store says so.
  useEffect(() => {
    if (shown) opened?.studio.saved.load().catch(() => undefined);
  }, [shown, opened]);

  const place = parts.join("/");
  useEffect(() => {
    if (opened && shown) take(opened.studio, parts).catch(() => undefined);
    // Not when the view is shown again: what was changed since stays.
  }, [opened, place]);

  if (failed) {
    return (
      <p class="notice error" role="alert">
        The module of queries could not be loaded from {location.host}. Nothing was changed.{" "}
        <button type="button" onClick={() => setFailed(false)}>
          Load it again
        </button>
      </p>
    );
  }
  return opened ? <StudioPane {...opened} state={state} /> : <p class="hint">Loading the module of queries…</p>;
}

/** `#/query/incident` sets the table, `#/query/saved/<id>` opens a saved query. */
async function take(studio: Studio, [first = "", id]: readonly string[]): Promise<void> {
  if (first === "saved" && id !== undefined) {
    await studio.saved.load();
    const found = studio.saved.find(id);
    if (!found)
      studio.refused.value = "This address is of a saved query that is not on this device. Choose one under Saved.";
    else if (studio.savedId.value !== id) studio.open(found);
  } else if (first !== "") studio.setTable(first);
}
