/** What a text finds: in the catalogue, and in what the instance describes of itself. Pure. */
import { count } from "../number";
import { found } from "./catalogue";
import { type Described, type DescribedRequest, foundIn } from "./described";

/** `calls` is how many, shown or not. */
export function foundEverywhere(typed: string, described: readonly Described[]) {
  const groups = found(typed);
  const documents = described.map((one) => ({ one, requests: foundIn(one, typed) }));
  const calls = [...groups.map((group) => group.calls.length), ...documents.map(({ requests }) => requests.length)];
  return { groups, documents, calls: calls.reduce((sum, length) => sum + length, 0) };
}

/** Those that are drawn. `note` is a sentence where they are not all; empty otherwise. */
export function shownOf(requests: readonly DescribedRequest[]): { shown: readonly DescribedRequest[]; note: string } {
  const cut = requests.length > MOST_SHOWN;
  return {
    shown: requests.slice(0, MOST_SHOWN),
    note: cut ? `The first ${MOST_SHOWN} of ${count(requests.length)} calls are shown. Search to see others.` : "",
  };
}

const MOST_SHOWN = 300;
