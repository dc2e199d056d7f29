/** The page: top bar, navigation, the view that the address names, status bar. Only views scroll, never the page. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { EnvironmentForm } from "../environments/form/form";
import { KeepingNotices } from "../environments/keeping-notices";
import { WriteDialog } from "../environments/write-dialog";
import { address, addressOf } from "./address";
import { Navigation } from "./navigation";
import { Overlays } from "./overlays";
import { registerOwnCommands } from "./own-commands";
import { listenToKeys } from "./shortcuts";
import type { ConsoleState } from "./state";
import { StatusBar } from "./status-bar";
import { TopBar } from "./top-bar";
import { ViewHost } from "./view-host";
import { viewById, views } from "./views";

export function Frame({ state }: { state: ConsoleState }) {
  const { workspace, editor } = state;
  const instance = workspace.connections.currentInstance.value;
  const everConnected = useSignal(false);
  const drawer = useSignal(false);
  const main = useRef<HTMLElement>(null);
  const { view, parts } = address.value;
  const connecting = !instance && !viewById(view)?.withoutInstance;

  // Before the next effect, which reads from the environment that was switched to.
  useEffect(() => workspace.environments.currentId.subscribe(() => state.reader.clear()), [workspace, state]);

  useEffect(() => {
    if (instance) {
      everConnected.value = true;
      void state.reader.read(instance);
      // The focused form has been removed.
      requestAnimationFrame(() => main.current?.querySelector<HTMLElement>(".view:not([hidden]) > h1")?.focus());
    } else if (everConnected.value) {
      main.current?.querySelector<HTMLElement>("#connection-heading")?.focus();
    }
  }, [instance, state, everConnected]);

  const opening = workspace.connections.current.value.name === "opening";
  useEffect(() => {
    // While the token is obtained: the view's code is then there with its first rows.
    if (opening)
      viewById(view)
        ?.load()
        .catch(() => undefined);
  }, [opening, view]);

  useEffect(() => {
    const chooseEnvironment = (index: number) => {
      const wanted = workspace.environments.list.value[index];
      if (wanted) void workspace.environments.select(wanted.id);
    };
    const stops = [listenToKeys(chooseEnvironment), registerOwnCommands()];
    return () => {
      for (const stop of stops) stop();
    };
  }, [workspace]);

  useEffect(() => {
    document.title = `${viewById(view)?.label ?? ""} - sysparm console`;
  }, [view]);

  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a link within the page, but the page's address names a view and stays. */}
      <a
        class="skip"
        href="#view"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the view
      </a>
      <TopBar
        state={state}
        openNavigation={() => {
          drawer.value = true;
        }}
      />
      <Navigation
        open={drawer.value}
        close={() => {
          drawer.value = false;
        }}
      />
      <main id="view" ref={main} tabIndex={-1}>
        <KeepingNotices workspace={workspace} />
        {connecting && (
          <div class="connecting">
            <EnvironmentForm workspace={workspace} editor={editor} />
            <p class="doctor-link">
              <a href={addressOf("doctor")}>Cannot connect? Run the doctor.</a>
            </p>
          </div>
        )}
        {views.map((entry) => (
          <ViewHost
            key={entry.id}
            view={entry}
            shown={view === entry.id && (instance !== null || everConnected.value || entry.withoutInstance === true)}
            state={state}
            instance={instance}
            parts={parts}
          />
        ))}
      </main>
      <StatusBar state={state} />
      <WriteDialog guard={workspace.guard} />
      <Overlays state={state} />
    </>
  );
}
