/** The tabs of a run and of settings, next to those of the open requests: a run stays reachable while a request is shown. */
import { Icon, type IconName } from "../kit/icon";
import type { Workbench } from "../tester/workbench";
import { find } from "./tree";

export function HolderTabs({ workbench }: { workbench: Workbench }) {
  const { runs, settingsOf, front, library } = workbench;
  const run = runs.subject.value;
  const holder = find(library.collections.value, settingsOf.value)?.node;
  const running = runs.phase.value === "running";
  return (
    <>
      {run && (
        <HolderTab
          icon="play"
          title={`Run ${run.name}`}
          note={running ? " running" : ""}
          on={front.value === "run"}
          show={() => {
            front.value = "run";
          }}
          {...(running ? {} : { close: workbench.closeRun })}
        />
      )}
      {holder && (
        <HolderTab
          icon="folder"
          title={`Settings of ${holder.name}`}
          on={front.value === "settings"}
          show={() => {
            front.value = "settings";
          }}
          close={workbench.closeSettings}
        />
      )}
    </>
  );
}

interface HolderTabProps {
  icon: IconName;
  title: string;
  note?: string;
  on: boolean;
  show: () => void;
  /** Absent while it cannot be closed. */
  close?: () => void;
}

function HolderTab({ icon, title, note, on, show, close }: HolderTabProps) {
  return (
    <li class={on ? "open-tab on" : "open-tab"}>
      <button type="button" class="plain" aria-current={on} onClick={show}>
        <Icon name={icon} />{" "}
        <span class="ell" dir="auto">
          {title}
        </span>
        {note && <span class="unsaved">{note}</span>}
      </button>
      {close && (
        <button type="button" class="plain remove" aria-label={`Close ${title}`} onClick={close}>
          ×
        </button>
      )}
    </li>
  );
}
