/**
 * One request to the instance and its reply. Sends once; the package repeats only requests that are safe to repeat.
 *
 *     idle --send--> sending --reply--> answered
 *                            `--error--> failed (with the reply, if one came)
 *                            `--cancel--> cancelled
 */
import { signal } from "@preact/signals";
import { type Instance, SysparmError } from "sysparm";
import { type Failure, failureOf } from "../failure/failure";
import { newPair, type Pair } from "../workspace/model";
import { type ReceivedBody, receive } from "./body";
import { buildHeaders, buildTarget } from "./target";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

export interface Reply {
  status: number;
  statusText: string;
  headers: [string, string][];
  body: ReceivedBody;
  /** Time to the headers, and to the end of the body. */
  headMs: number;
  totalMs: number;
}

export type ExchangeState =
  | { phase: "idle" }
  | { phase: "sending" }
  | { phase: "problem"; problem: string }
  | { phase: "answered"; reply: Reply; line: string }
  | { phase: "failed"; failure: Failure; reply: Reply | null; line: string }
  | { phase: "cancelled"; line: string; write: boolean };

export type Exchange = ReturnType<typeof createExchange>;

export function createExchange() {
  const method = signal<Method>("GET");
  const path = signal("/api/now/table/incident");
  const parameters = signal<Pair[]>([
    newPair("sysparm_limit", "5"),
    newPair("sysparm_query", "active=true^ORDERBYDESCsys_updated_on", false),
  ]);
  const headers = signal<Pair[]>([]);
  const body = signal('{\n  "short_description": "Printed by the tester"\n}');
  const state = signal<ExchangeState>({ phase: "idle" });
  let abort: AbortController | undefined;

  async function send(instance: Instance): Promise<void> {
    if (state.value.phase === "sending") return;
    const withBody = takesBody(method.value);
    const target = buildTarget(path.value, parameters.value, instance.url);
    const fields = buildHeaders(headers.value, withBody ? "application/json" : "");
    if ("problem" in target || "problem" in fields) {
      state.value = {
        phase: "problem",
        problem: "problem" in target ? target.problem : "problem" in fields ? fields.problem : "",
      };
      return;
    }
    const mine = new AbortController();
    abort = mine;
    const line = `${method.value} ${target.path}`;
    const write = method.value !== "GET";
    const init: RequestInit = { method: method.value, headers: fields.headers, signal: mine.signal };
    if (withBody && body.value !== "") init.body = body.value;
    state.value = { phase: "sending" };
    const startedAt = performance.now();
    try {
      const response = await instance.request(target.path, init);
      state.value = { phase: "answered", reply: await replyOf(response, startedAt), line };
    } catch (thrown) {
      if (mine.signal.aborted) {
        state.value = { phase: "cancelled", line, write };
        return;
      }
      const response = thrown instanceof SysparmError ? thrown.response : undefined;
      // The body of a failure is shown if possible, but losing it must not hide the failure.
      const reply = response ? await replyOf(response, startedAt).catch(() => null) : null;
      state.value = { phase: "failed", failure: failureOf(thrown), reply, line };
    }
  }

  function cancel(): void {
    abort?.abort();
  }

  return { method, path, parameters, headers, body, state, send, cancel };
}

export function takesBody(method: Method): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
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
