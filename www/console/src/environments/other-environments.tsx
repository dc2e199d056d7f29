/** Chooses another environment than the one that something is of, and connects it where it is not. */
import type { Signal } from "@preact/signals";
import { Button } from "../kit/button";
import type { Environment } from "../workspace/model";
import { EnvironmentBadge } from "./badge";
import { hostOf } from "./environments";
import { openConnection, type Workspace } from "./workspace";

interface OtherEnvironmentsProps {
  /** Unique in the page. */
  id: string;
  others: readonly Environment[];
  /** The id of the chosen one; empty for none. */
  chosen: Signal<string>;
  workspace: Workspace;
}

export function OtherEnvironments({ id, others, chosen, workspace }: OtherEnvironmentsProps) {
  return (
    <fieldset class="other-environments">
      <legend class="visually-hidden">Compare with</legend>
      <ul class="env-list">
        {others.map((one) => {
          const connection = workspace.connections.of(one.id);
          const isOpen = connection.name === "open";
          return (
            <li key={one.id}>
              <input
                id={`${id}-${one.id}`}
                type="radio"
                name={id}
                checked={chosen.value === one.id}
                disabled={!isOpen}
                onChange={() => {
                  chosen.value = one.id;
                }}
              />
              <label for={`${id}-${one.id}`} class="grow">
                <EnvironmentBadge environment={one} /> <bdi>{hostOf(one)}</bdi>
              </label>
              {!isOpen && (
                <Button
                  small
                  busy={connection.name === "opening"}
                  aria-label={`Connect ${one.name}`}
                  onClick={() => void openConnection(workspace, one.id)}
                >
                  Connect
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
