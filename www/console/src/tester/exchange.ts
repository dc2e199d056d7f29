/**
 * One request to the instance and its reply. Sends once; the package repeats only requests that are safe to repeat.
 *
 *     idle --send--> sending --reply--> answered
 *                            `--error--> failed (with the reply, if one came)
 *                            `--cancel--> cancelled
 */
import { signal } from "@preact/signals";
import { type Instance, SysparmError } from "sysparm";
import { baseAddress } from "../environments/environments";
import { type Failure, failureOf } from "../failure/failure";
import { type AuthSetting, isWrite, type SavedRequest } from "../workspace/model";
import type { Answer, Verdict } from "./assertions";
import { PARSED_CHARACTERS, type ReceivedBody, receive } from "./body";
import type { Extracted } from "./extractions";
import { changedSince, type Host } from "./host";
import { evaluateLimited, extractLimited } from "./limited";
import { prepareIn, type Sending } from "./prepare";
import { withReachability } from "./reachability";
import type { Scope } from "./variables";

export interface Reply {
  status: number;
  statusText: string;
  headers: [string, string][];
  body: ReceivedBody;
  /** Time to the headers, and to the end of the body. */
  headMs: number;
  totalMs: number;
}

/** What came of a request that was sent. */
export interface Outcome {
  reply: Reply | null;
  /** Null if the call succeeded. */
  failure: Failure | null;
  verdicts: Verdict[];
  extracted: Extracted[];
}

/** What came of a request. */
export interface Ended extends Outcome {
  phase: "answered" | "failed";
  /** As it was sent. */
  request: SavedRequest;
  /** Method and path with secrets as dots. */
  line: string;
  /** The name and id of the environment that was in use, and the origin of its instance. */
  where: string;
  environmentId: string;
  origin: string;
}

export type ExchangeState =
  | { phase: "idle" }
  /** `received`: the reply is here, and its assertions and extractions are tried. */
  | { phase: "sending"; received: boolean }
  | { phase: "problem"; problem: string; unresolved: string[] }
  | Ended
  | { phase: "cancelled"; line: string; write: boolean };

export interface Surroundings {
  /** Those of the collection and its folders, outermost first. */
  scopes: readonly Scope[];
  auth: readonly AuthSetting[];
}

export interface Finished extends Outcome {
  request: SavedRequest;
  line: string;
  /** The address that its path was appended to. */
  base: string;
  environmentId: string;
  environmentName: string;
}

export type Exchange = ReturnType<typeof createExchange>;

export function createExchange(host: Host, surroundings: () => Surroundings, finished: (result: Finished) => void) {
  const state = signal<ExchangeState>({ phase: "idle" });
  /** Chosen files: by the id of a multipart part, and by the id of the request. */
  const files = signal<ReadonlyMap<string, File>>(new Map());
  /** The last reply that another call or a refusal replaced. */
  const previous = signal<Ended | null>(null);
  let abort: AbortController | undefined;

  /** `asWritten` sends references without a value as they stand. */
  async function send(request: SavedRequest, asWritten = false): Promise<void> {
    if (state.value.phase === "sending") return;
    const refuse = (problem: string, unresolved: string[] = []) => {
      keepPrevious();
      state.value = { phase: "problem", problem, unresolved };
    };
    const instance = host.instance();
    if (!instance) return refuse("No environment is connected. Connect one first.");
    const environment = host.environment();
    const prepared = prepareIn(host, instance.url, request, { ...surroundings(), files: files.value });
    if ("problem" in prepared) return refuse(prepared.problem);
    const { sending } = prepared;
    if (sending.unresolved.length > 0 && !asWritten) {
      return refuse(unresolvedWords(sending.unresolved), sending.unresolved);
    }
    const write = isWrite(request.method);
    if (write && !(await host.allowWrite(sending.line))) return refuse("The write was not confirmed.");
    // The question may have stood for long.
    const changed = changedSince(host, environment, instance);
    if (changed !== "") return refuse(changed);
    const mine = new AbortController();
    abort = mine;
    keepPrevious();
    state.value = { phase: "sending", received: false };
    const { line } = sending;
    const outcome = await perform(host, instance, request, sending, mine.signal, () => {
      state.value = { phase: "sending", received: true };
    });
    if (outcome === "cancelled") {
      state.value = { phase: "cancelled", line, write };
      return;
    }
    const where = environment?.name ?? "";
    if (outcome.failure) {
      const asked = { method: sending.method, origin: instance.url, path: sending.path };
      outcome.failure = await withReachability(
        outcome.failure,
        { ...asked, release: environment?.release ?? "" },
        mine.signal,
      );
    }
    state.value = {
      phase: outcome.failure ? "failed" : "answered",
      request,
      line,
      where,
      environmentId: environment?.id ?? "",
      origin: instance.url,
      ...outcome,
    };
    await host.setVariables(environment?.id ?? "", found(outcome.extracted));
    const base = environment ? baseAddress(environment) : instance.url;
    finished({ ...outcome, request, line, base, environmentId: environment?.id ?? "", environmentName: where });
  }

  function keepPrevious(): void {
    const now = state.value;
    if (now.phase === "answered" || now.phase === "failed") previous.value = withoutLargeBody(now);
  }

  function cancel(): void {
    abort?.abort();
  }

  /** Frees the memory of large replies, for a tab that is closed. What was small is there when it is opened again. */
  function release(): void {
    previous.value = null;
    const now = state.value;
    if ((now.phase === "answered" || now.phase === "failed") && isLarge(now)) state.value = { phase: "idle" };
  }

  return { state, files, previous, send, cancel, release };
}

