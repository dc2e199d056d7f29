/** The doctor's form, its findings as they come, and its report. Only inputs of this form hold the secrets. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { Field } from "../kit/field";
import type { Environment } from "../workspace/model";
import type { ExaminationRequest, Examiner } from "./examination";
import { FindingList } from "./findings";
import { ReportView } from "./report";

interface DoctorPaneProps {
  examiner: Examiner;
  /** Fills in the instance and the client to begin with. */
  environment: Environment | undefined;
}

export function DoctorPane({ examiner, environment }: DoctorPaneProps) {
  const route = environment?.route;
  const instanceUrl = useSignal(route?.way === "direct" ? route.instanceUrl : "");
  const clientId = useSignal(route?.way === "direct" && route.auth.kind === "oauth" ? route.auth.clientId : "");
  const secret = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const phase = examiner.phase.value;
  const running = phase.name === "running";
  const found = examiner.findings.value;

  function submit(event: Event): void {
    event.preventDefault();
    if (running) {
      examiner.cancel();
      return;
    }
    void examiner.run(entered());
  }

  function entered(): ExaminationRequest {
    const username = name.current?.value ?? "";
    return {
      url: instanceUrl.value,
      clientId: clientId.value,
      secret: secret.current?.value ?? "",
      administrator: username === "" ? null : { username, password: password.current?.value ?? "" },
    };
  }

  return (
    <div class="doctor">
      <p class="hint">
        Finds out why an integration fails on this instance. The doctor only reads, except for one request for a token.
      </p>
      <form onSubmit={submit}>
        <div class="fields">
          <Field
            id="doctor-url"
            label="Instance to examine"
            value={instanceUrl}
            required
            disabled={running}
            placeholder="https://dev12345.service-now.com"
            class="wide"
          />
          <Field id="doctor-client" label="Client ID" value={clientId} required disabled={running} />
          <Secret id="doctor-secret" label="Client secret" input={secret} required disabled={running} />
        </div>
        <div class="fields">
          <Field id="doctor-table" label="Table to read" value={examiner.table} required disabled={running} />
          <Field id="doctor-query" label="Query" value={examiner.query} disabled={running} class="wide" />
          <Field id="doctor-fields" label="Columns to read" value={examiner.fields} disabled={running} />
          <Field
            id="doctor-roles"
            label="Required roles"
            value={examiner.roles}
            disabled={running}
            hint="Names, or ITSM, HRSD, CSM, CMDB."
          />
        </div>
        <fieldset class="fields" disabled={running}>
          <legend>Administrator, if you have one</legend>
          <div class="field">
            <label for="doctor-administrator">User name</label>
            <input
              id="doctor-administrator"
              ref={name}
              type="text"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
            />
            <p class="hint">Reads the records that cause a refusal. Without it, causes are ranked by likelihood.</p>
          </div>
          <Secret id="doctor-password" label="Password" input={password} />
          <label class="tick">
            <input
              type="checkbox"
              checked={examiner.thorough.value}
              onChange={(event) => {
                examiner.thorough.value = event.currentTarget.checked;
              }}
            />
            Continue after the cause is proven
          </label>
        </fieldset>
        <div class="actions">
          <button type="submit" class={running ? "" : "primary"}>
            {running ? "Stop" : "Examine"}
          </button>
        </div>
      </form>
      <p class="visually-hidden" role="status">
        {running ? `Examining: ${found.at(-1)?.question ?? ""}` : phase.name === "ended" ? "Examined" : ""}
      </p>
      {examiner.problem.value && (
        <p class="notice" role="alert">
          Not examined. {examiner.problem.value}
        </p>
      )}
      {phase.name === "ended" && <ReportView report={phase.report} />}
      {(running || phase.name === "ended") && (
        <FindingList examiner={examiner} runAgain={(code) => void examiner.runAgain(entered(), code)} />
      )}
    </div>
  );
}

interface SecretProps {
  id: string;
  label: string;
  input: RefObject<HTMLInputElement | null>;
  required?: boolean;
  disabled?: boolean;
}

function Secret({ id, label, input, ...rest }: SecretProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input {...rest} id={id} ref={input} type="password" autocomplete="off" spellcheck={false} />
    </div>
  );
}
