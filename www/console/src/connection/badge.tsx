/** Shows in the status bar how the environment in use is reached, and the state of its token. */
import { useEffect, useState } from "preact/hooks";
import type { Instance, Status } from "sysparm";
import type { Workspace } from "../environments/workspace";
import { plural } from "../number";
import { routeWords, tokenWords } from "./words";

export function ConnectionLine({ workspace }: { workspace: Workspace }) {
  const instance = workspace.connections.currentInstance.value;
  const route = workspace.environments.current.value?.route;
  if (!instance || !route) return <span>No instance is connected</span>;
  return (
    <section class="connection-line" aria-label="Connection">
      <TokenLine instance={instance} supplied={route.way === "worker"} />
      <span>{routeWords(route.way, route.way === "worker" ? route.tenant : "")}</span>
    </section>
  );
}

/** Polls the status once a second, because no event announces its changes. */
function TokenLine({ instance, supplied }: { instance: Instance; supplied: boolean }) {
  const [status, setStatus] = useState<Status>(() => instance.status());
  useEffect(() => {
    setStatus(instance.status());
    const timer = setInterval(() => setStatus(instance.status()), 1_000);
    return () => clearInterval(timer);
  }, [instance]);
  return (
    <span data-generation={status.token.generation}>
      {supplied ? "API key in use" : tokenWords(status.token, Date.now())}
      {status.callsUnderWay > 0 && `, ${plural(status.callsUnderWay, "call")} in progress`}
    </span>
  );
}
