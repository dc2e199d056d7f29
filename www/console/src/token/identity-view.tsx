/** Who the instance takes this connection for, and the ages of what it signs in with. Unknown facts say why they are unknown. */
import { useSignal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { AuditFinding, Fact } from "sysparm/environments";
import { integrationOf } from "../environments/integration";
import { secretsOf } from "../environments/secrets";
import type { Workspace } from "../environments/workspace";
import { Button } from "../kit/button";
import { Icon } from "../kit/icon";
import type { Environment } from "../workspace/model";
import { type Facts, type Identity, keptWords } from "./identity";
import { JwtDialog } from "./jwt-dialog";
import { time } from "./life-view";

interface IdentityCardProps {
  identity: Identity;
  instance: Instance;
  environment: Environment;
}

export function IdentityCard({ identity, instance, environment }: IdentityCardProps) {
  const person = identity.person.value;
  const facts = identity.facts.value;
  const { method, clientId } = integrationOf(environment);
  const route = environment.route;
  const scope = route.way === "direct" && route.auth.kind === "oauth" ? route.auth.scope : undefined;
  return (
    <section class="card" aria-label="Who am I">
      <header>
        <h2>Who am I</h2>
        {facts.name === "known" && <span class="quiet">read {time(facts.value.readAt)}</span>}
      </header>
      <dl class="facts">
        <dt>User</dt>
        <dd>
          {person.name === "asking" && "Asking the instance…"}
          {person.name === "known" && (
            <>
              <b>{person.value.userName}</b> <bdi class="quiet">{person.value.displayName}</bdi>
            </>
          )}
          {person.name === "none" && (person.problem === "" ? "not asked" : <Unknown because={person.problem} />)}
        </dd>
        {(clientId || method) && (
          <>
            <dt>Signs in by</dt>
            <dd>
              {method?.replaceAll("_", " ")}
              {clientId && (
                <>
                  , client <code>{clientId}</code>
                </>
              )}
            </dd>
          </>
        )}
        {scope && (
          <>
            <dt>Asks for</dt>
            <dd>
              <code>{scope}</code>
            </dd>
          </>
        )}
        {facts.name === "known" && <FactRows facts={facts.value} />}
      </dl>
      {facts.name === "none" && facts.problem !== "" && <p class="hint bad">{facts.problem}</p>}
      <div class="card-end">
        {facts.name === "asking" ? (
          <>
            <span class="quiet" role="status">
              Reading {identity.progress.value}
            </span>
            <Button small onClick={identity.stop}>
              Stop
            </Button>
          </>
        ) : (
          <Button small onClick={() => void identity.readFacts(instance, environment)}>
            {facts.name === "known" ? "Read again" : "Read roles, scopes and credentials"}
          </Button>
        )}
        {facts.name === "none" && <span class="hint">Reads up to 20 lists. An administrator sees all of them.</span>}
      </div>
    </section>
  );
}

function FactRows({ facts: { account, roles, scopes } }: { facts: Facts }) {
  const flags = account.status === "read" ? accountWords(account.value) : "";
  return (
    <>
      <dt>Account</dt>
      <dd>{account.status === "read" ? flags : <Unknown because={account.because} />}</dd>
      <dt>Roles</dt>
      <dd>
        {roles.status === "read" ? <Names names={roles.value.map(({ name }) => name)} none="no role" /> : null}
        <Incomplete fact={roles} />
      </dd>
      <dt>Scopes</dt>
      <dd>
        {"names" in scopes ? (
          <Names names={scopes.names} none="none attached: the token may do what the user may" />
        ) : (
          <Unknown because={scopes.because} />
        )}
      </dd>
    </>
  );
}

function accountWords({ webServiceAccessOnly, identityType, active, lockedOut, timeZone }: ReadAccount): string {
  const words = [
    webServiceAccessOnly === true && "web service access only",
    webServiceAccessOnly === false && "may sign in to pages",
    identityType && `identity type ${identityType}`,
    active === false && "inactive",
    lockedOut === true && "locked out",
    timeZone && `time zone ${timeZone}`,
  ].filter(Boolean);
  return words.length > 0 ? words.join(", ") : "nothing of it may be read";
}

type ReadAccount = Extract<Facts["account"], { status: "read" }>["value"];

function Names({ names, none }: { names: readonly string[]; none: string }) {
  if (names.length === 0) return <>{none}</>;
  return (
    <span class="token-names">
      {names.map((name) => (
        <code key={name}>{name}</code>
      ))}
    </span>
  );
}

function Incomplete({ fact }: { fact: Fact<unknown> }) {
  if (fact.status === "unreadable") return <Unknown because={fact.because} />;
  return fact.incomplete ? <span class="hint"> There may be more: {fact.incomplete}.</span> : null;
}

function Unknown({ because }: { because: string }) {
  return (
    <>
      not known <span class="hint">{because}</span>
    </>
  );
}

interface CredentialsCardProps {
  identity: Identity;
  workspace: Workspace;
  environment: Environment;
}

export function CredentialsCard({ identity, workspace, environment }: CredentialsCardProps) {
  const decoding = useSignal(false);
  const facts = identity.facts.value;
  const refs = secretsOf(environment);
  const isWhole = facts.name === "known" && facts.value.unread.length === 0;
  const kept = refs.filter((ref) => workspace.vault.remembered.value.has(ref)).length;
  return (
    <section class="card" aria-label="Credentials">
      <header>
        <h2>Credentials</h2>
      </header>
      <ul class="token-history">
        <li>
          <Icon name="lock" />
          <span class="grow">{keptWords(refs.length, kept)}</span>
        </li>
        {facts.name === "known" &&
          facts.value.findings.map((finding) => <Finding key={findingKey(finding)} {...finding} />)}
        {facts.name === "known" && facts.value.findings.length === 0 && (
          <li>
            <Icon name={isWhole ? "check" : "info"} class={isWhole ? "tone-ok" : "tone-info"} />
            <span class="grow">
              {isWhole ? "Nothing to warn of" : "Nothing to warn of in what could be read, which is not all"}
            </span>
          </li>
        )}
        {facts.name !== "known" && (
          <li>
            <Icon name="info" />
            <span class="grow">Their ages are not known yet: read roles, scopes and credentials</span>
          </li>
        )}
      </ul>
      {facts.name === "known" && facts.value.unread.length > 0 && (
        <details class="token-unread">
          <summary>{facts.value.unread.length} facts could not be read</summary>
          <ul>
            {facts.value.unread.map(({ what, because }) => (
              <li key={`${what} ${because}`}>
                <b>{what}</b>: {because}
              </li>
            ))}
          </ul>
        </details>
      )}
      <div class="card-end">
        <Button
          small
          onClick={() => {
            decoding.value = true;
          }}
        >
          Decode a JWT…
        </Button>
        <span class="hint">Nothing of it leaves this page.</span>
      </div>
      <JwtDialog
        open={decoding.value}
        close={() => {
          decoding.value = false;
        }}
      />
    </section>
  );
}

const findingKey = ({ code, subject }: AuditFinding): string => `${code} ${subject}`;

function Finding({ severity, subject, message, fix }: AuditFinding) {
  const tone = severity === "high" ? "error" : severity === "info" ? "info" : "warn";
  return (
    <li data-tone={tone}>
      <Icon name={tone === "error" ? "close" : tone === "info" ? "info" : "warn"} class={`tone-${tone}`} />
      <span class="grow">
        <b>{subject}</b>: {message} <span class="hint">{fix}</span>
      </span>
      <span class="quiet">{severity}</span>
    </li>
  );
}
