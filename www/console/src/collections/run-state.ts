/** The run that is shown: its results so far and how it ended. */
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { PlannedWrite } from "../environments/guard";
import { type Outcome, perform, unresolvedWords } from "../tester/exchange";
import { changedSince, environmentScope, type Host } from "../tester/host";
import { maskAddress } from "../tester/masking";
import { prepare } from "../tester/prepare";
import { type Scope, visible } from "../tester/variables";
import { isWrite, newSecretRef, type SecretRef, type Variable } from "../workspace/model";
import { isSecretName } from "../workspace/secret-names";
import type { Row } from "./data";
import { EARLIER_REPLIES, type RunEnd, run, type Step, type StepOutcome, type StepResult } from "./runner";
import { authAt, type Holder, type Place, requestsOf } from "./tree";

/** `refused`: a write was not allowed. `switched`: the environment of the run was left, or its connection was closed. */
export type RunPhase = "ready" | "running" | "switched" | RunEnd["end"];

export function createRunState(host: Host) {
  /** The collection or folder to run; null: no run is shown. */
  const subject = signal<Holder | null>(null);
  const phase = signal<RunPhase>("ready");
  const results = signal<readonly StepResult[]>([]);
  const planned = signal(0);
  let abort: AbortController | undefined;

  function choose(holder: Holder | null): void {
    if (phase.value === "running") return;
    subject.value = holder;
    phase.value = "ready";
    results.value = [];
  }

  async function start(rows: readonly Row[], stopAtFailure: boolean): Promise<void> {
    const holder = subject.value;
    if (!holder || phase.value === "running") return;
    const mine = new AbortController();
    abort = mine;
    const places = requestsOf(holder);
    planned.value = places.length * Math.max(1, rows.length);
    results.value = [];
    phase.value = "running";
    const instance = host.instance();
    const environment = host.environment();
    let switched = false;
    /** Ends the run where the next request would go to another environment, or to none. */
    function isStillInUse(): boolean {
      switched ||= changedSince(host, environment, instance) !== "";
      if (switched) mine.abort();
      return !switched;
    }
    const writes = writesOf(places, Math.max(1, rows.length));
    if (writes.length > 0 && !(await host.allowRun(holder.name, writes))) {
      phase.value = "refused";
      return;
    }
    const { end } = await run(places, {
      rows,
      stopAtFailure,
      signal: mine.signal,
      send: (step, signal) => send(host, instance, step, signal, isStillInUse),
      onResult: (result) => {
        results.value = [...results.value, result];
      },
    });
    phase.value = switched ? "switched" : end;
  }

  function cancel(): void {
    abort?.abort();
  }

  return { subject, phase, results, planned, choose, start, cancel };
}

/** The writes of a run as they are written, variables included, with secrets as dots. */
function writesOf(places: readonly Place[], times: number): PlannedWrite[] {
  return places.flatMap(({ node }) =>
    node.kind === "request" && isWrite(node.method)
      ? [{ line: `${node.method} ${maskAddress(node.address)}`, times }]
      : [],
  );
}

async function send(
  host: Host,
  instance: Instance | null,
  { request, ancestors, scopes }: Step,
  signal: AbortSignal,
  isStillInUse: () => boolean,
): Promise<StepOutcome> {
  const unsent = (problem: string, line = `${request.method} ${maskAddress(request.address)}`): StepOutcome => ({
    line,
    status: null,
    totalMs: 0,
    verdicts: [],
    extracted: [],
    problem,
  });
  // The run ends as switched.
  if (!isStillInUse()) return unsent("");
  if (!instance) return unsent("No environment is connected. Connect one first.");
  const hidden = hideTaken([...environmentScope(host), ...scopes]);
  const prepared = prepare(request, {
    scopes: hidden.scopes,
    secret: (ref) => hidden.texts.get(ref) ?? host.secret(ref),
    origin: instance.url,
    files: new Map(),
    auth: authAt(ancestors),
  });
  if ("problem" in prepared) return unsent(prepared.problem);
  const { line, unresolved } = prepared.sending;
  if (unresolved.length > 0) return unsent(unresolvedWords(unresolved), line);
  if (isWrite(request.method) && !(await host.allowWrite(line, true)))
    return { ...unsent("The write was not allowed. Nothing was sent.", line), refused: true };
  // The question may have stood for long. The run ends as switched.
  if (!isStillInUse()) return unsent("");
  const outcome = await perform(host, instance, request, prepared.sending, signal);
  if (outcome === "cancelled") return unsent("Cancelled.", line);
  return { line, ...summary(outcome) };
}

/** Values taken from replies into a secret variable, or one named as a secret, become secrets, so that the line shows dots. */
function hideTaken(scopes: readonly Scope[]): { scopes: Scope[]; texts: Map<SecretRef, string> } {
  const texts = new Map<SecretRef, string>();
  const known = visible(scopes.filter(({ name }) => name !== EARLIER_REPLIES));
  const hide = (variable: Variable): Variable => {
    const { id, name, on, value } = variable;
    if (value === undefined || !(isSecretName(name) || known.get(name)?.variable.secret !== undefined)) return variable;
    const secret = newSecretRef();
    texts.set(secret, value);
    return { id, name, on, secret };
  };
  return {
    scopes: scopes.map((scope) =>
      scope.name === EARLIER_REPLIES ? { ...scope, variables: scope.variables.map(hide) } : scope,
    ),
    texts,
  };
}

function summary({ reply, failure, verdicts, extracted }: Outcome): Omit<StepOutcome, "line"> {
  return {
    status: reply?.status ?? null,
    totalMs: reply?.totalMs ?? 0,
    verdicts,
    extracted,
    problem: failure?.message ?? "",
  };
}
