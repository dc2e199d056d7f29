/** Keeps the open requests across visits, without what looks like a secret. Each tab of the browser has a record of its own. */
import { effect } from "@preact/signals";
import type { Library, LibraryStore } from "../collections/library";
import { find } from "../collections/tree";
import { type BrowserTab, browserTab } from "../store/browser-tab";
import type { Kept } from "../store/schemas";
import { newId, type SavedRequest } from "../workspace/model";
import { mask } from "./masking";
import { isChanged, type Tester } from "./tester";

const DELAY_MS = 500;
/** Records of closed tabs. Older ones are removed. */
const MOST_CLOSED = 20;

/** Opens what was open, then stores every change. Call it once, after the library was loaded. */
export async function keepTabs(
  store: LibraryStore,
  library: Library,
  tester: Tester,
  tab: BrowserTab = browserTab,
): Promise<void> {
  const records = await store.all("tabs");
  const { id, kept } = await own(records, tab);
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
  let isKept = kept?.id === id;
  effect(() => {
    const requests = tester.tabs.value.map(({ request }) => mask(request));
    const unchanged = tester.tabs.value.filter((tab) => tab.saved !== null && !isChanged(tab)).map(({ id }) => id);
    const activeId = tester.activeId.value;
    // What nobody typed would take the place of a closed tab's work in the next tab.
    const write = !tester.isUntouched();
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (write) void store.put("tabs", { id, requests, unchanged, activeId, at: Date.now() });
      else if (isKept) void store.remove("tabs", id);
      isKept = write;
    }, DELAY_MS);
  });
  await removeOld(store, records, id, tab);
}

/** The id of this tab's record, and what it begins with: its own record, or else the newest that a closed tab left. */
async function own(records: readonly Kept[], tab: BrowserTab): Promise<{ id: string; kept: Kept | undefined }> {
  const former = tab.former();
  const mine = records.find(({ id }) => id === former);
  if (former !== "" && (await tab.claim(former))) return { id: former, kept: mine };
  const open = await tab.open();
  // A duplicated tab begins with what the other one has.
  const left = mine ? [] : records.filter(({ id }) => !open.has(id)).sort(byTime);
  for (const kept of left) if (await tab.claim(kept.id)) return { id: kept.id, kept };
  const id = newId();
  await tab.claim(id);
  return { id, kept: mine };
}

async function removeOld(store: LibraryStore, records: readonly Kept[], id: string, tab: BrowserTab): Promise<void> {
  const open = await tab.open();
  const closed = records.filter((record) => record.id !== id && !open.has(record.id)).sort(byTime);
  for (const record of closed.slice(MOST_CLOSED)) await store.remove("tabs", record.id);
}

/** The newest first. Records of earlier consoles have no time. */
function byTime(one: Kept, other: Kept): number {
  return Number(other.at ?? 0) - Number(one.at ?? 0);
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
