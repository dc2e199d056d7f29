/** The open requests of the tester, each in a tab with its own exchange. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { authAt, find, scopesAt } from "../collections/tree";
import { merge, same } from "../workspace/merge";
import { type Collection, newPair, newRequest, type SavedRequest } from "../workspace/model";
import { type Comparison, createComparison } from "./comparison";
import { createExchange, type Exchange, type Finished } from "./exchange";
import type { Host } from "./host";
import { createPlaces, type Places } from "./places";

export interface Tab {
  id: string;
  request: SavedRequest;
  /** As it was opened or saved, to see whether it changed. Null for a request that is in no collection. */
  saved: SavedRequest | null;
  exchange: Exchange;
  comparison: Comparison;
  places: Places;
  /** The id of the chosen part of the request. */
  part: Signal<string>;
}

export type Tester = ReturnType<typeof createTester>;

export function createTester(
  host: Host,
  collections: ReadonlySignal<readonly Collection[]>,
  finished: (result: Finished) => void,
) {
  const tabs = signal<readonly Tab[]>([]);
  const activeId = signal("");
  const proposed = new WeakSet<SavedRequest>();

  function active(): Tab | undefined {
    return tabs.value.find(({ id }) => id === activeId.value);
  }

  /** Opens a request; one that is open already is shown. `saved`: it is in a collection. */
  function open(request: SavedRequest, saved = false): void {
    if (!tabs.value.some(({ id }) => id === request.id)) {
      tabs.value = [...tabs.value, tabOf(request, saved ? request : null)];
    }
    activeId.value = request.id;
  }

  function tabOf(request: SavedRequest, saved: SavedRequest | null): Tab {
    const { id } = request;
    const ancestors = () => find(collections.value, id)?.ancestors ?? [];
    const surroundings = () => ({ scopes: scopesAt(ancestors()), auth: authAt(ancestors()) });
    const exchange = createExchange(host, surroundings, (result) => {
      // It is of the reply before this one, and holds two bodies.
      comparison.cancel();
      finished(result);
    });
    const comparison = createComparison(surroundings, () => exchange.files.value);
    return { id, request, saved, exchange, comparison, places: createPlaces(), part: signal("params") };
  }

  /** Whether there is nothing but a first request as the console proposes it. */
  function isUntouched(): boolean {
    const [only] = tabs.value;
    return tabs.value.length === 1 && only !== undefined && proposed.has(only.request);
  }

  /** Replaces what is open, if nothing was sent or typed yet. */
  function reset(opened: readonly Pick<Tab, "request" | "saved">[], active: string): void {
    if (!isUntouched() || tabs.value[0]?.exchange.state.value.phase !== "idle") return;
    tabs.value = opened.map(({ request, saved }) => tabOf(request, saved));
    activeId.value = tabs.value.some(({ id }) => id === active) ? active : (tabs.value[0]?.id ?? "");
  }

  function edit(id: string, part: Partial<SavedRequest>): void {
    tabs.value = tabs.value.map((tab) => (tab.id === id ? { ...tab, request: { ...tab.request, ...part } } : tab));
  }

  /** Takes over what was changed of the saved requests, such as a name; what was edited in a tab stays. */
  function follow(now: readonly Collection[]): void {
    const next = tabs.peek().map((tab) => {
      const node = tab.saved && find(now, tab.id)?.node;
      if (!tab.saved || node?.kind !== "request" || node === tab.saved) return tab;
      return { ...tab, request: merge(tab.saved, tab.request, node).data, saved: node };
    });
    if (next.some((tab, index) => tab !== tabs.peek()[index])) tabs.value = next;
  }

  /** Notes that the request of a tab is now in a collection as it stands. */
  function markSaved(id: string, name: string): void {
    tabs.value = tabs.value.map((tab) => {
      if (tab.id !== id) return tab;
      const request = { ...tab.request, name };
      return { ...tab, request, saved: request };
    });
  }

  /** Closes a tab and returns what opens it again. Its call is cancelled. The last tab is followed by an empty one. */
  function close(id: string): () => void {
    const index = tabs.value.findIndex((tab) => tab.id === id);
    const closed = tabs.value[index];
    if (!closed) return () => undefined;
    closed.exchange.cancel();
    closed.comparison.cancel();
    closed.exchange.release();
    tabs.value = tabs.value.filter((tab) => tab.id !== id);
    if (tabs.value.length === 0) openFirst();
    if (activeId.value === id) activeId.value = tabs.value[Math.min(index, tabs.value.length - 1)]?.id ?? "";
    return () => {
      if (!tabs.value.some((tab) => tab.id === id)) {
        tabs.value = [...tabs.value.slice(0, index), closed, ...tabs.value.slice(index)];
      }
      activeId.value = id;
    };
  }

  function cancel(): void {
    for (const { exchange, comparison } of tabs.value) {
      exchange.cancel();
      comparison.cancel();
    }
  }

  function openFirst(): void {
    const first = firstRequest();
    proposed.add(first);
    open(first);
  }

  openFirst();
  return { tabs, activeId, active, open, isUntouched, reset, edit, follow, markSaved, close, cancel };
}

export function isChanged(tab: Tab): boolean {
  return tab.saved !== null && !same(tab.request, tab.saved);
}

export function titleOf(request: SavedRequest): string {
  return request.name || request.address || "New request";
}

function firstRequest(): SavedRequest {
  return newRequest({
    address: "/api/now/table/incident",
    parameters: [
      newPair("sysparm_limit", "5"),
      newPair("sysparm_query", "active=true^ORDERBYDESCsys_updated_on", false),
    ],
    body: { kind: "json", text: '{\n  "short_description": "Printed by the tester"\n}' },
  });
}
