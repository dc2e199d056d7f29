/**
 * One record of one environment: read with both forms of every field, changed by drafts, written only if nobody else changed it meanwhile.
 *
 *     reading --> read --save--> read (saving) --> read, or with conflicts, or with an unknown outcome
 *        `--> failed
 */
import { batch, computed, effect, signal } from "@preact/signals";
import { type Instance, type Row, SysparmError, UnknownOutcomeError } from "sysparm";
import type { Guard } from "../environments/guard";
import { type Failure, failureOf } from "../failure/failure";
import type { Known } from "../schema/known";
import type { Environment } from "../workspace/model";
import { readAttributes } from "./attributes";
import {
  type Change,
  type Conflict,
  changesOf,
  conflictsOf,
  type Drafts,
  entriesIn,
  notKept,
  problemOf,
} from "./changes";
import { type Attributes, calledOf, factsOf, rawOf } from "./facts";

export type RecordReading =
  | { phase: "reading" }
  | { phase: "failed"; failure: Failure }
  /** `failure`: why a later reading of it failed. */
  | { phase: "read"; row: Row; at: number; failure?: Failure };

/** What became of the last save; null before the first. */
export type Saved =
  | { outcome: "done"; changes: readonly Change[]; notKept: readonly Conflict[]; overtaken: boolean }
  /** Nothing was written: somebody else has changed the record. */
  | { outcome: "changed"; conflicts: readonly Conflict[] }
  | { outcome: "failed" | "unknown"; failure: Failure }
  /** Whether an unknown save was done does not show: the record was changed since, and these entries of journals may be in it. */
  | { outcome: "looked"; entries: readonly Change[] };

export interface Place {
  /** As it is now: its lock may be changed while the record is open. */
  readonly environment: Environment;
  instance: Instance;
  table: string;
  id: string;
}

export type OpenRecord = ReturnType<typeof createRecord>;

/** What an earlier connection has read and a person has typed. */
export interface Begun {
  row: Row;
  at: number;
  drafts: Drafts;
}

