import type { ViewProps } from "../app/views";
import { EnvironmentsPane } from "./pane";

export function View({ state }: ViewProps) {
  return <EnvironmentsPane workspace={state.workspace} editor={state.editor} />;
}
