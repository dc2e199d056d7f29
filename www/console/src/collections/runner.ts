/** Runs the requests of a collection once for each row of data, one after the other. Sends by a function that it is given. */
import type { Verdict } from "../tester/assertions";
import type { Extracted } from "../tester/extractions";
import { maskAddress } from "../tester/masking";
import type { Scope } from "../tester/variables";
import type { SavedRequest } from "../workspace/model";
import { type Row, variablesOf } from "./data";
import { type Holder, type Place, scopesAt } from "./tree";

/** One request to send, with all that is in force for it. `scopes` are outermost first, without those of the environment. */
export interface Step {
  request: SavedRequest;
  ancestors: readonly Holder[];
  scopes: readonly Scope[];
}

export interface StepOutcome {
  /** Method and path with secrets as dots. */
  line: string;
  /** Null if no reply came. */
  status: number | null;
  totalMs: number;
  verdicts: readonly Verdict[];
  extracted: readonly Extracted[];
  /** Why nothing was sent, or how the call failed; empty otherwise. */
  problem: string;
  /** True for a write that was not allowed: the run ends with it. */
  refused?: boolean;
}

export interface StepResult extends StepOutcome {
  requestId: string;
  name: string;
  /** Names from the collection down. */
  where: string;
  /** Index of the row of data; 0 without data. */
  row: number;
  passed: boolean;
}

export interface RunOptions {
  /** Empty: the requests are sent once. */
  rows: readonly Row[];
  stopAtFailure: boolean;
  signal: AbortSignal;
  send: (step: Step, signal: AbortSignal) => Promise<StepOutcome>;
  onResult: (result: StepResult) => void;
}

export interface RunEnd {
  end: "done" | "cancelled" | "stopped" | "refused";
  /** Requests that were to be sent. */
  planned: number;
}

/**
 * A value taken from a reply holds for the later requests of the same row. A request fails if an assertion or an extraction fails, if no
 * reply came, or, without a status assertion, if the status is 400 or more.
 */
export async function run(places: readonly Place[], options: RunOptions): Promise<RunEnd> {
  const rows: readonly (Row | null)[] = options.rows.length > 0 ? options.rows : [null];
  const planned = places.length * rows.length;
  for (const [index, row] of rows.entries()) {
    const taken = new Map<string, string>();
    for (const { node, ancestors } of places) {
      if (options.signal.aborted) return { end: "cancelled", planned };
      if (node.kind !== "request") continue;
      const scopes = [
        ...scopesAt(ancestors),
        ...(row ? [{ name: `Row ${index + 1}`, variables: variablesOf(row) }] : []),
        { name: EARLIER_REPLIES, variables: variablesOf(taken) },
      ];
      const outcome = await sent({ request: node, ancestors, scopes }, options);
      if (options.signal.aborted) return { end: "cancelled", planned };
      for (const { variable, value } of outcome.extracted) if (value !== undefined) taken.set(variable, value);
      const passed = passes(node, outcome);
      const where = ancestors.map(({ name }) => name).join(" > ");
      options.onResult({ ...outcome, requestId: node.id, name: node.name, where, row: index, passed });
      if (outcome.refused) return { end: "refused", planned };
      if (!passed && options.stopAtFailure) return { end: "stopped", planned };
    }
  }
  return { end: "done", planned };
}

async function sent(step: Step, { send, signal }: RunOptions): Promise<StepOutcome> {
  try {
    return await send(step, signal);
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    const line = `${step.request.method} ${maskAddress(step.request.address)}`;
    return { line, status: null, totalMs: 0, verdicts: [], extracted: [], problem };
  }
}

function passes(request: SavedRequest, outcome: StepOutcome): boolean {
  if (outcome.status === null) return false;
  if (outcome.verdicts.some(({ passed }) => !passed)) return false;
  if (outcome.extracted.some(({ value }) => value === undefined)) return false;
  const expects = request.assertions.some(({ on, subject }) => on && subject === "status");
  return expects || outcome.status < 400;
}

/** The name of the scope of values that were taken from replies. */
export const EARLIER_REPLIES = "Earlier replies";
