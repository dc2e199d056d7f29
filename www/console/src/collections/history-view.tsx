/** What was sent, the newest first. An entry opens as a new request. */
import { useSignal } from "@preact/signals";
import { ask } from "../kit/ask";
import { duration, plural } from "../number";
import type { Workbench } from "../tester/workbench";
import { newId } from "../workspace/model";
import { search } from "./history";

export function HistoryView({ workbench }: { workbench: Workbench }) {
  const { library } = workbench;
  const wanted = useSignal("");
  const entries = search(library.history.value, wanted.value);

  async function clear(): Promise<void> {
    const agreed = await ask({
      title: `Remove ${plural(library.history.value.length, "request")} from the history?`,
      text: "They cannot be brought back. Collections and tabs stay.",
      yes: "Clear the history",
      kind: "danger",
    });
    if (agreed) library.clearHistory();
  }

  return (
    <div class="tree-view">
      <input
        type="search"
        aria-label="Search the history"
        placeholder="Search"
        value={wanted.value}
        onInput={(event) => {
          wanted.value = event.currentTarget.value;
        }}
      />
      <p class="hint" role="status">
        {library.history.value.length === 0
          ? "Requests that you send are listed here, without their secrets."
          : plural(entries.length, "request")}
      </p>
      <ul class="tree-list tree-scroll">
        {entries.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              class="tree-row history-row"
              onClick={() => workbench.open({ ...entry.request, id: newId() })}
            >
              <span class={entry.code === "" ? "state good" : "state bad"}>{entry.status ?? "none"}</span>
              <span class="ell mono">{entry.line}</span>
              <span class="quiet">
                {new Date(entry.at).toLocaleTimeString("en-GB")} {entry.environmentName} {duration(entry.totalMs)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {library.history.value.length > 0 && (
        <button type="button" onClick={() => void clear()}>
          Clear the history…
        </button>
      )}
    </div>
  );
}
