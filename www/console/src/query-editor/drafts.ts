/**
 * What was edited and not used, because the dialog was closed by Escape or a press outside. Kept in memory, so that nothing typed is lost
 * by a slip.
 */

export interface Draft {
  /** The query of the request that it began with. Another query there makes it void. */
  from: string;
  text: string;
}

const MOST = 50;

export function createDrafts() {
  /** By the id of the parameter, the oldest first. */
  const kept = new Map<string, Draft>();

  function keep(id: string, { from, text }: Draft): void {
    kept.delete(id);
    if (from !== text) kept.set(id, { from, text });
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  }

  const drop = (id: string) => void kept.delete(id);

  /** Undefined where there is none for this query. */
  function of(id: string, from: string): string | undefined {
    const draft = kept.get(id);
    return draft?.from === from ? draft.text : undefined;
  }

  return { keep, drop, of };
}
