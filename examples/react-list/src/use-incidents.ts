import { useCallback, useEffect, useRef, useState } from "react";
import type { Instance, Page } from "sysparm";

/** The fields that this page shows. `npx sysparm types` writes all fields of a table. */
export interface Incident {
  sys_id: string;
  number: string;
  short_description: string;
  priority: string;
  state: string;
  sys_updated_on: string;
}

const FIELDS = ["sys_id", "number", "short_description", "priority", "state", "sys_updated_on"] as const;

/** Both forms of each value: labels alone do not say where the next page begins. */
type Cell = { value: string; display_value: string };
/** A field that access rules hide from a row is missing in it. */
export type IncidentRow = { sys_id: Cell } & Partial<Record<keyof Incident, Cell>>;
type IncidentPage = Page<IncidentRow>;

interface Reading {
  rows: IncidentRow[];
  /** The latest page. It knows how far the reading has come. */
  page?: IncidentPage;
  isReading: boolean;
  error?: unknown;
}

export interface Incidents extends Reading {
  /** Reads the next page. */
  more(): void;
  /** Reads from the first page again. */
  again(): void;
}

const NOTHING: Reading = { rows: [], isReading: true };

/** The incidents that a query finds, page by page. */
export function useIncidents(instance: Instance, query: string): Incidents {
  const [reading, setReading] = useState(NOTHING);
  const [attempt, setAttempt] = useState(0);
  const next = useRef<() => void>(() => undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` begins a new reading of the same query
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const table = instance.table<Incident>("incident");
    const pages = table.pages({ query, fields: FIELDS, displayValue: "all", pageSize: 50, signal });
    next.current = async () => {
      setReading((before) => ({ ...before, isReading: true, error: undefined }));
      try {
        const { value: page, done } = await pages.next();
        if (signal.aborted || done) return;
        setReading(({ rows }) => ({ rows: [...rows, ...page.rows], page, isReading: false }));
      } catch (error) {
        if (!signal.aborted) setReading((before) => ({ ...before, isReading: false, error }));
      }
    };
    setReading(NOTHING);
    next.current();
    // Another query, or the end of this component: what is under way must not arrive in the next list.
    return () => ending.abort();
  }, [instance, query, attempt]);

  const more = useCallback(() => next.current(), []);
  const again = useCallback(() => setAttempt((before) => before + 1), []);
  return { ...reading, more, again };
}
