import type { ViewProps } from "../app/views";
import { RecordsPane } from "./pane";

export function View({ state, instance }: ViewProps) {
  return <RecordsPane reader={state.reader} instance={instance} wait={state.workspace.connections.currentWait} />;
}
