/**
 * The text of workerd's configuration (Cap'n Proto). It holds no binding values: workerd takes them from its environment, so that
 * no secret is written to a file or a command line.
 */

import { ENTRY_MODULE } from "./build.ts";

/** The compatibility date that the tests run with; the same as in `wrangler.jsonc`. */
export const COMPATIBILITY_DATE = "2026-10-01";

/** The environment variable with the value of a binding. */
export function environmentName(binding: string): string {
  return `SYSPARM_WORKER_${binding}`;
}

/** A configuration that listens on one loopback port and keeps Durable Objects in memory. */
export function workerdConfiguration(modules: readonly string[], bindings: readonly string[], port: number): string {
  const module = (name: string) =>
    `(name = ${text(name)}, ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${text(name)})`;
  const binding = (name: string) => `(name = ${text(name)}, fromEnvironment = ${text(environmentName(name))})`;
  const all = [...bindings.map(binding), `(name = "TOKEN_KEEPER", durableObjectNamespace = "TokenKeeper")`];
  if (modules[0] !== ENTRY_MODULE) throw new Error(`the first module must be ${ENTRY_MODULE}`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [${modules.map(module).join(", ")}],
  compatibilityDate = ${text(COMPATIBILITY_DATE)},
  bindings = [${all.join(", ")}],
  durableObjectNamespaces = [(className = "TokenKeeper", uniqueKey = "sysparm-token-keeper")],
  durableObjectStorage = (inMemory = void),
);
`;
}

/** For printable text JSON's escapes are valid in Cap'n Proto. */
function text(value: string): string {
  return JSON.stringify(value);
}
