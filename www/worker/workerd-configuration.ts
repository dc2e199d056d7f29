/**
 * The text of workerd's configuration (Cap'n Proto). It holds no binding values: workerd takes them from its environment, so that
 * no secret is written to a file or a command line.
 */

import { ENTRY_MODULE } from "./build.ts";

/**
 * The compatibility date that the tests run with; the same as in `wrangler.jsonc`. From this one on, workerd compiles a module when it is first
 * imported.
 */
export const COMPATIBILITY_DATE = "2026-11-17";

/** The environment variable with the value of a binding. */
export function environmentName(binding: string): string {
  return `SYSPARM_WORKER_${binding}`;
}

/** A binding, and the class of the Durable Objects behind it. */
export interface DurableObjects {
  readonly binding: string;
  readonly className: string;
}

/** The same as in `wrangler.jsonc`. */
export const DURABLE_OBJECTS: readonly DurableObjects[] = [
  { binding: "TOKEN_BROKER", className: "TokenBroker" },
  { binding: "TENANT_REGISTRY", className: "TenantRegistry" },
];

/** What `workerdConfiguration()` needs. */
export interface WorkerdOptions {
  /** The entry first. */
  readonly modules: readonly string[];
  /** The names of the bindings that are text. */
  readonly bindings: readonly string[];
  readonly port: number;
  readonly objects?: readonly DurableObjects[];
  /** An absolute path of a folder in which the Durable Objects' SQLite files outlive the process. Without it they are kept in memory. */
  readonly storage?: string | undefined;
  /** Compatibility flags, for comparisons. */
  readonly flags?: readonly string[];
}

/** A configuration that listens on one loopback port. */
export function workerdConfiguration(options: WorkerdOptions): string {
  const { modules, bindings, port, objects = DURABLE_OBJECTS, storage, flags = [] } = options;
  const module = (name: string) =>
    `(name = ${text(name)}, ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${text(name)})`;
  const value = (name: string) => `(name = ${text(name)}, fromEnvironment = ${text(environmentName(name))})`;
  const namespace = ({ binding, className }: DurableObjects) =>
    `(name = ${text(binding)}, durableObjectNamespace = ${text(className)})`;
  const objectClass = ({ className }: DurableObjects) =>
    `(className = ${text(className)}, uniqueKey = ${text(`sysparm-${className}`)}, enableSql = true)`;
  if (modules[0] !== ENTRY_MODULE) throw new Error(`the first module must be ${ENTRY_MODULE}`);
  const disk = storage === undefined ? "" : `(name = "storage", disk = (path = ${text(storage)}, writable = true)),`;
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
    ${disk}
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [${modules.map(module).join(", ")}],
  compatibilityDate = ${text(COMPATIBILITY_DATE)},
  compatibilityFlags = [${flags.map(text).join(", ")}],
  bindings = [${[...bindings.map(value), ...objects.map(namespace)].join(", ")}],
  durableObjectNamespaces = [${objects.map(objectClass).join(", ")}],
  durableObjectStorage = (${storage === undefined ? "inMemory = void" : 'localDisk = "storage"'}),
);
`;
}

/** For printable text JSON's escapes are valid in Cap'n Proto. */
function text(value: string): string {
  return JSON.stringify(value);
}
