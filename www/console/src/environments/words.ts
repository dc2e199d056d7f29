/** Describes an environment's sign-in and connection in one line. */
import { routeWords } from "../connection/words";
import type { Environment } from "../workspace/model";
import type { Connection } from "./connections";
import { ASKED } from "./form/methods";

/** "OAuth: client credentials, connected"; "through the worker, tenant acme, not connected, read-only". */
export function stateWords(environment: Environment, connection: Connection, locked: boolean): string {
  const { route } = environment;
  const how =
    route.way === "worker"
      ? routeWords("worker", route.tenant)
      : ASKED[route.auth.kind === "oauth" ? route.auth.grant : route.auth.kind].label;
  return [how, connectionWords(connection), ...(locked ? ["read-only"] : [])].join(", ");
}

function connectionWords(connection: Connection): string {
  switch (connection.name) {
    case "none":
      return connection.failure || connection.missing ? "not connected: the last attempt failed" : "not connected";
    case "opening":
      return "connecting";
    case "signing-in":
      return "signing in";
    case "open":
      return "connected";
  }
}
