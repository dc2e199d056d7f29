/** The list of environments, the one in use, and their changes. Every change is kept in the store. */
import { computed, signal } from "@preact/signals";
import type { Store } from "../store/store";
import { forgetUnused } from "../vault/references";
import type { Vault } from "../vault/vault";
import { same } from "../workspace/merge";
import { type Environment, newId } from "../workspace/model";
import { secretsOf } from "./secrets";

export type Environments = ReturnType<typeof createEnvironments>;

/** The record of the store's preferences that names the environment in use. */
export const CHOICE = "environment";

export function createEnvironments(store: Store, vault: Vault) {
  const list = signal<Environment[]>([]);
  const currentId = signal("");
  /** Undefined while there is none. */
  const current = computed(() => list.value.find(({ id }) => id === currentId.value));
  /** What the person should know of the environment in use; empty if nothing. */
  const notice = signal("");
  /** Called with the environment as it was when one is changed or removed. */
  const listeners = new Set<(environment: Environment) => void>();

  store.watch(({ kind, id, data }) => {
    if (kind !== "environments") return;
    const before = list.value.find((environment) => environment.id === id);
    if (before && !(data && sameConnection(before, data))) for (const call of listeners) call(before);
    const others = list.value.filter((environment) => environment.id !== id);
    const isFirst = list.value.length === 0;
    list.value = data ? [...others, data].sort(byName) : others;
    if (data) {
      if (isFirst) currentId.value = id;
    } else if (before && currentId.value === id) {
      // Another one is chosen by the person only: what is typed for this one must not be sent to production.
      currentId.value = "";
      notice.value = `${before.name} was removed in another tab. Choose an environment.`;
    }
  });

  /** An environment that was chosen and is gone leaves none in use. */
  async function load(): Promise<void> {
    list.value = (await store.all("environments")).sort(byName);
    const choice = (await store.all("preferences")).find(({ id }) => id === CHOICE)?.current;
    const chosen = choice === undefined ? list.value[0] : list.value.find(({ id }) => id === choice);
    currentId.value = chosen?.id ?? "";
  }

  /** Adds an environment, or changes the one with its id. A new one of kind prod is read-only. */
  async function save(given: Environment): Promise<Environment> {
    const before = list.value.find(({ id }) => id === given.id);
    const environment = !before && given.kind === "prod" ? { ...given, readOnly: true } : given;
    if (before) for (const call of listeners) call(before);
    list.value = [...list.value.filter(({ id }) => id !== environment.id), environment].sort(byName);
    if (list.value.length === 1) currentId.value = environment.id;
    await store.put("environments", environment);
    if (before) await forgetUnused(secretsOf(before), { store, vault });
    return environment;
  }

  /** Changes what does not matter to the connection: variables, the lock. The connection stays. */
  async function amend(id: string, part: Partial<Pick<Environment, "variables" | "readOnly">>): Promise<void> {
    const before = list.value.find((environment) => environment.id === id);
    if (!before) return;
    const environment = { ...before, ...part };
    list.value = list.value.map((other) => (other.id === id ? environment : other));
    await store.put("environments", environment);
    const kept = new Set(secretsOf(environment));
    await forgetUnused(
      secretsOf(before).filter((ref) => !kept.has(ref)),
      { store, vault },
    );
  }

  /**
   * Removes an environment, its connection and its secrets, as far as nothing else refers to them. If it was in use, none is until the
   * person chooses one.
   */
  async function remove(id: string): Promise<void> {
    const environment = list.value.find((other) => other.id === id);
    if (!environment) return;
    for (const call of listeners) call(environment);
    list.value = list.value.filter((other) => other.id !== id);
    if (currentId.value === id) await select("");
    await store.remove("environments", id);
    await forgetUnused(secretsOf(environment), { store, vault });
  }

  async function select(id: string): Promise<void> {
    currentId.value = id;
    notice.value = "";
    await store.put("preferences", { id: CHOICE, current: id });
  }

  const find = (id: string): Environment | undefined => list.value.find((environment) => environment.id === id);

  /** Calls back before an environment is changed or removed; returns what ends that. */
  function beforeChange(listener: (environment: Environment) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { list, currentId, current, notice, load, save, amend, remove, select, find, beforeChange };
}

/** Whether a connection to the one serves the other: the address, the sign-in and the release are the same. */
function sameConnection(one: Environment, other: Environment): boolean {
  return one.kind === other.kind && one.release === other.release && same(one.route, other.route);
}

function byName(one: Environment, other: Environment): number {
  return one.name.localeCompare(other.name) || one.id.localeCompare(other.id);
}

/** The host that an environment is about, for headings. An address that cannot be read is shown as it is. */
export function hostOf({ route }: Environment): string {
  const address = route.way === "direct" ? route.instanceUrl : route.workerUrl;
  const host = URL.canParse(address) ? new URL(address).host : address;
  return route.way === "worker" && route.tenant !== "" ? `${host}/${route.tenant}` : host;
}

/** What paths of an environment are appended to, without a slash at its end. */
export function baseAddress({ route }: Environment): string {
  if (route.way === "direct") return route.instanceUrl.replace(/\/+$/, "");
  const worker = route.workerUrl.replace(/\/+$/, "");
  return route.tenant === "" ? worker : `${worker}/${route.tenant}`;
}

export function newEnvironment(part: Pick<Environment, "name" | "kind" | "route"> & Partial<Environment>): Environment {
  return { id: newId(), release: "", variables: [], readOnly: part.kind === "prod", ...part };
}
