/** The open request: method, address, Send, and what belongs to the request in tabs. */
import { useSignal } from "@preact/signals";
import { PATHS } from "../catalogue/catalogue";
import { authAt, find, scopesAt } from "../collections/tree";
import { askText } from "../kit/ask";
import { Icon } from "../kit/icon";
import { methodClass } from "../kit/method-class";
import { SuggestInput } from "../kit/suggest-input";
import { queryId } from "../query-editor/query-parameter";
import { RequestQuery } from "../query-editor/request-query";
import { completeAddress, tableOf } from "../schema/complete-address";
import { completeHeader, completeParameter } from "../schema/complete-parameter";
import { knownOf } from "../schema/page";
import { METHODS, type Method, type SavedRequest } from "../workspace/model";
import { isSecretName } from "../workspace/secret-names";
import { AuthEditor } from "./auth-editor";
import { BodyEditor } from "./body-editor";
import { AssertionRows, ChainRows } from "./checks-editor";
import { CodeView } from "./code-view";
import { environmentScope } from "./host";
import { HEADER_NAMES, PARAMETER_NOTES, parameterNames } from "./names";
import { PairRows } from "./pairs";
import { Panels } from "./panels";
import { effectiveAuth, unresolvedOf } from "./prepare";
import type { Tab } from "./tester";
import { createResolver, marks } from "./variables";
import type { Workbench } from "./workbench";
import "../style/suggestions.css";

