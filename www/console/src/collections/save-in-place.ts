/** Saves the open request where it is. */
import type { Tab } from "../tester/tester";
import type { Workbench } from "../tester/workbench";
import { change, find } from "./tree";

/** Saves a request that is in a collection already. False: it is in none, and the form is needed. */
export function saveInPlace({ library, tester }: Workbench, tab: Tab): boolean {
  const { request } = tab;
  if (find(library.collections.value, request.id)?.node.kind !== "request") return false;
  library.set(
    change(library.collections.value, request.id, (node) => (node.kind === "request" ? { ...node, ...request } : node)),
  );
  tester.markSaved(tab.id, request.name);
  return true;
}
