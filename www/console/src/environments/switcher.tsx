/** The environment in use, in the top bar, and the menu to change it. */

import { useSignal } from "@preact/signals";
import * as menu from "@zag-js/menu";
import { normalizeProps, useMachine } from "@zag-js/preact";
import { useId } from "preact/hooks";
import { isLoopback } from "../connection/practice";
import type { Environment } from "../workspace/model";
import { EnvironmentBadge } from "./badge";
import { hostOf } from "./environments";
import { ScenarioDialog } from "./scenario-dialog";
import { stateWords } from "./words";
import type { Workspace } from "./workspace";

interface SwitcherProps {
  workspace: Workspace;
  /** Shows the form of a new environment. */
  add: () => void;
  /** Shows the view with the environments, their variables and their secrets. */
  manage: () => void;
}

const ADD = "add";
const MANAGE = "manage";
const SHOW_FAILURE = "show-failure";
const END_FAILURE = "end-failure";

export function EnvironmentSwitcher({ workspace, add, manage }: SwitcherProps) {
  const { environments, connections, guard, scenarios } = workspace;
  const current = environments.current.value;
  const choosing = useSignal("");
  const practice = practiceAddress(current);
  const begun = scenarios.begunAt(practice);

  const service = useMachine(menu.machine, {
    id: useId(),
    "aria-label": "Environments",
    onSelect: ({ value }) => {
      if (value === ADD) add();
      else if (value === MANAGE) manage();
      else if (value === SHOW_FAILURE) choosing.value = practice;
      else if (value === END_FAILURE) void scenarios.end(practice);
      else void environments.select(value);
    },
  });
  const api = menu.connect(service, normalizeProps);

  return (
    <>
      <button type="button" class="env-switch" {...api.getTriggerProps()}>
        {current ? (
          <>
            <EnvironmentBadge environment={current} locked={guard.isLocked(current)} />
            <bdi class="env-host">{hostOf(current)}</bdi>
          </>
        ) : (
          "No environment"
        )}
        <span aria-hidden="true">▾</span>
      </button>
      <div {...api.getPositionerProps()}>
        <div class="env-menu" {...api.getContentProps()}>
          {api.open && (
            <>
              {" "}
              {environments.list.value.map((environment, index) => (
                <div key={environment.id} class="env-item" {...api.getItemProps({ value: environment.id })}>
                  <EnvironmentBadge environment={environment} />
                  <span class="env-facts">
                    <bdi>{hostOf(environment)}</bdi>
                    <small>
                      {stateWords(environment, connections.of(environment.id), guard.isLocked(environment))}
                    </small>
                  </span>
                  {environment.id === current?.id && <span class="env-now">in use</span>}
                  {index < 9 && <kbd>E {index + 1}</kbd>}
                </div>
              ))}
              {environments.list.value.length > 0 && <hr {...api.getSeparatorProps()} />}
              {practice !== "" && (
                <div class="env-item" {...api.getItemProps({ value: SHOW_FAILURE })}>
                  Show a failure…
                </div>
              )}
              {begun !== "" && (
                <div class="env-item" {...api.getItemProps({ value: END_FAILURE })}>
                  End the failure {begun}
                </div>
              )}
              <div class="env-item" {...api.getItemProps({ value: ADD })}>
                Add an environment
              </div>
              <div class="env-item" {...api.getItemProps({ value: MANAGE })}>
                Environments, variables and secrets
              </div>
            </>
          )}{" "}
        </div>
      </div>
      {begun !== "" && (
        <span class="env-failure" role="status">
          Shows the failure {begun}
        </span>
      )}
      {choosing.value !== "" && (
        <ScenarioDialog
          scenarios={scenarios}
          address={choosing.value}
          close={() => {
            choosing.value = "";
          }}
        />
      )}
    </>
  );
}

/** The address of a practice instance's control interface; empty for other environments. */
function practiceAddress(environment: Environment | undefined): string {
  if (environment?.route.way !== "direct" || environment.kind !== "practice") return "";
  return isLoopback(environment.route.instanceUrl) ? environment.route.instanceUrl : "";
}
