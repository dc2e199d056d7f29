/** A practice instance that can be slowed down during a read. */
import { setTimeout } from "node:timers/promises";
import { type JournalEntry, type PracticeInstance, startPracticeInstance } from "../../harness/practice-instance.ts";

export { CLIENT_ID, CLIENT_SECRET } from "../../harness/practice-instance.ts";

export interface SlowedInstance extends PracticeInstance {
  /** Answers two pages of a read, then delays the next one, so that a test can act during the read. */
  slowAfterTwoPages(ms: number): Promise<void>;
}

export async function startInstance(...options: string[]): Promise<SlowedInstance> {
  const instance = await startPracticeInstance(...options);
  return {
    ...instance,
    slowAfterTwoPages: async (ms) => {
      const until = performance.now() + 30_000;
      while ((await instance.journal()).filter(isPage).length < 2) {
        if (performance.now() > until) throw new Error("no second page was asked for");
        await setTimeout(10);
      }
      await instance.set({ delay_ms: ms });
    },
  };
}

function isPage({ method, path }: JournalEntry): boolean {
  return method === "GET" && path.startsWith("/api/now/table/");
}
