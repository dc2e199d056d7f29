/** What the tester needs of the rest of the console: the environment in use, its connection, its secrets, its guard. */

import { type ConnectOptions, connect, type Instance } from "sysparm";
import { authOf } from "../environments/auth";
import type { PlannedWrite } from "../environments/guard";
import { guardedFetch } from "../environments/guarded-fetch";
import type { Workspace } from "../environments/workspace";
import { forgetUnused } from "../vault/references";
import type { Secret } from "../vault/vault";
import { type AuthSetting, type Environment, newId, type SecretRef, type Variable } from "../workspace/model";
import { isSecretName } from "../workspace/secret-names";
import type { Scope, SecretLookup } from "./variables";

export interface Host {
  environment: () => Environment | undefined;
  /** Null while there is no open connection. */
  instance: () => Instance | null;
  secret: SecretLookup;
  /** Keeps a secret in memory and gives its reference. */
  putSecret: (text: string) => Promise<SecretRef>;
  /** Forgets those of the secrets to which no record refers, nor anything of `also`. */
  forgetUnused: (candidates: Iterable<SecretRef>, also: unknown) => Promise<void>;
  /** Asks where a write needs a question. False: it must not be sent. `allowed`: its run was asked for. */
  allowWrite: (line: string, allowed?: boolean) => Promise<boolean>;
  /** Asks for all writes of a run where one of them needs a question. */
  allowRun: (name: string, writes: readonly PlannedWrite[]) => Promise<boolean>;
  /** Sets variables of the environment that was in use when a request was sent. */
  setVariables: (environmentId: string, values: ReadonlyMap<string, string>) => Promise<void>;
  /** A connection to the same instance that signs in by another way. The caller closes it. */
  instanceWith: (auth: AuthSetting) => Promise<Instance>;
}

export function environmentScope(host: Host): Scope[] {
  const environment = host.environment();
  return environment ? [{ name: environment.name, variables: environment.variables }] : [];
}

/**
 * Why a call that was made ready for an environment must not be sent now: it was changed, closed or left while a question stood. Empty if
 * it may be sent.
 */
export function changedSince(host: Host, environment: Environment | undefined, instance: Instance | null): string {
  const now = host.environment();
  const name = environment?.name ?? "The environment";
  if (!now && environment) return `${name} was removed meanwhile. Choose an environment, then send again.`;
  if (now?.id !== environment?.id) return `${now?.name ?? "Another environment"} is in use now. Send again.`;
  if (host.instance() !== instance) return `${name} was disconnected meanwhile. Connect it, then send again.`;
  return "";
}

/** The host of the environment in use. */
export function workspaceHost(workspace: Workspace): Host {
  const { current } = workspace.environments;
  return hostOf(workspace, () => current.value);
}

/** The hosts of the other environments that are connected. */
export function otherHosts(workspace: Workspace): Host[] {
  const { environments } = workspace;
  return environments.list.value
    .filter(({ id }) => id !== environments.currentId.value)
    .map(({ id }) => hostOf(workspace, () => environments.find(id)))
    .filter((host) => host.instance() !== null);
}

function hostOf(
  { environments, connections, vault, guard, store }: Workspace,
  inUse: () => Environment | undefined,
): Host {
  const instance = () => {
    const connection = connections.of(inUse()?.id ?? "");
    return connection.name === "open" ? connection.instance : null;
  };
  return {
    environment: inUse,
    instance,
    secret: (ref) => vault.get(ref)?.reveal(),
    putSecret: (text) => vault.put(text),
    forgetUnused: (candidates, also) => forgetUnused(candidates, { store, vault }, also),
    async allowWrite(line, allowed) {
      const environment = inUse();
      return environment === undefined ? true : guard.allowWrite(environment, line, allowed);
    },
    async allowRun(name, writes) {
      const environment = inUse();
      return environment === undefined ? true : guard.allowRun(environment, name, writes);
    },
    async setVariables(environmentId, values) {
      const environment = environments.find(environmentId);
      if (!environment || values.size === 0) return;
      const variables = await withValues(environment.variables, values, (text, ref) =>
        vault.put(text, ref !== undefined && vault.remembered.value.has(ref), ref),
      );
      await environments.amend(environmentId, { variables });
    },
    async instanceWith(auth) {
      const environment = inUse();
      const url = instance()?.url;
      if (!environment || url === undefined) throw new Error("No environment is connected. Connect one first.");
      if (environment.route.way === "worker") {
        throw new Error(WORKER);
      }
      const send = guardedFetch(fetch, () => guard.lockedName(environments.find(environment.id) ?? environment));
      const { release } = environment;
      return otherInstance({ url, pace: ONCE, ...(release && { release }) }, auth, vault.get, send);
    },
  };
}

const WORKER = "Through a worker the worker signs in. Set Auth to that of the environment.";

/** A value goes to the vault if its variable was secret or its name is that of a secret, such as `access_token`. */
async function withValues(
  variables: readonly Variable[],
  values: ReadonlyMap<string, string>,
  put: (text: string, ref: SecretRef | undefined) => Promise<SecretRef>,
): Promise<Variable[]> {
  const changed: Variable[] = [];
  for (const [name, value] of values) {
    const ref = variables.find((one) => one.name === name && one.secret !== undefined)?.secret;
    const base = { id: newId(), name, on: true };
    changed.push(
      ref !== undefined || isSecretName(name) ? { ...base, secret: await put(value, ref) } : { ...base, value },
    );
  }
  return [...variables.filter(({ name }) => !values.has(name)), ...changed];
}

async function otherInstance(
  options: Omit<ConnectOptions, "auth">,
  auth: AuthSetting,
  get: (ref: SecretRef) => Secret | undefined,
  send: typeof fetch,
): Promise<Instance> {
  if (auth.kind === "none") {
    return connect({ ...options, auth: { token: NO_TOKEN }, fetch: withoutAuthorization(send) });
  }
  if (auth.kind === "inherit") throw new Error("The environment's own connection is used for this.");
  if (auth.kind === "oauth" && auth.grant === "authorization_code") throw new Error(NEEDS_PERSON);
  return connect({ ...options, auth: await authOf(auth, { get }, NO_REDIRECT), fetch: send });
}

const NEEDS_PERSON =
  "A person signs in for the authorization code. Make an environment with this grant, or choose another grant.";
/** Only the authorization code has a redirect. */
const NO_REDIRECT = "";
/** Stands in for a token and is taken away before the request is sent. */
const NO_TOKEN = "none";
const ONCE = { attempts: 1 };

function withoutAuthorization(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete("Authorization");
    return send(input, { ...init, headers });
  };
}
