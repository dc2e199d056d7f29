/** Where a person was in the replies of a tab: the chosen panel, and how far each panel was scrolled. In memory, by environment. */
import { type Signal, signal } from "@preact/signals";
import type { Ended } from "./exchange";

export interface Place {
  /** The id of the chosen panel. */
  panel: Signal<string>;
  /** Pixels from the top, by panel. */
  scrolls: Map<string, number>;
}

export type Places = ReturnType<typeof createPlaces>;

export function createPlaces() {
  const answered = new Map<string, Place & { line: string }>();
  const failed = new WeakMap<Ended, Place>();

  /** A reply to the same call stays where the one before it was. A failure begins with its diagnosis. */
  function placeOf(ended: Ended): Place {
    if (ended.failure) {
      const place = failed.get(ended) ?? { panel: signal("diagnosis"), scrolls: new Map() };
      failed.set(ended, place);
      return place;
    }
    const key = `${ended.where} ${ended.origin}`;
    const place = answered.get(key) ?? { panel: signal("pretty"), scrolls: new Map(), line: ended.line };
    if (place.line !== ended.line) place.scrolls.clear();
    place.line = ended.line;
    answered.set(key, place);
    return place;
  }

  return { placeOf };
}
