/** Shows the connected instance in the top bar, and its route and token in the status bar. */
import { useEffect, useState } from "preact/hooks";
import type { Instance, Status } from "sysparm";
import { plural } from "../number";
import type { Phase } from "./session";
import { routeWords, tokenWords } from "./words";

export function ConnectionBadge({ phase, leave }: { phase: Phase; leave: () => void }) {
  if (phase.name !== "connected") return <span class="quiet-text">Not connected</span>;
  return (
    <section class="badge" aria-label="Instance in use">
      <span class="origin" title={phase.instance.url}>
        {phase.instance.url}
      </span>
      <button type="button" onClick={leave}>
        Disconnect
      </button>
    </section>
  );
}

export function ConnectionLine({ phase }: { phase: Phase }) {
  if (phase.name !== "connected") return <span>No instance is connected</span>;
  return (
    <section class="connection-line" aria-label="Connection">
      <TokenLine instance={phase.instance} supplied={phase.route === "worker"} />
      <span>{routeWords(phase.route, phase.tenant)}</span>
    </section>
  );
}

/** Polls the status once a second, because no event announces its changes. */
function TokenLine({ instance, supplied }: { instance: Instance; supplied: boolean }) {
  const [status, setStatus] = useState<Status>(() => instance.status());
  useEffect(() => {
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
