/**
 * The views of the console. A view is loaded when it is first opened. Its module exports a component `View`.
 *
 * To add one: write its module, add a line here, after those of its group: the arrow keys follow this order.
 */
import type { ComponentType } from "preact";
import type { Instance } from "sysparm";
import type { IconName } from "../kit/icon";
import type { ConsoleState } from "./state";

export interface ViewProps {
  state: ConsoleState;
  /** Null while nothing is connected. */
  instance: Instance | null;
  /** What the address says after the view: `#/tables/incident` gives `["incident"]`. */
  parts: readonly string[];
}

export interface ViewEntry {
  id: string;
  label: string;
  group: "Work" | "Check";
  icon: IconName;
  /** The letter after G that opens it. */
  letter: string;
  load: () => Promise<{ View: ComponentType<ViewProps> }>;
  /** True for a view of use without a connection. The others show the connection form first. */
  withoutInstance?: boolean;
  /** True for a view with secret fields. It exists only while it is shown, so that hiding it removes what was typed. */
  holdsSecrets?: boolean;
}

export const views: readonly ViewEntry[] = [
  {
    id: "tables",
    label: "Tables",
    group: "Work",
    icon: "tables",
    letter: "b",
    load: () => import("../tables/view"),
  },
  {
    id: "records",
    label: "Records",
    group: "Work",
    icon: "record",
    letter: "r",
    load: () => import("../records/view"),
  },
  {
    id: "schema",
    label: "Schema",
    group: "Work",
    icon: "schema",
    letter: "s",
    load: () => import("../schema-view/view"),
  },
  { id: "tester", label: "Tester", group: "Work", icon: "tester", letter: "t", load: () => import("../tester/view") },
  {
    id: "query",
    label: "Query studio",
    group: "Work",
    icon: "query",
    letter: "q",
    load: () => import("../query-studio/view"),
    withoutInstance: true,
  },
  {
    id: "catalogue",
    label: "API catalogue",
    group: "Work",
    icon: "catalogue",
    letter: "a",
    load: () => import("../catalogue/view"),
    withoutInstance: true,
  },
  {
    id: "sync",
    label: "Sync",
    group: "Work",
    icon: "sync",
    letter: "y",
    load: () => import("../sync/view"),
    withoutInstance: true,
  },
  {
    id: "interchange",
    label: "Import and export",
    group: "Work",
    icon: "out",
    letter: "i",
    load: () => import("../interchange/view"),
    withoutInstance: true,
    holdsSecrets: true,
  },
  {
    id: "doctor",
    label: "Doctor",
    group: "Check",
    icon: "doctor",
    letter: "d",
    load: () => import("../doctor/view"),
    withoutInstance: true,
    holdsSecrets: true,
  },
  {
    id: "token",
    label: "Token",
    group: "Check",
    icon: "token",
    letter: "k",
    load: () => import("../token/view"),
    holdsSecrets: true,
  },
  {
    id: "traffic",
    label: "Traffic",
    group: "Check",
    icon: "traffic",
    letter: "f",
    load: () => import("../traffic/view"),
  },
  {
    id: "symptoms",
    label: "Symptoms",
    group: "Check",
    icon: "symptoms",
    letter: "m",
    load: () => import("../symptoms/view"),
    withoutInstance: true,
    holdsSecrets: true,
  },
  {
    id: "guide",
    label: "Connect guide",
    group: "Check",
    icon: "plug",
    letter: "c",
    load: () => import("../environments/guide/view"),
    withoutInstance: true,
  },
  {
    id: "environments",
    label: "Environments",
    group: "Check",
    icon: "lock",
    letter: "e",
    load: () => import("../environments/view"),
    withoutInstance: true,
    holdsSecrets: true,
  },
  {
    id: "compare",
    label: "Compare",
    group: "Check",
    icon: "compare",
    letter: "p",
    load: () => import("../compare/view"),
    withoutInstance: true,
  },
];

export function viewById(id: string): ViewEntry | undefined {
  return views.find((view) => view.id === id);
}
