/** The tester: collections and history at the side, the open requests, the reply. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { paneSize } from "../app/preferences";
import { HistoryView } from "../collections/history-view";
import { HolderTabs } from "../collections/holder-tabs";
import { RunView } from "../collections/run-view";
import { SaveForm } from "../collections/save-form";
import { saveInPlace } from "../collections/save-in-place";
import { SettingsView } from "../collections/settings-view";
import { TreeView } from "../collections/tree-view";
import { useDrawer } from "../kit/drawer";
import { methodClass } from "../kit/method-class";
import { Splitter } from "../kit/splitter";
import { newRequest, type SavedRequest } from "../workspace/model";
import type { WorkerOffer } from "./blocked-notice";
import { RequestEditor } from "./editor";
import { maskedProblem } from "./masking";
import { Panels } from "./panels";
import { ReplyView } from "./reply";
import { isChanged, type Tab, titleOf } from "./tester";
import type { Workbench } from "./workbench";
import "../style/tester.css";
import "../style/collections.css";
import "../style/reply.css";

const requestHeight = paneSize("tester-request", 330);

export function TesterPane({
  workbench,
  offer,
  onDoctor,
}: {
  workbench: Workbench;
  offer: WorkerOffer;
  onDoctor: (request: SavedRequest) => void;
}) {
  const { tester, drawer, front, host } = workbench;
  const side = useSignal("collections");
  const saving = useSignal(false);
  /** The id of the tab whose request was refused to be saved. */
  const refusedId = useSignal("");
  const aside = useRef<HTMLElement>(null);
  const closeDrawer = () => {
    drawer.value = false;
  };
  useDrawer(aside, drawer.value, closeDrawer, "(max-width: 1023px)");
  const tab = tester.active();
  if (!tab) return null;

  const masked = maskedProblem(tab.request);

  function save(): void {
    refusedId.value = tab && masked !== "" ? tab.id : "";
    if (refusedId.value !== "") return;
    if (tab && !saveInPlace(workbench, tab)) saving.value = true;
  }

  return (
    <div class="tester">
      {drawer.value && <div class="scrim tester-scrim" onClick={closeDrawer} aria-hidden="true" />}
      <aside ref={aside} class={drawer.value ? "tester-side open" : "tester-side"} aria-label="Collections and history">
        <Panels
          label="Collections and history"
          chosen={side.value}
          onChoose={(id) => {
            side.value = id;
          }}
          panels={[
            { id: "collections", label: "Collections", content: () => <TreeView workbench={workbench} /> },
            { id: "history", label: "History", content: () => <HistoryView workbench={workbench} /> },
          ]}
        />
      </aside>
      <div class="tester-work">
        <OpenTabs workbench={workbench} />
        {front.value === "run" ? (
          <RunView workbench={workbench} connected={host.instance() !== null} />
        ) : front.value === "settings" ? (
          <SettingsView workbench={workbench} />
        ) : (
          <>
            {masked !== "" && refusedId.value === tab.id && (
              <p class="notice" role="alert">
                Not saved. {masked}
              </p>
            )}
            {saving.value && masked === "" && (
              <SaveForm
                key={tab.id}
                workbench={workbench}
                tab={tab}
                onDone={() => {
                  saving.value = false;
                }}
              />
            )}
            <RequestEditor key={tab.id} tab={tab} workbench={workbench} height={requestHeight.value} onSave={save} />
            <Splitter
              label="Request"
              controls="tester-request"
              direction="column"
              size={requestHeight}
              min={140}
              max={700}
            />
            <Outcome key={`reply ${tab.id}`} tab={tab} workbench={workbench} offer={offer} onDoctor={onDoctor} />
          </>
        )}
      </div>
    </div>
  );
}

