/**
 * One instance of the package for each environment. Tokens are held inside it, so none can reach another environment.
 *
 *     none --open--> opening --token obtained--> open --close, change or removal--> none
 *                       `--refused or cancelled--> none (with the failure, if there is one)
 */
import { computed, signal } from "@preact/signals";
import { connect, type Instance, type SysparmEvent } from "sysparm";
import type { Recordings } from "../activity/recording";
import { completeAddress } from "../connection/fragment";
import { tenantFetch } from "../connection/tenant";
import { type Wait, waitAfter } from "../connection/wait";
import { type Failure, failureOf } from "../failure/failure";
import type { Vault } from "../vault/vault";
import type { Environment } from "../workspace/model";
import { authOf, MissingSecret, secretText } from "./auth";
import type { Environments } from "./environments";
import type { Guard } from "./guard";
import { guardedFetch } from "./guarded-fetch";

export type Connection =
  | { name: "none"; failure?: Failure; missing?: string }
  | { name: "opening"; abort: AbortController }
  /** The browser is being sent to the instance's sign-in page. */
  | { name: "signing-in" }
  | { name: "open"; instance: Instance };

export type Connections = ReturnType<typeof createConnections>;

/** One attempt only, because a person is watching: failures are shown at once, and the person repeats the call. */
const PACE = { attempts: 1 };
const NONE: Connection = { name: "none" };

export function createConnections(
  environments: Environments,
  vault: Vault,
  guard: Guard,
  recordings: Recordings,
  redirectUri: string,
) {
  const all = signal<ReadonlyMap<string, Connection>>(new Map());
  /** Why the pages of a read are waiting, by environment. */
  const waits = signal<ReadonlyMap<string, Wait | null>>(new Map());

  const of = (id: string): Connection => all.value.get(id) ?? NONE;
  const current = computed<Connection>(() => of(environments.currentId.value));
  const currentInstance = computed(() => (current.value.name === "open" ? current.value.instance : null));
  const currentWait = computed(() => waits.value.get(environments.currentId.value) ?? null);

  function set(id: string, connection: Connection): void {
    all.value = new Map([...all.value, [id, connection]]);
  }

  async function build(environment: Environment): Promise<Instance> {
    const { id, route, release } = environment;
    let instance: Instance | undefined;
    const { onEvent, ...hooks } = recordings.hooksFor(id, () => instance?.status());
    const common = {
      ...hooks,
      pace: PACE,
      ...(release && { release }),
      onEvent: (event: SysparmEvent) => {
        onEvent(event);
        waits.value = new Map([...waits.value, [id, waitAfter(event, waits.value.get(id) ?? null)]]);
      },
    };
    // The lock is looked up at each request: it may have been closed meanwhile.
    const lockedName = () => guard.lockedName(environments.find(id) ?? environment);
    if (route.way === "direct") {
      const url = completeAddress(route.instanceUrl);
      instance = await connect({
        ...common,
        url,
        auth: await authOf(route.auth, vault, redirectUri),
        fetch: guardedFetch(fetch, lockedName),
      });
      return instance;
    }
    const url = completeAddress(route.workerUrl);
    // Where the address is wrong, the package says so.
    const send = route.tenant !== "" && URL.canParse(url) ? tenantFetch(url, route.tenant) : fetch;
    instance = await connect({
      ...common,
      url,
      auth: { token: secretText(vault, route.key, "API key") },
      fetch: guardedFetch(send, lockedName),
    });
    return instance;
  }

  /** Opens the connection of an environment and obtains a token. Resolves when it is open or has failed. */
  async function open(id: string): Promise<void> {
    const environment = environments.find(id);
    if (!environment || of(id).name !== "none") return;
    const abort = new AbortController();
    set(id, { name: "opening", abort });
    let instance: Instance | undefined;
    try {
      instance = await build(environment);
      abort.signal.throwIfAborted();
      if (needsPerson(environment)) {
        set(id, { name: "signing-in" });
        await instance.signIn();
        return;
      }
      // Direct: checks the credentials now. Through the worker the first call checks the key.
      await instance.token({ signal: abort.signal });
      abort.signal.throwIfAborted();
      set(id, { name: "open", instance });
    } catch (thrown) {
      instance?.close();
      // A change of the environment has already replaced an aborted attempt.
      if (!abort.signal.aborted) set(id, failed(thrown));
    }
  }

  /** Ends a sign-in that this tab began, at the return of the browser. False where the address is none. */
  async function finishSignIn(id: string, url: string): Promise<boolean> {
    const environment = environments.find(id);
    if (!environment || !needsPerson(environment)) return false;
    let instance: Instance | undefined;
    try {
      instance = await build(environment);
      if (!(await instance.handleRedirect(url))) {
        instance.close();
        return false;
      }
      set(id, { name: "open", instance });
    } catch (thrown) {
      instance?.close();
      set(id, failed(thrown));
    }
    return true;
  }

  function close(id: string): void {
    const connection = of(id);
    if (connection.name === "opening") connection.abort.abort();
    if (connection.name === "open") connection.instance.close();
    set(id, NONE);
    waits.value = new Map([...waits.value, [id, null]]);
  }

  const closeAll = () => [...all.value.keys()].forEach(close);
  environments.beforeChange(({ id }) => {
    close(id);
    recordings.clear(id);
  });

  return { all, of, current, currentInstance, currentWait, open, finishSignIn, close, closeAll };
}

function failed(thrown: unknown): Connection {
  if (thrown instanceof MissingSecret) return { name: "none", missing: thrown.what };
  return { name: "none", failure: failureOf(thrown) };
}

export function needsPerson({ route }: Environment): boolean {
  return route.way === "direct" && route.auth.kind === "oauth" && route.auth.grant === "authorization_code";
}
