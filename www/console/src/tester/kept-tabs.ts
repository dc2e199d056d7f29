/** Keeps the open requests across visits, without what looks like a secret. */
import { effect } from "@preact/signals";
import type { Library, LibraryStore } from "../collections/library";
import { find } from "../collections/tree";
import type { SavedRequest } from "../workspace/model";
import { mask } from "./masking";
import { isChanged, type Tester } from "./tester";

/** The one record of the store's tabs. */
const RECORD = "open";
const DELAY_MS = 500;

/** Opens what was open, then stores every change. Call it once, after the library was loaded. */
export async function keepTabs(store: LibraryStore, library: Library, tester: Tester): Promise<void> {
  const kept = (await store.all("tabs")).find(({ id }) => id === RECORD);
  const requests = Array.isArray(kept?.requests) ? kept.requests.filter(isRequest) : [];
  const unchanged = new Set(Array.isArray(kept?.unchanged) ? kept.unchanged : []);
  if (requests.length > 0) {
    tester.reset(
      requests.map((request) => {
        const node = find(library.collections.value, request.id)?.node;
        const saved = node?.kind === "request" ? node : null;
        // The collection's copy is not masked.
        return { request: saved && unchanged.has(request.id) ? saved : request, saved };
      }),
      typeof kept?.activeId === "string" ? kept.activeId : "",
    );
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const requests = tester.tabs.value.map(({ request }) => mask(request));
    const unchanged = tester.tabs.value.filter((tab) => tab.saved !== null && !isChanged(tab)).map(({ id }) => id);
    const activeId = tester.activeId.value;
    clearTimeout(timer);
    timer = setTimeout(() => void store.put("tabs", { id: RECORD, requests, unchanged, activeId }), DELAY_MS);
  });
}

function isRequest(found: unknown): found is SavedRequest {
  const request = found as Partial<SavedRequest> | null;
  return (
    request?.kind === "request" &&
    typeof request.id === "string" &&
    typeof request.address === "string" &&
    Array.isArray(request.parameters) &&
    Array.isArray(request.headers) &&
    Array.isArray(request.assertions) &&
    Array.isArray(request.extractions) &&
    typeof request.body === "object" &&
    typeof request.auth === "object"
  );
}
