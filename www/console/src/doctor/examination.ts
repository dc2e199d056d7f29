/**
 * An examination and its findings so far. Secrets pass through as arguments and are not stored here.
 *
 *     idle --examine--> running --last finding--> ended
 *                       `--stopped or failed--> idle (with the problem shown, if there is one)
 */
import { signal } from "@preact/signals";
import type { Finding, Report } from "sysparm/doctor";
import { completeAddress } from "../connection/fragment";

export type Phase = { name: "idle" } | { name: "running"; abort: AbortController } | { name: "ended"; report: Report };

export interface ExaminationRequest {
  url: string;
  clientId: string;
  secret: string;
  administrator: { username: string; password: string } | null;
}

/** A request that a check made, without its headers and body. */
export interface CheckRequest {
  method: string;
  path: string;
  /** Null where no reply could be read. */
  status: number | null;
  ms: number;
}

/** What one check found, and what it asked to find it. */
export type Examined = Finding & {
  requests: readonly CheckRequest[];
  /** Its check was run again after the report was made. */
  isAfterReport?: boolean;
};

export type Examiner = ReturnType<typeof createExaminer>;

export function createExaminer() {
  const table = signal("incident");
  const query = signal("");
  const fields = signal("");
  const roles = signal("");
  const thorough = signal(false);
  const phase = signal<Phase>({ name: "idle" });
  const findings = signal<Examined[]>([]);
  const problem = signal("");
  /** The request that is under way. */
  const asking = signal("");
  const requests = signal(0);
  /** The code of the check that is run again; empty if none is. */
  const rechecked = signal("");

  async function run(request: ExaminationRequest): Promise<void> {
    if (phase.value.name === "running" || rechecked.value !== "") return;
    const abort = new AbortController();
    phase.value = { name: "running", abort };
    findings.value = [];
    try {
      const examination = await begin(request, thorough.value, abort.signal);
      for await (const finding of examination.findings) findings.value = [...findings.value, finding];
      phase.value = { name: "ended", report: await examination.report() };
    } catch (thrown) {
      phase.value = { name: "idle" };
      problem.value = abort.signal.aborted ? "Stopped." : messageOf(thrown);
    }
  }

  /**
   * Makes one check anew. Those before it are made as well, because it needs what they find, such as a token; what they find is not shown.
   * It ends with the first finding of a later check. The report stays that of the whole examination.
   */
  async function runAgain(request: ExaminationRequest, code: string): Promise<void> {
    const { value: before } = phase;
    if (before.name !== "ended" || rechecked.value !== "") return;
    const abort = new AbortController();
    phase.value = { name: "running", abort };
    rechecked.value = code;
    try {
      // A cause that is proven before must not end it.
      const examination = await begin(request, true, abort.signal);
      const again = await findingsOf(code, examination.findings);
      if (again.length > 0) findings.value = replaced(findings.value, code, again);
      else problem.value = `The check ${code} does not apply any more. Examine the whole instance.`;
    } catch (thrown) {
      problem.value = abort.signal.aborted ? "Stopped." : messageOf(thrown);
    } finally {
      rechecked.value = "";
      phase.value = before;
    }
  }

  async function begin(
    { url, clientId, secret, administrator }: ExaminationRequest,
    isThorough: boolean,
    stop: AbortSignal,
  ) {
    problem.value = "";
    requests.value = 0;
    const made: CheckRequest[] = [];
    const { examine } = await import("sysparm/doctor");
    const examination = examine({
      url: completeAddress(url),
      auth: { grant: "client_credentials", clientId: clientId.trim(), clientSecret: secret },
      ...(administrator && { administrator }),
      table: table.value.trim(),
      query: query.value.trim(),
      fields: words(fields.value),
      roles: words(roles.value),
      thorough: isThorough,
      signal: stop,
      fetch: async (input, init) => {
        const { pathname, search } = new URL(String(input));
        const method = init?.method ?? "GET";
        const path = pathname + search;
        asking.value = `${method} ${path}`;
        requests.value += 1;
        const began = performance.now();
        const over = (status: number | null) => made.push({ method, path, status, ms: performance.now() - began });
        try {
          const reply = await fetch(input, init);
          over(reply.status || null);
          return reply;
        } catch (thrown) {
          over(null);
          throw thrown;
        } finally {
          asking.value = "";
        }
      },
    });
    async function* found(): AsyncGenerator<Examined> {
      for await (const finding of examination) yield { ...finding, requests: made.splice(0) };
    }
    return { findings: found(), report: () => examination.report() };
  }

  function cancel(): void {
    if (phase.value.name === "running") phase.value.abort.abort();
  }

  return {
    ...{ table, query, fields, roles, thorough, phase, findings, problem, asking, requests, rechecked },
    ...{ run, runAgain, cancel },
  };
}

/** What one check finds: one thing or several, such as each access rule that refuses, one after the other. */
export async function findingsOf(code: string, found: AsyncIterable<Examined>): Promise<Examined[]> {
  const own: Examined[] = [];
  for await (const finding of found) {
    if (finding.code === code) own.push({ ...finding, isAfterReport: true });
    else if (own.length > 0) break;
  }
  return own;
}

/** Findings with those of one check replaced, where the first of them stood. */
export function replaced(findings: readonly Examined[], code: string, again: readonly Examined[]): Examined[] {
  const first = findings.findIndex((finding) => finding.code === code);
  return findings.flatMap((finding, at) => {
    if (at === first) return again;
    return finding.code === code ? [] : [finding];
  });
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
