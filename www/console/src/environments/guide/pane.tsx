/** The connect guide: what to set up on the instance, step by step, with values to copy and live checks. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SetupStep } from "sysparm/doctor";
import { CopyButton } from "../../kit/copy-button";
import { Icon } from "../../kit/icon";
import { hostOf } from "../environments";
import { ASKED, type SignInMethod } from "../form/methods";
import { Choice, TextInput } from "../form/text-input";
import type { Workspace } from "../workspace";
import { type Check, checkOf, stepsAsText, valuesOf } from "./checks";
import { type Answers, type Guide, WAYS, type Way, wayOf } from "./guide";

const RELEASES = ["vancouver", "washingtondc", "xanadu", "yokohama", "zurich", "australia", "brazil"];
const ICONS = { passed: "check", failed: "close", unknown: "ask" } as const;
const STATES: Record<Check["state"], string> = { passed: "Done", failed: "Not done", unknown: "Not known" };

export function GuidePane({ workspace, guide }: { workspace: Workspace; guide: Guide }) {
  const environment = workspace.environments.current.value;
  const answers = useSignal<Answers>(first(workspace));
  const plan = guide.plan.value;
  const running = guide.running.value !== null;
  const given = answers.value;
  useEffect(() => void guide.show(given), [guide, given]);

  const change = (part: Partial<Answers>) => {
    answers.value = { ...answers.value, ...part };
  };
  const known = [given.clientId, given.user, given.origin, given.table];

  return (
    <div class="guide">
      <div class="fields">
        <Choice
          id="guide-way"
          label="Sign-in"
          value={given.way}
          change={(way) => change({ way: way as Way })}
          options={WAYS.map((way) => [way, ASKED[METHOD[way]].label])}
        />
        <Choice
          id="guide-release"
          label="Release"
          value={given.release}
          change={(release) => change({ release })}
          options={RELEASES.map((release) => [release, release])}
        />
        <TextInput
          id="guide-client"
          label="Client ID of the integration"
          value={given.clientId}
          change={(clientId) => change({ clientId })}
        />
        <TextInput
          id="guide-user"
          label="User of the integration"
          value={given.user}
          change={(user) => change({ user })}
        />
        <TextInput id="guide-table" label="Table it reads" value={given.table} change={(table) => change({ table })} />
      </div>
      {environment && environment.route.way === "direct" && (
        <div class="actions">
          <button
            type="button"
            class={running ? "" : "primary"}
            onClick={() =>
              running
                ? guide.cancel()
                : void guide.check(environment, { ...given, instanceUrl: addressOf(workspace) || given.instanceUrl })
            }
          >
            {running ? "Stop" : `Check ${hostOf(environment)}`}
          </button>
        </div>
      )}
      {environment && (
        <p class="hint">
          {environment.route.way === "direct"
            ? "The doctor looks at each step. It only reads, except for one request for a token."
            : "This environment goes through the worker, which holds the credentials: its steps cannot be checked from this page."}
        </p>
      )}
      <p role="status" class="hint">
        {running ? `Checking: ${guide.findings.value.at(-1)?.question ?? ""}` : ""}
      </p>
      {guide.problem.value && (
        <p class="notice" role="alert">
          Not checked. {guide.problem.value}
        </p>
      )}
      {guide.report.value?.causes[0] && (
        <p class="notice">
          Most likely cause: {guide.report.value.causes[0].title} ({guide.report.value.causes[0].percent} %).
        </p>
      )}
      {plan && (
        <section aria-labelledby="guide-steps">
          <h2 id="guide-steps">
            {plan.steps.length} steps on {plan.release}
            {guide.report.value?.release === "" ? ", the newest known release" : ""}
          </h2>
          {plan.obstacle && <p class="notice">{plan.obstacle}</p>}
          <CopyButton
            text={stepsAsText(`Set-up for ${given.way}, ${plan.release}`, plan.steps)}
            label="Copy steps as text"
          />
          <ol class="guide-steps">
            {plan.steps.map((step) => (
              <Step
                key={`${step.place} ${step.action}`}
                step={step}
                check={checkOf(step, guide.findings.value)}
                values={valuesOf(step, known)}
              />
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}

function Step({ step, check, values }: { step: SetupStep; check: Check | undefined; values: string[] }) {
  return (
    <li data-state={check?.state ?? "open"}>
      <p>
        <b>{step.place}</b>{" "}
        <span class="guide-state">
          {check && <Icon name={ICONS[check.state]} />}
          {check ? STATES[check.state] : "Not checked"}
        </span>
      </p>
      <p>{step.action}</p>
      {values.map((value) => (
        <p key={value} class="guide-value">
          <code>{value}</code> <CopyButton text={value} label={`Copy ${value}`} short />
        </p>
      ))}
      <p class="hint">
        Without it: {step.otherwise}. Role: {step.role}. Source: {step.source}.
      </p>
      {check && (
        <p class="hint">
          {check.evidence} {check.needs && `To know it takes: ${check.needs}.`}
        </p>
      )}
    </li>
  );
}

const METHOD: Record<Way, SignInMethod> = {
  client_credentials: "client_credentials",
  password: "password",
  authorization_code: "authorization_code",
  jwt_bearer: "jwt_bearer",
  api_key: "api-key",
  basic: "basic",
};

function addressOf({ environments }: Workspace): string {
  const route = environments.current.value?.route;
  return route?.way === "direct" ? route.instanceUrl : "";
}

/** The answers for the environment in use, to begin with. */
function first(workspace: Workspace): Answers {
  const environment = workspace.environments.current.value;
  const auth = environment?.route.way === "direct" ? environment.route.auth : undefined;
  return {
    way: environment ? wayOf(environment) : "client_credentials",
    release: environment?.release || "zurich",
    instanceUrl: addressOf(workspace),
    clientId: auth?.kind === "oauth" ? auth.clientId : "",
    user: auth && "username" in auth ? auth.username : "",
    table: "incident",
    origin: location.origin,
  };
}
