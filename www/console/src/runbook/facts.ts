/** What the console knows of an integration without asking the instance: its user, and the requests that were sent. Pure. */
import type { RecordedCall } from "sysparm/environments";
import type { HistoryEntry } from "../collections/history";
import type { Environment } from "../workspace/model";

/** The user that the environment signs in as, where it names one. */
export function userOf({ route }: Environment): string | undefined {
  if (route.way === "worker") return undefined;
  const { auth } = route;
  return (
    (auth.kind === "basic" || (auth.kind === "oauth" && auth.grant === "password") ? auth.username : "") || undefined
  );
}

/** Requests of this environment as recorded calls: methods, paths, parameters, statuses. Values were masked when they were kept. */
export function callsOfHistory(history: readonly HistoryEntry[], environmentId: string): RecordedCall[] {
  return history
    .filter((entry) => entry.environmentId === environmentId)
    .map(({ at, status, request }) => {
      const on = request.parameters.filter((parameter) => parameter.on);
      const [path = "", own = ""] = request.address.split("?", 2);
      const named = new URLSearchParams(on.map(({ name, value }) => [name, value])).toString();
      return { method: request.method, path, search: [own, named].filter((part) => part !== "").join("&"), status, at };
    });
}
