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

export type Examiner = ReturnType<typeof createExaminer>;

export function createExaminer() {
  const table = signal("incident");
  const query = signal("");
  const fields = signal("");
  const roles = signal("");
  const thorough = signal(false);
  const phase = signal<Phase>({ name: "idle" });
  const findings = signal<Finding[]>([]);
  const problem = signal("");

  async function run({ url, clientId, secret, administrator }: ExaminationRequest): Promise<void> {
    if (phase.value.name === "running") return;
    const abort = new AbortController();
    phase.value = { name: "running", abort };
    findings.value = [];
    problem.value = "";
    try {
      const { examine } = await import("sysparm/doctor");
      const examination = examine({
        url: completeAddress(url),
        auth: { grant: "client_credentials", clientId: clientId.trim(), clientSecret: secret },
        ...(administrator && { administrator }),
        table: table.value.trim(),
        query: query.value.trim(),
        fields: words(fields.value),
        roles: words(roles.value),
        thorough: thorough.value,
        signal: abort.signal,
      });
      for await (const finding of examination) findings.value = [...findings.value, finding];
      phase.value = { name: "ended", report: await examination.report() };
    } catch (thrown) {
      phase.value = { name: "idle" };
      problem.value = abort.signal.aborted ? "Stopped." : thrown instanceof Error ? thrown.message : String(thrown);
    }
  }

  function cancel(): void {
    if (phase.value.name === "running") phase.value.abort.abort();
  }

  return { table, query, fields, roles, thorough, phase, findings, problem, run, cancel };
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
