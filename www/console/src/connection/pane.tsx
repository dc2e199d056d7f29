/** The connection form. Only one input of this form holds the secret, and connecting removes the form. */
import { Fragment } from "preact";
import { useRef } from "preact/hooks";
import { Field } from "../controls/field";
import { FailureView } from "../failure/view";
import type { Route, Session } from "./session";
import { TENANT_PATTERN } from "./tenant";

export function ConnectionPane({ session }: { session: Session }) {
  const secret = useRef<HTMLInputElement>(null);
  const connecting = session.phase.value.name === "connecting";
  const direct = session.route.value === "direct";

  function submit(event: Event): void {
    event.preventDefault();
    if (!connecting) void session.open(secret.current?.value ?? "");
  }

  /** Clears the secret: it was typed for the other route. */
  function choose(route: Route): void {
    session.route.value = route;
    if (secret.current) secret.current.value = "";
  }

  return (
    <section class="pane connection" aria-labelledby="connection-heading">
      <h2 id="connection-heading" tabIndex={-1}>
        Connect
      </h2>
      <form onSubmit={submit}>
        <fieldset class="choice" disabled={connecting}>
          <legend>Route</legend>
          <RouteChoice session={session} route="direct" label="Direct" choose={choose} />
          <RouteChoice session={session} route="worker" label="Through the worker" choose={choose} />
        </fieldset>
        <p class="hint route-hint">
          {direct
            ? "This page signs in itself. The instance must allow this page's address: a CORS rule for the REST API, and the property glide.oauth.cors.allowed.origin for the token."
            : "The worker signs in; no secret of the instance is in this page. It passes what the key's policy allows."}
        </p>
        <div class="fields">
          {/* With keys, so that an input of one route is not reused for the other: an empty pattern would stay, which no text matches. */}
          {direct ? (
            <Fragment key="direct">
              <Field
                id="instance"
                label="Instance address"
                type="text"
                value={session.instanceUrl}
                required
                disabled={connecting}
                placeholder="https://dev12345.service-now.com"
                class="wide"
              />
              <Field id="client" label="Client ID" value={session.clientId} required disabled={connecting} />
            </Fragment>
          ) : (
            <Fragment key="worker">
              <Field
                id="worker"
                label="Worker address"
                type="text"
                value={session.workerUrl}
                required
                disabled={connecting}
                placeholder="https://worker.example.com"
                class="wide"
              />
              <Field
                id="tenant"
                label="Tenant"
                value={session.tenant}
                disabled={connecting}
                pattern={TENANT_PATTERN}
                list="tenants"
                hint="Empty for a worker with one instance."
              />
              <datalist id="tenants">
                {session.tenants.value.map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </Fragment>
          )}
          <div class="field">
            <label for="secret">{direct ? "Client secret" : "API key"}</label>
            <input
              id="secret"
              ref={secret}
              type="password"
              required
              disabled={connecting}
              autocomplete="off"
              spellcheck={false}
              aria-describedby="secret-hint"
            />
            <p class="hint" id="secret-hint">
              Held in memory until you disconnect; never stored.
            </p>
          </div>
          <div class="actions">
            {connecting ? (
              <button type="button" onClick={session.disconnect}>
                Cancel
              </button>
            ) : (
              <button type="submit" class="primary">
                Connect
              </button>
            )}
          </div>
        </div>
      </form>
      <p class="visually-hidden" role="status">
        {connecting ? "Connecting" : ""}
      </p>
      {session.failure.value && <FailureView failure={session.failure.value} heading="Not connected" />}
    </section>
  );
}

function RouteChoice(props: { session: Session; route: Route; label: string; choose: (route: Route) => void }) {
  return (
    <label>
      <input
        type="radio"
        name="route"
        value={props.route}
        checked={props.session.route.value === props.route}
        onChange={() => props.choose(props.route)}
      />
      {props.label}
    </label>
  );
}
