/** What the person should know of store, vault and environments: what was not kept, set aside or changed by another tab. Shown at the top of every view. */
import type { Signal } from "@preact/signals";
import { saveAs } from "../download";
import { plural } from "../number";
import type { Workspace } from "./workspace";

export function KeepingNotices({ workspace }: { workspace: Workspace }) {
  const { store, vault, environments } = workspace;
  const damaged = store.damaged.value;
  const conflicts = store.conflicts.value;
  const newer = store.newer.value;
  return (
    <>
      {Object.entries({ store, vault, environments }).map(([part, { notice }]) =>
        notice.value === "" ? null : (
          <div key={part} class="notice" role="status">
            <span dir="auto">{notice.value}</span>{" "}
            <button
              type="button"
              onClick={() => {
                notice.value = "";
              }}
            >
              Hide
            </button>
          </div>
        ),
      )}
      {conflicts.length > 0 && (
        <div class="notice" role="alert">
          <p>Another tab of this browser changed the same thing at the same time.</p>
          <ul>
            {conflicts.map(({ kind, name, copy }, at) => (
              <li key={`${kind} ${name} ${at}`} dir="auto">
                {copy === ""
                  ? `“${name}” was changed there, and was not removed here.`
                  : `“${name}” is as it was changed there; the change of this tab is “${copy}”. Keep the one you need.`}
              </li>
            ))}
          </ul>
          <Hide list={store.conflicts} />
        </div>
      )}
      {newer.length > 0 && (
        <div class="notice" role="status">
          <p>
            {plural(newer.length, "record")} of this device {newer.length === 1 ? "was" : "were"} written by a newer
            console ({[...new Set(newer.map(({ kind }) => kind))].join(", ")}). This one cannot read{" "}
            {newer.length === 1 ? "it" : "them"} and leaves {newer.length === 1 ? "it" : "them"} as{" "}
            {newer.length === 1 ? "it is" : "they are"}. Reload the page to get the newer console.
          </p>
          <Hide list={store.newer} />
        </div>
      )}
      {damaged.length > 0 && (
        <div class="notice" role="alert">
          <p>
            {plural(damaged.length, "record")} of this device could not be read and{" "}
            {damaged.length === 1 ? "was" : "were"} set aside. Everything else is there.
          </p>
          <ul>
            {damaged.map(({ kind, id, why }, at) => (
              <li key={`${kind} ${id} ${at}`}>
                {kind}, {id || "without an id"}: {why}
              </li>
            ))}
          </ul>
          <button
            type="button"
            onClick={() => saveAs("set-aside.json", "application/json", [JSON.stringify(damaged, null, 2)])}
          >
            Save them as a file
          </button>{" "}
          <Hide list={store.damaged} />
        </div>
      )}
    </>
  );
}

function Hide({ list }: { list: Signal<readonly unknown[]> }) {
  return (
    <button
      type="button"
      onClick={() => {
        list.value = [];
      }}
    >
      Hide
    </button>
  );
}