export function RequestEditor({
  tab,
  workbench,
  height,
  onSave,
}: {
  tab: Tab;
  workbench: Workbench;
  /** Pixels. */
  height: number;
  onSave: () => void;
}) {
  const { host, tester, library } = workbench;
  const { request, exchange } = tab;
  const panel = tab.part;
  /** The id of the parameter whose query is edited; empty: none. */
  const queryOf = useSignal("");
  const state = exchange.state.value;
  const sending = state.phase === "sending";
  const instance = host.instance();
  const environment = host.environment();
  const edit = (part: Partial<SavedRequest>) => tester.edit(tab.id, part);

  const ancestors = find(library.collections.value, request.id)?.ancestors ?? [];
  const scopes = [...environmentScope(host), ...scopesAt(ancestors)];
  const resolve = createResolver(scopes, host.secret);
  const unset = unresolvedOf(request, scopes, host.secret);
  /** Empty lists have no count. */
  const count = (pairs: readonly { on: boolean }[]): { extra?: string } => {
    const active = pairs.filter(({ on }) => on).length;
    return active > 0 ? { extra: String(active) } : {};
  };

  function send(): void {
    if (sending) exchange.cancel();
    else if (instance) void exchange.send(request);
  }

  async function setVariable(name: string): Promise<void> {
    if (!environment) return;
    const value = await askText({
      title: `Set {{${name}}} in ${environment.name}?`,
      text: "The value becomes a variable of the environment. Requests of every tab use it.",
      label: name,
      yes: "Set variable",
      secret: isSecretName(name),
    });
    if (value !== null) await host.setVariables(environment.id, new Map([[name, value]]));
  }

  /** Edits the query that is sent, or a new one. */
  function editQuery(): void {
    panel.value = "params";
    queryOf.value = queryId(request);
  }

  const known = knownOf(host);
  const table = tableOf(resolve(request.address).printable);
  const missing = (text: string) => resolve(text).unresolved[0];
  const noteOf = (names: ReadonlyMap<string, string>) => (pair: { name: string; value: string; on: boolean }) => {
    const name = pair.on ? (missing(pair.name) ?? missing(pair.value)) : undefined;
    if (name !== undefined)
      return { text: `${environment?.name ?? "Nothing"} has no variable “${name}”.`, missing: name };
    const text = names.get(pair.name) ?? "";
    return { text: marks(pair.value).length > 0 ? `Sent as ${resolve(pair.value).printable}` : text };
  };

  return (
    <form
      class="tester-request"
      id="tester-request"
      style={{ "--request-height": `${height}px` }}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        if (event.altKey && event.code === "KeyQ") {
          event.preventDefault();
          editQuery();
        }
        if (event.key === "Escape" && sending) exchange.cancel();
        if (!(event.ctrlKey || event.metaKey)) return;
        if (event.key === "Enter" && !sending) {
          event.preventDefault();
          send();
        }
        if (event.key === "s") {
          event.preventDefault();
          onSave();
        }
      }}
    >
      <div class="urlbar">
        <select
          class={`method ${methodClass(request.method)}`}
          aria-label="Method"
          value={request.method}
          onChange={(event) => edit({ method: event.currentTarget.value as Method })}
        >
          {METHODS.map((method) => (
            <option key={method}>{method}</option>
          ))}
        </select>
        <SuggestInput
          class="mono address"
          label="Path"
          value={request.address}
          invalid={missing(request.address) !== undefined}
          onValue={(address) => edit({ address })}
          complete={(text, caret) => completeAddress(text, caret, known, PATHS)}
        />
        <button
          type="submit"
          class={sending ? "send" : "send primary"}
          disabled={!sending && !instance}
          aria-keyshortcuts="Control+Enter"
          title={instance ? "Ctrl+Enter" : "Connect an environment first"}
        >
          {sending ? "Cancel" : "Send"}
        </button>
        <button type="button" onClick={onSave} aria-keyshortcuts="Control+S">
          Save
        </button>
      </div>
      <Panels
        label="Parts of the request"
        chosen={panel.value}
        onChoose={(id) => {
          panel.value = id;
        }}
        panels={[
          {
            id: "params",
            label: "Params",
            ...count(request.parameters),
            content: () => (
              <PairRows
                noun="parameter"
                pairs={request.parameters}
                names={parameterNames(request.method, resolve(request.address).printable)}
                complete={({ name }, text, caret) => completeParameter(name, text, caret, table, known)}
                after={(pair) =>
                  pair.name === "sysparm_query" && (
                    <button
                      type="button"
                      class="quiet small"
                      aria-label={`Edit the query of parameter ${request.parameters.findIndex(({ id }) => id === pair.id) + 1}`}
                      aria-keyshortcuts="Alt+Q"
                      title="Edit the query (Alt Q)"
                      onClick={() => {
                        queryOf.value = pair.id;
                      }}
                    >
                      <Icon name="query" />
                    </button>
                  )
                }
                note={noteOf(PARAMETER_NOTES)}
                onSet={environment && ((name) => void setVariable(name))}
                onChange={(parameters) => edit({ parameters })}
              />
            ),
          },
          {
            id: "headers",
            label: "Headers",
            ...count(request.headers),
            content: () => (
              <>
                <PairRows
                  noun="header"
                  pairs={request.headers}
                  names={HEADER_NAMES}
                  complete={({ name }, text, caret) => completeHeader(name, text, caret)}
                  note={noteOf(NO_NOTES)}
                  onSet={environment && ((name) => void setVariable(name))}
                  onChange={(headers) => edit({ headers })}
                />
                <p class="hint">The token is sent as Authorization; it is not shown.</p>
              </>
            ),
          },
          {
            id: "body",
            label: "Body",
            content: () => <BodyEditor request={request} exchange={exchange} onChange={(body) => edit({ body })} />,
          },
          {
            id: "auth",
            label: "Auth",
            content: () => (
              <AuthEditor
                auth={request.auth}
                inherited={inheritedWords(effectiveAuth(authAt(ancestors)).kind, environment?.name ?? "")}
                host={host}
                onChange={(auth) => edit({ auth })}
              />
            ),
          },
          {
            id: "assertions",
            label: "Assertions",
            ...count(request.assertions),
            content: () => (
              <AssertionRows
                assertions={request.assertions}
                verdicts={"verdicts" in state ? state.verdicts : []}
                onChange={(assertions) => edit({ assertions })}
              />
            ),
          },
          {
            id: "chain",
            label: "Chain",
            ...count(request.extractions),
            content: () => (
              <ChainRows
                extractions={request.extractions}
                extracted={"extracted" in state ? state.extracted : []}
                environment={environment?.name ?? ""}
                onChange={(extractions) => edit({ extractions })}
              />
            ),
          },
          {
            id: "code",
            label: "Code",
            content: () => (
              <CodeView
                request={request}
                ancestors={authAt(ancestors)}
                scopes={scopes}
                environment={environment}
                instanceUrl={instance?.url ?? "https://dev00000.service-now.com"}
              />
            ),
          },
        ]}
      >
        {unset.length > 0 && (
          <span class="tag warn" title={unset.join(", ")}>
            {unset.length === 1 ? "1 variable" : `${unset.length} variables`} not set
          </span>
        )}
      </Panels>
      <RequestQuery
        editing={queryOf}
        request={request}
        table={table}
        host={host}
        onChange={(parameters) => edit({ parameters })}
        onEdit={editQuery}
      />
    </form>
  );
}

function inheritedWords(folder: string, environment: string): string {
  if (folder !== "inherit") return `A folder around this request says: ${folder}.`;
  return environment
    ? `The request signs in as ${environment} does.`
    : "The request signs in as the environment in use does.";
}

const NO_NOTES: ReadonlyMap<string, string> = new Map();
