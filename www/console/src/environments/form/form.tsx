/** The form of one environment. Only its inputs hold the texts of secrets, and saving empties them. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { TENANT_PATTERN } from "../../connection/tenant";
import { FailureView } from "../../failure/view";
import { ask } from "../../kit/ask";
import { ENVIRONMENT_KINDS, type EnvironmentKind } from "../../workspace/model";
import { openConnection, type Workspace } from "../workspace";
import type { Draft } from "./draft";
import type { Editor } from "./editor";
import { ASKED, KIND_LABELS, METHODS, type SecretField, type SignInMethod } from "./methods";
import { OptionalInputs, SecretInputs } from "./secret-inputs";
import { Choice, TextInput } from "./text-input";

const RELEASES = ["washingtondc", "xanadu", "yokohama", "zurich", "australia", "brazil"];

export function EnvironmentForm({ workspace, editor }: { workspace: Workspace; editor: Editor }) {
  const form = useRef<HTMLFormElement>(null);
  const remember = useSignal(false);
  const { environments, connections, vault } = workspace;
  const draft = editor.draft.value;
  const id = editor.id.value;
  const connection = connections.of(id);
  const opening = connection.name === "opening" || connection.name === "signing-in";
  const direct = draft.way === "direct";
  const asked = ASKED[draft.method];

  async function save(): Promise<string> {
    const inputs = [...(form.current?.querySelectorAll<HTMLInputElement>("[data-secret]") ?? [])];
    const entered = Object.fromEntries(inputs.map((input) => [input.name as SecretField, input.value]));
    const saved = await editor.save(entered, remember.value);
    await environments.select(saved.id);
    return saved.id;
  }

  function clear(): void {
    for (const input of form.current?.querySelectorAll<HTMLInputElement>("[data-secret]") ?? []) input.value = "";
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (opening) return;
    const saved = await save();
    await openConnection(workspace, saved);
    // A refused secret stays in its input for a correction.
    if (connections.of(saved).name === "open") clear();
  }

  async function keep(): Promise<void> {
    if (!form.current?.reportValidity()) return;
    await save();
    clear();
  }

  async function remove(): Promise<void> {
    const name = environments.find(id)?.name ?? "";
    const agreed = await ask({
      title: `Remove ${name} and its secrets from this device?`,
      text: "Its variables go with it. Nothing changes on the instance.",
      yes: `Remove ${name}`,
      kind: "danger",
    });
    if (!agreed) return;
    editor.endRemoved();
    await environments.remove(id);
    // Where it cannot be loaded, the view Sync still lists the copies.
    const leaving = await import("../../sync/leaving").catch(() => null);
    await leaving?.offerRemoval(workspace, id);
  }

  function choose(way: Draft["way"]): void {
    editor.change({ way });
    // It was typed for the other way.
    clear();
  }

  return (
    <section class="pane connection" aria-labelledby="connection-heading">
      <h2 id="connection-heading" tabIndex={-1}>
        {id === "" ? "Connect" : `Connect ${environments.find(id)?.name ?? ""}`}
      </h2>
      <UnsavedNotice editor={editor} />
      {editor.notice.value !== "" && (
        <p class="notice" role="alert" dir="auto">
          {editor.notice.value}
        </p>
      )}
      <form ref={form} onSubmit={submit}>
        <fieldset class="choice" disabled={opening}>
          <legend>Route</legend>
          <Way label="Direct" checked={direct} choose={() => choose("direct")} />
          <Way label="Through the worker" checked={!direct} choose={() => choose("worker")} />
        </fieldset>
        <p class="hint route-hint">
          {direct
            ? "This page signs in itself. The instance must allow this page's address: a CORS rule for the REST API, and the property glide.oauth.cors.allowed.origin for the token."
            : "The worker signs in; no secret of the instance is in this page. It passes what the key's policy allows."}
        </p>
        <div class="fields">
          {direct ? (
            <TextInput
              key="instance"
              id="instance"
              label="Instance address"
              value={draft.instanceUrl}
              change={(instanceUrl) => editor.change({ instanceUrl })}
              required
              disabled={opening}
              placeholder="https://dev12345.service-now.com"
              class="wide"
            />
          ) : (
            <>
              <TextInput
                key="worker"
                id="worker"
                label="Worker address"
                value={draft.workerUrl}
                change={(workerUrl) => editor.change({ workerUrl })}
                required
                disabled={opening}
                placeholder="https://worker.example.com"
                class="wide"
              />
              <TextInput
                key="tenant"
                id="tenant"
                label="Tenant"
                value={draft.tenant}
                change={(tenant) => editor.change({ tenant })}
                disabled={opening}
                pattern={TENANT_PATTERN}
                list={editor.tenants.value}
                hint="Empty for a worker with one instance."
              />
            </>
          )}
          {direct && (
            <Choice
              id="method"
              label="Sign-in"
              value={draft.method}
              change={(method) => {
                editor.change({ method: method as SignInMethod });
                clear();
              }}
              options={METHODS.map((method) => [method, ASKED[method].label])}
              disabled={opening}
              hint={asked.hint}
            />
          )}
          <SecretInputs editor={editor} disabled={opening} />
        </div>
        <label class="tick">
          <input
            type="checkbox"
            checked={remember.value}
            disabled={!vault.canRemember || opening}
            onChange={(event) => {
              remember.value = event.currentTarget.checked;
            }}
          />
          Remember on this device
        </label>
        <p class="hint" id="secret-hint">
          {vault.canRemember
            ? "Without it, secrets are held in memory until the tab closes. With it, they are sealed in this browser; no export holds them."
            : "This browser keeps nothing for this page: secrets are held in memory until the tab closes."}
        </p>
        <details class="more">
          <summary>Name, kind, release and options</summary>
          <div class="fields">
            <TextInput
              id="environment-name"
              label="Name"
              value={draft.name}
              change={(name) => editor.change({ name })}
              disabled={opening}
              hint="Shown in the badge; empty for DEV, TEST or PROD."
            />
            <Choice
              id="environment-kind"
              label="Kind"
              value={draft.kind}
              change={(kind) => editor.change({ kind: kind as EnvironmentKind })}
              options={ENVIRONMENT_KINDS.map((kind) => [kind, KIND_LABELS[kind]])}
              disabled={opening}
              hint="Production begins read-only, and asks before each write."
            />
            <Choice
              id="environment-release"
              label="Release"
              value={draft.release}
              change={(release) => editor.change({ release })}
              options={[["", "Not known"], ...RELEASES.map((release): [string, string] => [release, release])]}
              disabled={opening}
              hint="Fixes then use its menu words."
            />
            <OptionalInputs editor={editor} disabled={opening} />
          </div>
        </details>
        <div class="actions">
          {opening ? (
            <button type="button" onClick={() => connections.close(id)}>
              Cancel
            </button>
          ) : (
            <>
              <button type="submit" class="primary">
                Connect
              </button>
              <button type="button" onClick={keep}>
                Save
              </button>
              {id !== "" && (
                <button type="button" class="danger" onClick={() => void remove()}>
                  Remove…
                </button>
              )}
            </>
          )}
        </div>
      </form>
      <p class="visually-hidden" role="status">
        {opening ? "Connecting" : ""}
      </p>
      {connection.name === "none" && connection.missing && (
        <p class="notice" role="alert">
          Not connected. The {connection.missing} is not held any more: it was entered before a reload. Enter it again.
        </p>
      )}
      {connection.name === "none" && connection.failure && (
        <FailureView failure={connection.failure} heading="Not connected" />
      )}
    </section>
  );
}

function UnsavedNotice({ editor }: { editor: Editor }) {
  const unsaved = editor.unsaved.value;
  if (!unsaved) return null;
  const { name, way, instanceUrl, workerUrl } = unsaved.draft;
  const what = name || (way === "worker" ? workerUrl : instanceUrl) || "another environment";
  return (
    <div class="notice" role="status">
      What you typed for <bdi>{what}</bdi> is not saved.{" "}
      <button type="button" onClick={editor.bringBack}>
        Go back to it
      </button>{" "}
      <button type="button" onClick={editor.discardUnsaved}>
        Discard it
      </button>
    </div>
  );
}

function Way({ label, checked, choose }: { label: string; checked: boolean; choose: () => void }) {
  return (
    <label>
      <input type="radio" name="route" checked={checked} onChange={choose} />
      {label}
    </label>
  );
}
