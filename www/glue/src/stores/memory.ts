/** Tokens in memory, for several instances of one program: gone when it ends. */
import type { Store } from "sysparm";

/** A store in memory. */
export function memory(): Store {
  const texts = new Map<string, string>();
  const watchers = new Map<string, Set<() => void>>();
  return {
    get: async (name) => texts.get(name),
    async set(name, text) {
      texts.set(name, text);
      // The writer is notified, too: a store cannot tell instances apart, and the writer knows the text.
      for (const changed of watchers.get(name) ?? []) queueMicrotask(changed);
    },
    watch(name, changed) {
      const all = watchers.get(name) ?? new Set();
      watchers.set(name, all.add(changed));
      return () => void all.delete(changed);
    },
  };
}
