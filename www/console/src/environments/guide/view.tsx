import { useMemo } from "preact/hooks";
import type { ViewProps } from "../../app/views";
import { createGuide } from "./guide";
import { GuidePane } from "./pane";

export function View({ state: { workspace } }: ViewProps) {
  const guide = useMemo(() => createGuide(workspace.vault), [workspace]);
  return <GuidePane workspace={workspace} guide={guide} />;
}