/** Sends once and evaluates the reply; `onReply` is called between the two. A signal aborted then ends the evaluation, and the reply stays. Never rejects. */
export async function perform(
  host: Host,
  instance: Instance,
  request: SavedRequest,
  sending: Sending,
  signal: AbortSignal,
  onReply: () => void = () => undefined,
): Promise<Outcome | "cancelled"> {
  const init: RequestInit = { method: sending.method, headers: sending.headers, signal };
  if (sending.body !== undefined) init.body = sending.body;
  let own: Instance | undefined;
  const startedAt = performance.now();
  const judged = async (reply: Reply | null, failure: Failure | null): Promise<Outcome> => {
    const answer = reply && answerOf(reply);
    if (answer) onReply();
    return {
      reply,
      failure,
      verdicts: answer ? await evaluateLimited(request.assertions, answer, { signal }) : [],
      extracted: answer ? await extractLimited(request.extractions, answer, { signal }) : [],
    };
  };
  try {
    if (sending.auth.kind !== "inherit") own = await unlessAborted(host.instanceWith(sending.auth), signal);
  } catch (thrown) {
    if (signal.aborted) return "cancelled";
    // An error of the package has a diagnosis. Any other is about the Auth of the request, such as a secret that is not held.
    if (thrown instanceof SysparmError) return judged(null, failureOf(thrown));
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return judged(null, { message, repeat: "Nothing was sent. Change the tab Auth of the request, then send again." });
  }
  try {
    const response = await (own ?? instance).request(sending.path, init);
    return judged(await replyOf(response, startedAt), null);
  } catch (thrown) {
    if (signal.aborted) return "cancelled";
    const response = thrown instanceof SysparmError ? thrown.response : undefined;
    // The body of a failure is shown if possible, but losing it must not hide the failure.
    const reply = response ? await replyOf(response, startedAt).catch(() => null) : null;
    return judged(reply, failureOf(thrown));
  } finally {
    own?.close();
  }
}

/** Whether a body is too large, or of a kind, to be parsed and compared. */
function isLarge({ reply }: Ended): boolean {
  return reply !== null && (reply.body.text === null || reply.body.text.length > PARSED_CHARACTERS);
}

/** Up to 64 MB are kept of a body: of a former reply only what can still be compared. */
function withoutLargeBody(ended: Ended): Ended {
  if (!ended.reply || !isLarge(ended)) return ended;
  const body: ReceivedBody = { ...ended.reply.body, text: null, file: null };
  return { ...ended, reply: { ...ended.reply, body } };
}

/** Rejects as soon as the signal is aborted; an instance that opens after that is closed. */
async function unlessAborted(opening: Promise<Instance>, signal: AbortSignal): Promise<Instance> {
  let end = () => {};
  const aborted = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (thrown) {
    opening.then(
      (late) => late.close(),
      () => undefined,
    );
    throw thrown;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

export function answerOf(reply: Reply): Answer {
  const { text, cut } = reply.body;
  const readable = text !== null && !cut && text.length <= PARSED_CHARACTERS;
  return { status: reply.status, totalMs: reply.totalMs, headers: reply.headers, text: readable ? text : null };
}

export function unresolvedWords(names: readonly string[]): string {
  const list = names.map((name) => `{{${name}}}`).join(", ");
  return names.length === 1 ? `The variable ${list} is not set.` : `${names.length} variables are not set: ${list}.`;
}

function found(extracted: readonly Extracted[]): Map<string, string> {
  return new Map(extracted.flatMap(({ variable, value }) => (value === undefined ? [] : [[variable, value] as const])));
}

async function replyOf(response: Response, startedAt: number): Promise<Reply> {
  const headMs = performance.now() - startedAt;
  const body = await receive(response);
  return {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
    body,
    headMs,
    totalMs: performance.now() - startedAt,
  };
}
