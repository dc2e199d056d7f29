/** The bar along the top: which environment is in use, and what belongs to the whole page. */
import { EnvironmentSwitcher } from "../environments/switcher";
import { Icon } from "../kit/icon";
import { go } from "./address";
import { preferences, setPreference, THEMES } from "./preferences";
import { overlay } from "./shortcuts";
import type { ConsoleState } from "./state";

export function TopBar({ state, openNavigation }: { state: ConsoleState; openNavigation: () => void }) {
  return (
    <header class="top-bar">
      <button type="button" class="quiet icon-only only-narrow" aria-label="Open navigation" onClick={openNavigation}>
        <Icon name="bars" />
      </button>
      <span class="brand">sysparm</span>
      <EnvironmentSwitcher
        workspace={state.workspace}
        add={() => {
          state.editor.begin();
          go("environments");
        }}
        manage={() => {
          state.editor.begin(state.workspace.environments.current.value);
          go("environments");
        }}
      />
      {state.workspace.connections.currentInstance.value && (
        <button type="button" class="quiet disconnect" onClick={() => disconnect(state)}>
          Disconnect
        </button>
      )}
      <span class="grow" />
      <button
        type="button"
        class="find"
        aria-label="Search or run a command"
        aria-keyshortcuts="Control+K"
        onClick={() => {
          overlay.value = "palette";
        }}
      >
        <Icon name="search" />
        <span class="grow">View or command</span>
        <kbd>Ctrl K</kbd>
      </button>
      <ThemeButton />
    </header>
  );
}

/** Rows of synced tables stay in the browser after a sign-out, and a notice says so. */
function disconnect({ disconnect, workspace }: ConsoleState): void {
  const left = workspace.environments.currentId.value;
  disconnect();
  // Without the network nothing can be said, and nothing is lost.
  void import("../sync/leaving").then(({ tellWhatStays }) => tellWhatStays(workspace, left)).catch(() => undefined);
}

function ThemeButton() {
  const { theme } = preferences.value;
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const label = `Theme: ${theme}. Change to ${next}`;
  return (
    <button
      type="button"
      class="quiet icon-only"
      aria-label={label}
      title={label}
      onClick={() => setPreference({ theme: next })}
    >
      <Icon name="theme" />
    </button>
  );
}
