/** Shows the connected instance and the state of its token in one line. */
import { useEffect, useState } from "preact/hooks";
import type { Instance, Status } from "sysparm";
import { plural } from "../number";
import type { Phase } from "./session";
import { routeWords, tokenWords } from "./words";

export function ConnectionBadge({ phase, leave }: { phase: Phase; leave: () => void }) {
  if (phase.name !== "connected") return null;
  return (
    <section class="badge" aria-label="Connection">
      <span class="origin">{phase.instance.url}</span>
      <span class="quiet">{routeWords(phase.route, phase.tenant)}</span>
      <TokenLine instance={phase.instance} supplied={phase.route === "worker"} />
      <button type="button" onClick={leave}>
        Disconnect
      </button>
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
    <span class="quiet" data-generation={status.token.generation}>
      {supplied ? "API key in use" : tokenWords(status.token, Date.now())}
      {status.callsUnderWay > 0 && `, ${plural(status.callsUnderWay, "call")} in progress`}
    </span>
  );
}
