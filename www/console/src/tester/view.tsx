import type { ViewProps } from "../app/views";
import { TesterPane } from "./pane";

export function View({ state, instance }: ViewProps) {
  return <TesterPane exchange={state.exchange} instance={instance} />;
}
