/**
 * Guards writes. A read-only environment takes none until it is unlocked, for 30 minutes or until the tab is closed. Each write on
 * production is asked for, and the writes of a run together.
 */
import { signal } from "@preact/signals";
import type { Environment } from "../workspace/model";

export const UNLOCK_MS = 30 * 60_000;

/** A write of a run, with secrets as dots, and how often it is sent: once for each row of data. */
export interface PlannedWrite {
  line: string;
  times: number;
}

/** A field that a write changes. */
export interface ChangedField {
  name: string;
  /** Its label, or its name. Two fields of a table may have one label. */
  title: string;
  from: string;
  to: string;
}

/** A write of one record, with what it changes. */
export interface ChangeRequest {
  description: string;
  /** A verb and its object: "Update INC0010001". */
  action: string;
  changes: readonly ChangedField[];
}

export interface Question {
  environment: Environment;
  /** What is about to be sent: "PATCH /api/now/table/incident/…"; for a run the name of its collection or folder. */
  description: string;
  /** The writes of a run; empty for a single write. */
  writes: readonly PlannedWrite[];
  /** What the write does; absent where nothing is known but its request. */
  change?: ChangeRequest;
  /** True while the environment is read-only: a yes unlocks it as well. */
  locked: boolean;
  answer: (yes: boolean) => void;
}

export type Guard = ReturnType<typeof createGuard>;

export function createGuard(now: () => number = Date.now) {
  /** When each unlock ends, by the environment's id. In memory: it ends with the tab. */
  const unlocked = signal<ReadonlyMap<string, number>>(new Map());
  /** The question that a dialog shows. */
  const question = signal<Question | null>(null);

  const isLocked = (environment: Environment): boolean =>
    environment.readOnly && (unlocked.value.get(environment.id) ?? 0) <= now();

  /** Whether each write is asked for now, and the writes of a run by their number. */
  const asks = (environment: Environment): boolean => environment.kind === "prod" || isLocked(environment);

  /** The name of an environment that takes no write now; null for any other. */
  const lockedName = (environment: Environment): string | null => (isLocked(environment) ? environment.name : null);

  function unlock(id: string): void {
    unlocked.value = new Map([...unlocked.value, [id, now() + UNLOCK_MS]]);
  }

  function lock(id: string): void {
    unlocked.value = new Map([...unlocked.value].filter(([other]) => other !== id));
  }

  /** Forgets the unlocks that have ended, so that what shows the lock is drawn again. */
  function endUnlocks(): void {
    const left = [...unlocked.value].filter(([, until]) => until > now());
    if (left.length < unlocked.value.size) unlocked.value = new Map(left);
  }

  /**
   * Resolves to whether a write may be sent. Asks on production, and where the environment is read-only. `allowed` is true for a write
   * of a run that was asked for: it is asked for again only where the environment is read-only by then.
   */
  function allowWrite(environment: Environment, description: string, allowed = false): Promise<boolean> {
    if (allowed && !isLocked(environment)) return Promise.resolve(true);
    return ask(environment, description, []);
  }

  /** Resolves to whether a run may send its writes, where each of them would be asked for. `name` is that of its collection or folder. */
  function allowRun(environment: Environment, name: string, writes: readonly PlannedWrite[]): Promise<boolean> {
    return ask(environment, name, writes);
  }

  /** As `allowWrite`, with what the write changes: the dialog shows it. */
  function allowChange(environment: Environment, change: ChangeRequest): Promise<boolean> {
    return ask(environment, change.description, [], change);
  }

  function ask(
    environment: Environment,
    description: string,
    writes: readonly PlannedWrite[],
    change?: ChangeRequest,
  ): Promise<boolean> {
    if (!asks(environment)) return Promise.resolve(true);
    const locked = isLocked(environment);
    // One question at a time: the earlier one counts as refused.
    question.value?.answer(false);
    return new Promise((resolve) => {
      const answer = (yes: boolean) => {
        question.value = null;
        if (yes && locked) unlock(environment.id);
        resolve(yes);
      };
      question.value = { environment, description, writes, ...(change && { change }), locked, answer };
    });
  }

  return {
    unlocked,
    question,
    isLocked,
    asks,
    lockedName,
    unlock,
    lock,
    endUnlocks,
    allowWrite,
    allowChange,
    allowRun,
  };
}

/** The page's guard. */
export const guard = createGuard();