export function createRecord(place: Place, known: Known, guard: Guard, begun: Begun | null = null) {
  const { instance, table, id } = place;
  const reading = signal<RecordReading>(begun ? { phase: "read", row: begun.row, at: begun.at } : { phase: "reading" });
  const attributes = signal<{ of: Attributes; note: string }>({ of: new Map(), note: "" });
  const drafts = signal<Drafts>(begun?.drafts ?? new Map());
  const saving = signal(false);
  const saved = signal<Saved | null>(null);
  const abort = new AbortController();
  let attributesAsked = false;

  const schemaReading = computed(() => known.schema(table));
  const schema = computed(() => (schemaReading.value.phase === "read" ? schemaReading.value.data : null));
  const row = computed(() => (reading.value.phase === "read" ? reading.value.row : null));
  const facts = computed(() => (row.value ? factsOf(row.value, schema.value, attributes.value.of) : []));
  const changes = computed(() => changesOf(facts.value, drafts.value));
  const problems = computed(
    () =>
      new Map(
        facts.value.flatMap((fact) => {
          const text = drafts.value.get(fact.name);
          const problem = text === undefined ? "" : problemOf(fact, text, schema.value);
          return problem === "" ? [] : [[fact.name, problem] as const];
        }),
      ),
  );

  const fetchRow = () => instance.table(table).get(id, { displayValue: "all", signal: abort.signal });

  /**
   * Reads the record. One that is shown stays until the new one is there, and where that cannot be read. So do the drafts: what others
   * changed under them is said.
   */
  async function load(): Promise<void> {
    const before = row.peek();
    if (!before) reading.value = { phase: "reading" };
    try {
      const now = await fetchRow();
      // A save has brought a newer one meanwhile.
      if (row.peek() !== before) return;
      const found = before ? savedOf(before, now) : null;
      batch(() => {
        reading.value = { phase: "read", row: now, at: Date.now() };
        saved.value = found;
      });
    } catch (thrown) {
      if (abort.signal.aborted) return;
      const failure = failureOf(thrown);
      const shown = reading.peek();
      reading.value = shown.phase === "read" ? { ...shown, failure } : { phase: "failed", failure };
    }
  }

  /** What reading again shows of what others changed, and of a save whose outcome is not known. */
  function savedOf(before: Row, now: Row): Saved | null {
    const outcome = saved.peek()?.outcome;
    const isSame = rawOf(before, "sys_mod_count") === rawOf(now, "sys_mod_count");
    const entries = entriesIn(changes.peek(), facts.peek());
    // A journal stores no value, so an entry that was written stays a draft: sent again, it would stand there twice.
    const isOpen = outcome === "looked" || (outcome === "unknown" && !isSame);
    if (isOpen && entries.length > 0) return { outcome: "looked", entries };
    const conflicts = conflictsOf(changes.peek(), before, now);
    return conflicts.length > 0 ? { outcome: "changed", conflicts } : null;
  }

  const stop = effect(() => {
    const ancestry = schema.value?.ancestry.map(({ name }) => name);
    if (!ancestry || attributesAsked) return;
    attributesAsked = true;
    void readAttributes(instance, ancestry, abort.signal).then((read) => {
      if (!abort.signal.aborted) attributes.value = read;
    });
  });

  function cancel(): void {
    stop();
    abort.abort();
  }

  function draft(name: string, text: string): void {
    drafts.value = new Map([...drafts.value, [name, text]]);
  }

  function undo(name: string): void {
    drafts.value = new Map([...drafts.value].filter(([other]) => other !== name));
  }

  function discard(): void {
    drafts.value = new Map();
    saved.value = null;
  }

  /** Sends the changes, if the record is as it was read. Asks first where the environment asks. */
  async function save(): Promise<void> {
    const before = row.peek();
    const sent = changes.peek();
    if (!before || saving.peek() || sent.length === 0 || problems.peek().size > 0) return;
    saving.value = true;
    saved.value = null;
    try {
      const description = `PATCH /api/now/table/${table}/${id}`;
      const action = `Update ${calledOf(before)}`;
      if (!(await guard.allowChange(place.environment, { description, action, changes: sent }))) return;
      await write(before, sent);
    } finally {
      saving.value = false;
    }
  }

  async function write(before: Row, sent: readonly Change[]): Promise<void> {
    try {
      const stored = await instance.table(table).update(id, patchOf(sent), {
        displayValue: "all",
        expect: { sys_mod_count: rawOf(before, "sys_mod_count") },
        // Looks where no answer came, and never sends it again: a person decides.
        recovery: { attempts: 1 },
        signal: abort.signal,
      });
      done(stored, sent, false);
    } catch (thrown) {
      const isOvertaken = thrown instanceof SysparmError && thrown.code === "record.overtaken";
      const isChanged = thrown instanceof SysparmError && thrown.code === "record.changed";
      if (!isOvertaken && !isChanged) return failed(thrown);
      try {
        const now = await fetchRow();
        if (isOvertaken) done(now, sent, true);
        else changed(now, before, sent);
      } catch (later) {
        failed(later, isOvertaken);
      }
    }
  }

  /** `wasSent`: it was written, and what the record is now could not be read. */
  function failed(thrown: unknown, wasSent = false): void {
    if (abort.signal.aborted) return;
    const outcome = wasSent || thrown instanceof UnknownOutcomeError ? "unknown" : "failed";
    saved.value = { outcome, failure: failureOf(thrown) };
  }

  function done(stored: Row, sent: readonly Change[], overtaken: boolean): void {
    const kept = facts.peek();
    batch(() => {
      reading.value = { phase: "read", row: stored, at: Date.now() };
      drafts.value = new Map();
      saved.value = { outcome: "done", changes: sent, notKept: notKept(sent, stored, kept), overtaken };
    });
  }

  /** Shows the record as it is now, with the drafts on top of it: saving again replaces what others wrote. */
  function changed(now: Row, before: Row, sent: readonly Change[]): void {
    batch(() => {
      reading.value = { phase: "read", row: now, at: Date.now() };
      saved.value = { outcome: "changed", conflicts: conflictsOf(sent, before, now) };
    });
  }

  return {
    ...{ place, reading, row, facts, schema, schemaReading, attributes, drafts, changes, problems, saving, saved },
    ...{ load, draft, undo, discard, save, cancel },
  };
}

function patchOf(changes: readonly Change[]): Record<string, string> {
  return Object.fromEntries(changes.map(({ name, to }) => [name, to]));
}
