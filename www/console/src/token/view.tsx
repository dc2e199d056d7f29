import "../style/token.css";
import type { ConsoleState } from "../app/state";
import type { ViewProps } from "../app/views";
import { createIdentity, type Identity } from "./identity";
import { TokenPane } from "./pane";

/** Outlives the view, which exists only while it is shown. */
const identities = new WeakMap<ConsoleState, Identity>();

function identityIn(state: ConsoleState): Identity {
  const known = identities.get(state);
  if (known) return known;
  const made = createIdentity();
  identities.set(state, made);
  state.onDisconnect(made.clear);
  return made;
}

export function View({ state, instance }: ViewProps) {
  const identity = identityIn(state);
  const environment = state.workspace.environments.current.value;
  if (!instance || !environment) return <p class="hint">Connect this environment to see its token.</p>;
  return (
    <TokenPane
      key={environment.id}
      workspace={state.workspace}
      holders={state.holders}
      instance={instance}
      environment={environment}
      identity={identity}
    />
  );
}
