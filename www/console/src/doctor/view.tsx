import type { ViewProps } from "../app/views";
import { DoctorPane } from "./pane";

export function View({ state }: ViewProps) {
  return <DoctorPane examiner={state.examiner} environment={state.workspace.environments.current.value} />;
}