/** Not a list of tabs in the sense of ARIA: each has a button that closes it. */
function OpenTabs({ workbench }: { workbench: Workbench }) {
  const { tester, drawer, front } = workbench;
  const closed = useSignal<(() => void) | null>(null);
  const isFront = (tab: Tab) => front.value === "request" && tab.id === tester.activeId.value;
  return (
    <nav class="open-tabs" aria-label="Open requests">
      <button
        type="button"
        class="plain side-toggle"
        aria-expanded={drawer.value}
        onClick={() => {
          drawer.value = !drawer.value;
        }}
      >
        Collections
      </button>
      <ul>
        {tester.tabs.value.map((tab) => (
          <li key={tab.id} class={isFront(tab) ? "open-tab on" : "open-tab"}>
            <button
              type="button"
              class="plain"
              aria-current={isFront(tab)}
              onClick={() => {
                tester.activeId.value = tab.id;
                front.value = "request";
              }}
            >
              <span class={`m ${methodClass(tab.request.method)}`}>{tab.request.method}</span>{" "}
              <span class="ell" dir="auto">
                {titleOf(tab.request)}
              </span>
              {isChanged(tab) && <span class="unsaved"> not saved</span>}
            </button>
            <button
              type="button"
              class="plain remove"
              aria-label={`Close ${titleOf(tab.request)}`}
              onClick={() => {
                closed.value = tester.close(tab.id);
              }}
            >
              ×
            </button>
          </li>
        ))}
        <HolderTabs workbench={workbench} />
      </ul>
      <button
        type="button"
        class="plain"
        onClick={() => workbench.open(newRequest({ address: "/api/now/table/" }))}
        aria-label="New request"
        title="New request"
      >
        +
      </button>
      {closed.value && (
        <button
          type="button"
          class="plain"
          onClick={() => {
            closed.value?.();
            closed.value = null;
            front.value = "request";
          }}
        >
          Undo close
        </button>
      )}
    </nav>
  );
}

function Outcome({
  tab,
  workbench,
  offer,
  onDoctor,
}: {
  tab: Tab;
  workbench: Workbench;
  offer: WorkerOffer;
  onDoctor: (request: SavedRequest) => void;
}) {
  const { tester } = workbench;
  const { exchange, request } = tab;
  const state = exchange.state.value;

  /** The parameters of the Link header replace those of the request, also those that are written in its address. */
  function openPage(address: string): void {
    const url = new URL(address, "https://instance.invalid");
    const given = new Map(url.searchParams);
    const known = new Set(request.parameters.map(({ name }) => name));
    const parameters = request.parameters.map((pair) => {
      const value = given.get(pair.name);
      return value === undefined ? pair : { ...pair, value, on: true };
    });
    for (const [name, value] of given) {
      if (!known.has(name)) parameters.push({ id: crypto.randomUUID(), name, value, on: true });
    }
    const [withoutQuery = ""] = request.address.split("?");
    tester.edit(tab.id, { address: withoutQuery, parameters });
    const changed = tester.active();
    if (changed) void exchange.send(changed.request);
  }

  return (
    <div class="outcome">
      <p class="visually-hidden" role="status">
        {state.phase === "sending"
          ? state.received
            ? "Checking the reply"
            : "Sending"
          : state.phase === "answered"
            ? `Answered with status ${state.reply?.status}`
            : ""}
      </p>
      {state.phase === "idle" && (
        <p class="hint outcome-empty">The reply appears here. Ctrl+Enter sends from any field.</p>
      )}
      {state.phase === "sending" && (
        <p class="hint outcome-empty">{state.received ? "The reply is here. Checking it…" : "Sending…"}</p>
      )}
      {state.phase === "problem" && (
        <p class="notice" role="alert">
          Not sent. {state.problem}{" "}
          {state.unresolved.length > 0 && (
            <button type="button" onClick={() => void exchange.send(request, true)}>
              Send as written
            </button>
          )}
        </p>
      )}
      {state.phase === "cancelled" && (
        <p class="notice" role="alert">
          Cancelled: {state.line}.{" "}
          {state.write && "The request may have reached the instance. Check before you repeat it."}
        </p>
      )}
      {(state.phase === "answered" || state.phase === "failed") && (
        <ReplyView
          key={state.line + state.reply?.totalMs}
          ended={state}
          tab={tab}
          workbench={workbench}
          offer={offer}
          onPage={openPage}
          onDoctor={onDoctor}
        />
      )}
    </div>
  );
}
