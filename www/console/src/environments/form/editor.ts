/** The form's state: the draft of one environment, new or present. The texts of secrets stay in the inputs until they are saved. */
import { effect, signal } from "@preact/signals";
import { completeAddress, type Prefill } from "../../connection/fragment";
import { tenantNames } from "../../connection/tenant";
import type { Vault } from "../../vault/vault";
import { merge, same } from "../../workspace/merge";
import { type Environment, newId } from "../../workspace/model";
import type { Environments } from "../environments";
import { type Draft, draftOf, emptyDraft, environmentOf, type Refs, refsOf, secretFields } from "./draft";
import type { SecretField } from "./methods";

interface Unsaved {
  draft: Draft;
  id: string;
  target: string;
  begun: Draft;
}

export type Editor = ReturnType<typeof createEditor>;

export function createEditor(environments: Environments, vault: Vault) {
  const draft = signal<Draft>(emptyDraft());
  /** The environment that is changed; empty for a new one. */
  const id = signal("");
  /** The id that the environment has, or will have once it is saved. */
  const target = signal(newId());
  /** For whom secrets are typed: the inputs of secrets are new ones when it changes. */
  const secretsFor = signal(target.value);
  /** Why the inputs of secrets are empty again; empty if they are not. */
  const notice = signal("");
  /** The tenants that the form proposes. */
  const tenants = signal<string[]>([]);

  /** What was typed and not saved when another environment was begun, without its secrets; null if nothing. */
  const unsaved = signal<Unsaved | null>(null);

  /** As the draft was begun, to tell what was typed since. */
  let begun = draft.value;

  // An import, or another tab of the browser, changes an environment while its form is open.
  effect(() => {
    const environment = environments.list.value.find((other) => other.id === id.peek());
    if (!environment || same(draftOf(environment), begun)) return;
    const merged = merge(begun, draft.peek(), draftOf(environment)).data;
    if (targetOf(merged) !== targetOf(draft.peek())) {
      // What was typed into them is for the address that was shown.
      secretsFor.value = newId();
      notice.value = `An import or another tab changed the address of ${environment.name}. Check it, then enter the secrets again.`;
    }
    draft.value = merged;
    begun = draftOf(environment);
  });

  function change(part: Partial<Draft>): void {
    draft.value = { ...draft.value, ...part };
  }

  /** Shows the form of an environment, or of a new one that begins with `part`. What was typed for another one can be brought back. */
  function begin(environment?: Environment, part: Partial<Draft> = {}): void {
    if (!same(draft.peek(), begun))
      unsaved.value = { draft: draft.peek(), id: id.peek(), target: target.peek(), begun };
    show(environment, part);
  }

  function show(environment?: Environment, part: Partial<Draft> = {}): void {
    id.value = environment?.id ?? "";
    target.value = environment?.id ?? newId();
    secretsFor.value = target.value;
    notice.value = "";
    begun = environment ? draftOf(environment) : emptyDraft(part);
    draft.value = begun;
  }

  /** Before the environment of the form is removed: begins a new one, and keeps nothing of what was typed for it. */
  function endRemoved(): void {
    if (unsaved.value?.id === id.peek()) unsaved.value = null;
    show();
  }

  function bringBack(): void {
    const former = unsaved.value;
    if (!former) return;
    begin();
    // Another tab may have removed the environment: the draft is then of a new one.
    id.value = environments.find(former.id) ? former.id : "";
    target.value = former.target;
    secretsFor.value = newId();
    begun = former.begun;
    draft.value = former.draft;
    if (unsaved.value === former) unsaved.value = null;
  }

  function discardUnsaved(): void {
    unsaved.value = null;
  }

  function prefill(given: Prefill): void {
    const names = tenantNames(given.tenants);
    tenants.value = names;
    change({
      ...(given.instance && { instanceUrl: given.instance }),
      ...(given.worker && { workerUrl: given.worker }),
      ...(given.client && { clientId: given.client }),
      ...(names[0] && { tenant: names[0] }),
      ...(given.worker && !given.instance && { way: "worker" as const }),
    });
    // Nobody typed it.
    if (id.value === "") begun = draft.value;
  }

  /** Whether the vault holds what a field had before, so that it may be left empty. */
  function isHeld(field: SecretField): boolean {
    const ref = refs()[field];
    return ref !== undefined && vault.has(ref);
  }

  function refs(): Refs {
    const before = environments.find(id.value);
    return before && before.route.way === draft.value.way ? refsOf(before) : {};
  }

  /**
   * Saves the environment and the secrets that were entered; a field that was left empty keeps what it had. A secret goes to the
   * address for which it was entered: with another address, none is kept. Returns the environment.
   */
  async function save(entered: Partial<Record<SecretField, string>>, remember: boolean): Promise<Environment> {
    const before = environments.find(id.value);
    // Another environment may be begun while this one is saved.
    const [saved, savedId] = [draft.value, target.value];
    const kept: Refs = before && targetOf(draftOf(before)) === targetOf(saved) ? refs() : {};
    const used: Refs = {};
    for (const field of secretFields(saved)) {
      const ref = kept[field];
      const text = entered[field] || (ref && vault.get(ref)?.reveal());
      // A new secret gets a new reference: the connection with the old one ends first.
      if (entered[field]) used[field] = await vault.put(entered[field], remember);
      else if (ref) {
        used[field] = ref;
        if (text && remember !== vault.remembered.value.has(ref)) await vault.put(text, remember, ref);
      }
    }
    const environment = await environments.save({ ...environmentOf(saved, used, before), id: savedId });
    if (target.value === savedId) show(environment);
    if (unsaved.value?.target === savedId) unsaved.value = null;
    return environment;
  }

  return {
    draft,
    id,
    target,
    secretsFor,
    notice,
    tenants,
    unsaved,
    change,
    begin,
    endRemoved,
    bringBack,
    discardUnsaved,
    prefill,
    isHeld,
    save,
  };
}

/** Where the secrets of a draft go: the way, the origin and the tenant. */
function targetOf({ way, instanceUrl, workerUrl, tenant }: Draft): string {
  const address = completeAddress(way === "worker" ? workerUrl : instanceUrl);
  const origin = URL.canParse(address) ? new URL(address).origin : address;
  return `${way} ${origin} ${way === "worker" ? tenant.trim() : ""}`;
}
