/** Where to save the open request: its name and its folder. */
import { useSignal } from "@preact/signals";
import { type Tab, titleOf } from "../tester/tester";
import type { Workbench } from "../tester/workbench";
import { newCollection } from "../workspace/model";
import { holders, insert } from "./tree";

export function SaveForm({ workbench, tab, onDone }: { workbench: Workbench; tab: Tab; onDone: () => void }) {
  const { library, tester } = workbench;
  const places = holders(library.collections.value);
  const name = useSignal(tab.request.name || titleOf(tab.request));
  const holder = useSignal(places[0]?.id ?? "");

  function save(event: Event): void {
    event.preventDefault();
    const request = { ...tab.request, name: name.value };
    library.set(
      holder.value === ""
        ? [...library.collections.value, newCollection("My requests", [request])]
        : insert(library.collections.value, holder.value, request),
    );
    tester.markSaved(tab.id, name.value);
    onDone();
  }

  return (
    <form class="save-form" onSubmit={save} onKeyDown={(event) => event.key === "Escape" && onDone()}>
      <label class="inline-field">
        Name
        <input
          type="text"
          value={name.value}
          ref={(input) => {
            if (input && !input.dataset.focused) {
              input.dataset.focused = "yes";
              input.focus();
            }
          }}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
        />
      </label>
      <label class="inline-field">
        In
        <select
          value={holder.value}
          onChange={(event) => {
            holder.value = event.currentTarget.value;
          }}
        >
          {places.map(({ id, path }) => (
            <option key={id} value={id}>
              {path}
            </option>
          ))}
          <option value="">a new collection “My requests”</option>
        </select>
      </label>
      <button type="submit" class="primary">
        Save
      </button>
      <button type="button" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}
