/** The collections as nested lists, with what can be done to the chosen node. */
import { useSignal } from "@preact/signals";
import { Menu, type MenuEntry } from "../kit/menu";
import { methodClass } from "../kit/method-class";
import { titleOf } from "../tester/tester";
import type { Workbench } from "../tester/workbench";
import { type Folder, newCollection, newId, newRequest } from "../workspace/model";
import { duplicate, find, holders, insert, move, type Node, rename, requestsOf } from "./tree";
import { treeKey } from "./tree-keys";

export function TreeView({ workbench }: { workbench: Workbench }) {
  const { library } = workbench;
  const { collections } = library;
  const chosenId = useSignal("");
  const closed = useSignal<ReadonlySet<string>>(new Set());
  const wanted = useSignal("");
  const task = useSignal<"rename" | "move" | null>(null);
  const removed = workbench.removal.value?.node;
  const chosen = find(collections.value, chosenId.value);

  function add(made: Node): void {
    const holder = chosen && (chosen.node.kind === "request" ? chosen.ancestors.at(-1) : chosen.node);
    if (made.kind === "collection" || !holder) {
      library.set([...collections.value, made.kind === "collection" ? made : newCollection("New collection", [made])]);
    } else {
      library.set(insert(collections.value, holder.id, made));
    }
    chosenId.value = made.id;
    task.value = "rename";
  }

  function drop(node: Node): void {
    workbench.remove(node);
    chosenId.value = "";
  }

  function press(event: KeyboardEvent): void {
    if (!chosen || !(event.target instanceof Element)) return;
    const does = treeKey(event.key, event.target);
    if (does === "rename") task.value = "rename";
    if (does === "remove") drop(chosen.node);
  }

  function choose(node: Node): void {
    const again = chosenId.value === node.id;
    chosenId.value = node.id;
    task.value = null;
    if (node.kind === "request") {
      workbench.open(node, true);
    } else if (again || closed.value.has(node.id)) {
      const next = new Set(closed.value);
      if (!next.delete(node.id)) next.add(node.id);
      closed.value = next;
    }
  }

  const words = wanted.value.toLowerCase();
  const matches = (node: Node): boolean =>
    words === "" || node.name.toLowerCase().includes(words) || (node.kind !== "request" && node.items.some(matches));

  const branch = (nodes: readonly Node[], depth: number) => (
    <ul class="tree-list">
      {nodes.filter(matches).map((node) => {
        const open = node.kind !== "request" && !closed.value.has(node.id);
        return (
          <li key={node.id}>
            {task.value === "rename" && chosenId.value === node.id ? (
              <input
                type="text"
                class="rename"
                aria-label="Name"
                value={node.name}
                ref={(input) => input?.focus()}
                onKeyDown={(event) => {
                  event.stopPropagation();
                  if (event.key === "Enter") event.currentTarget.blur();
                  if (event.key === "Escape") task.value = null;
                }}
                onBlur={(event) => {
                  if (task.value === "rename")
                    library.set(rename(collections.value, node.id, event.currentTarget.value));
                  task.value = null;
                }}
              />
            ) : (
              <button
                type="button"
                class={chosenId.value === node.id ? "tree-row on" : "tree-row"}
                style={{ paddingInlineStart: `${depth + 0.5}rem` }}
                aria-expanded={node.kind === "request" ? undefined : open}
                aria-current={chosenId.value === node.id}
                onClick={() => choose(node)}
              >
                {node.kind === "request" ? (
                  <span class={`m ${methodClass(node.method)}`}>{node.method === "DELETE" ? "DEL" : node.method}</span>
                ) : (
                  <span class="twist" aria-hidden="true">
                    {open ? "▾" : "▸"}
                  </span>
                )}
                <span class="ell" dir="auto">
                  {node.kind === "request" ? titleOf(node) : node.name}
                </span>
                {node.kind === "collection" && <span class="count">{requestsOf(node).length}</span>}
                {node.kind === "collection" && node.losses.length > 0 && (
                  <span class="tag warn" title={node.losses.map(({ where, what }) => `${where}: ${what}`).join("\n")}>
                    {node.losses.length} lost
                  </span>
                )}
              </button>
            )}
            {node.kind !== "request" && open && branch(node.items, depth + 1)}
          </li>
        );
      })}
    </ul>
  );

  const creations: MenuEntry[] = [
    {
      id: "request",
      label: "Request",
      run: () => add(newRequest({ name: "New request", address: "/api/now/table/" })),
    },
    { id: "folder", label: "Folder", run: () => add(newFolder()) },
    { id: "collection", label: "Collection", run: () => add(newCollection("New collection")) },
  ];

  function actions(node: Node): MenuEntry[] {
    const holder = node.kind === "request" ? null : node;
    return [
      ...(holder ? [{ id: "run", label: "Run…", run: () => workbench.showRun(holder) }] : []),
      ...(holder
        ? [{ id: "settings", label: "Auth and variables…", run: () => workbench.showSettings(holder.id) }]
        : []),
      { id: "rename", label: "Rename", note: "F2", run: () => begin("rename") },
      { id: "duplicate", label: "Duplicate", run: () => copy(node.id) },
      ...(node.kind === "collection" ? [] : [{ id: "move", label: "Move to…", run: () => begin("move") }]),
      "line",
      { id: "remove", label: "Remove", note: "Delete", run: () => drop(node) },
    ];
  }

  function begin(next: "rename" | "move"): void {
    task.value = next;
  }

  function copy(id: string): void {
    const copied = duplicate(collections.value, id);
    library.set(copied.collections);
    chosenId.value = copied.id;
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 and Delete of the buttons inside
    <div class="tree-view" onKeyDown={press}>
      <div class="tree-tools">
        <Menu label="New" class="small" items={creations}>
          New…
        </Menu>
        {chosen && (
          <Menu label={`Actions for ${nameOf(chosen.node)}`} class="small" items={actions(chosen.node)}>
            <span class="ell" dir="auto">
              {nameOf(chosen.node)}
            </span>{" "}
            …
          </Menu>
        )}
      </div>
      {task.value === "move" && chosen && (
        <label class="tree-move">
          Move to
          <select
            value={chosen.ancestors.at(-1)?.id ?? ""}
            onChange={(event) => {
              library.set(move(collections.value, chosen.node.id, event.currentTarget.value));
              task.value = null;
            }}
          >
            {holders(collections.value).map(({ id, path }) => (
              <option key={id} value={id}>
                {path}
              </option>
            ))}
          </select>
        </label>
      )}
      <input
        type="search"
        aria-label="Filter collections"
        placeholder="Filter"
        value={wanted.value}
        onInput={(event) => {
          wanted.value = event.currentTarget.value;
        }}
      />
      {removed && (
        <p class="notice" role="status">
          {nameOf(removed) || "The request"} was removed.{" "}
          <button type="button" class="link" onClick={workbench.undoRemoval}>
            Undo
          </button>
        </p>
      )}
      {collections.value.length === 0 ? (
        <p class="hint">Collections keep requests for the next time. Save the open request, or make a collection.</p>
      ) : (
        <div class="tree-scroll">{branch(collections.value, 0)}</div>
      )}
    </div>
  );
}

function nameOf(node: Node): string {
  return node.kind === "request" ? titleOf(node) : node.name;
}

function newFolder(): Folder {
  return {
    kind: "folder",
    id: newId(),
    name: "New folder",
    description: "",
    auth: { kind: "inherit" },
    variables: [],
    items: [],
  };
}
