/** Says that the browser blocked a call, offers the worker, and shows the permission that would be needed without one. */
import { Fragment } from "preact";
import { EnvironmentBadge } from "../environments/badge";
import { hostOf } from "../environments/environments";
import { Button } from "../kit/button";
import { CopyButton } from "../kit/copy-button";
import { Notice } from "../kit/notice";
import type { Environment, SavedRequest } from "../workspace/model";
import { type Blocked, corsRule, tokenProperty } from "./blocked";

/** What the rest of the console does about a blocked call. */
export interface WorkerOffer {
  /** Environments that go through a worker and may serve in place of one. */
  like: (blocked: Environment) => Environment[];
  find: (id: string) => Environment | undefined;
  change: (to: Environment) => void;
  /** Shows the form of the environment in use with the way through a worker chosen. */
  setUp: () => void;
}

export function BlockedNotice({
  blocked,
  request,
  environment,
  offer,
}: {
  blocked: Blocked;
  request: SavedRequest;
  environment: Environment | undefined;
  offer: WorkerOffer;
}) {
  const origin = location.origin;
  const says = blocked.certain ? "The browser blocked the reply." : "Most likely the browser blocked the reply.";
  if (environment?.route.way === "worker") {
    return (
      <Notice tone="warn">
        <b>{says}</b> The worker {hostOf(environment)} does not let pages of {origin} read its replies. Add {origin} to
        its ALLOWED_ORIGINS, or to allowedOrigins of the tenant.
      </Notice>
    );
  }
  const others = environment ? offer.like(environment).slice(0, MOST_OFFERED) : [];
  return (
    <div class="blocked">
      <Notice tone="warn">
        <b>{says}</b> {blocked.certain ? "The instance answered" : "The instance may have answered"}, and does not allow
        pages of {origin} to read {blocked.what === "token" ? "its token endpoint" : "this API"}. Only browsers apply
        this rule: a worker, which sends in place of the page, is not subject to it.
      </Notice>
      <p class="blocked-actions">
        <Button kind="primary" onClick={offer.setUp}>
          Use the worker…
        </Button>
        {others.map((one) => (
          <SwitchButton key={one.id} to={one} offer={offer} />
        ))}
      </p>
      <details>
        <summary>{blocked.what === "token" ? "Or set this property" : "Or add this CORS rule"} on the instance</summary>
        {blocked.what === "token" ? (
          <>
            <p>
              CORS rules do not cover the token endpoint. An administrator sets a system property (sys_properties.list
              &gt; New), which is documented from Australia on and takes one address. Earlier releases need the worker.
            </p>
            <Values rows={tokenProperty(origin)} />
          </>
        ) : (
          <>
            <p>
              Under System Web Services &gt; REST &gt; CORS Rules &gt; New. It takes the role cors_rule_admin,
              web_service_admin or admin.
            </p>
            <Values rows={corsRule(request, origin)} />
          </>
        )}
      </details>
    </div>
  );
}

/** Says that a failure is not of the environment in use. Advice for that one would be about another instance. */
export function OtherEnvironmentNotice({ id, name, offer }: { id: string; name: string; offer: WorkerOffer }) {
  const environment = offer.find(id);
  return (
    <Notice tone="warn">
      This failure is of <b dir="auto">{name || "an environment without a name"}</b>,{" "}
      {environment ? "and another environment is in use now. " : "which is not in the list of environments any more."}
      {environment && <SwitchButton to={environment} offer={offer} />}
    </Notice>
  );
}

function SwitchButton({ to, offer }: { to: Environment; offer: WorkerOffer }) {
  return (
    <Button onClick={() => offer.change(to)}>
      Switch to <EnvironmentBadge environment={to} /> ({hostOf(to)})
    </Button>
  );
}

function Values({ rows }: { rows: readonly (readonly [field: string, value: string])[] }) {
  return (
    <dl class="facts">
      {rows.map(([field, value]) => (
        <Fragment key={field}>
          <dt>{field}</dt>
          <dd>
            <code>{value}</code> <CopyButton short text={value} label={`Copy ${field}`} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

const MOST_OFFERED = 2;
