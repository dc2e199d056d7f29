/** The token of the connection in use: its life, what became of it, who shares it, whose it is. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Instance, Status } from "sysparm";
import { stateWords } from "../environments/words";
import type { Workspace } from "../environments/workspace";
import { type Failure, failureOf } from "../failure/failure";
import { FailureView } from "../failure/view";
import { repeatWords } from "../failure/words";
import { ask } from "../kit/ask";
import { Button } from "../kit/button";
import { Icon } from "../kit/icon";
import { Notice } from "../kit/notice";
import type { Environment } from "../workspace/model";
import { HistoryCard, PastLine } from "./history-view";
import { ASKED_EVERY_MS, digestOf, type Holders } from "./holders";
import type { Identity } from "./identity";
import { CredentialsCard, IdentityCard } from "./identity-view";
import { stateWord } from "./life";
import { LifeView } from "./life-view";
import { SharedCard } from "./shared-view";

interface TokenPaneProps {
  workspace: Workspace;
  holders: Holders;
  instance: Instance;
  environment: Environment;
  identity: Identity;
}

export function TokenPane({ workspace, holders, instance, environment, identity }: TokenPaneProps) {
  const now = useSignal(Date.now());
  const status = useSignal<Status>(instance.status());
  const digest = useSignal("");
  const busy = useSignal(false);
  const said = useSignal("");
  const failure = useSignal<{ heading: string; failure: Failure } | null>(null);
  const { recordings, connections } = workspace;
  recordings.changed.value;
  const { events, exchanges } = recordings.of(environment.id);
  const { token } = status.value;
  const worker = environment.route.way === "worker";

  useEffect(() => {
    let seen = "";
    const look = () => {
      now.value = Date.now();
      status.value = instance.status();
      const { generation, state, renewsAt } = status.value.token;
      const current = `${generation} ${renewsAt}`;
      if (seen === current || state === "renewing") return;
      seen = current;
      void digestOf(instance).then((found) => {
        digest.value = found;
      });
    };
    look();
    const clock = setInterval(look, 1_000);
    holders.ask();
    const asking = setInterval(() => holders.ask(), ASKED_EVERY_MS);
    identity.use(instance);
    return () => {
      clearInterval(clock);
      clearInterval(asking);
    };
  }, [instance, holders, identity, now, status, digest]);

  async function act(heading: string, work: () => Promise<string>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    said.value = "";
    failure.value = null;
    try {
      said.value = await work();
    } catch (thrown) {
      failure.value = { heading, failure: failureOf(thrown) };
    } finally {
      busy.value = false;
      now.value = Date.now();
      status.value = instance.status();
    }
  }

  const renew = () =>
    act("The token was not renewed", async () => {
      const held = await instance.token();
      const next = await instance.token({ refused: held });
      digest.value = await digestOf(instance);
      return held === next ? SAME_TOKEN : "A new token was obtained.";
    });

  async function revoke(): Promise<void> {
    const agreed = await ask({
      title: `Revoke the token of ${environment.name}?`,
      text: REVOKES,
      yes: "Revoke the token",
      kind: environment.kind === "prod" ? "prod" : "danger",
    });
    if (!agreed) return;
    await act("The token was not revoked", async () => {
      await instance.signOut({ revoke: true });
      digest.value = "";
      const last = recordings
        .of(environment.id)
        .events.filter(({ type }) => type === "revocation.failed" || type === "token.renewed")
        .at(-1);
      return last?.type === "revocation.failed" ? NOT_REVOKED : "The token was revoked and forgotten here.";
    });
  }

  const { word, tone } = stateWord(token, now.value);
  return (
    <div class="token">
      <div class="token-bar">
        <span class={`tag ${tone}`}>
          <Icon name={TONE_ICONS[tone]} />
          {worker ? "API key" : word}
        </span>
        <span class="quiet">
          {stateWords(environment, connections.of(environment.id), workspace.guard.isLocked(environment))}
        </span>
        <span class="grow" />
        <Button busy={busy.value} disabledReason={worker ? WORKER : undefined} onClick={() => void renew()}>
          Renew now
        </Button>
        <Button kind="danger" disabledReason={worker ? WORKER : undefined} onClick={() => void revoke()}>
          Revoke…
        </Button>
      </div>
      <p role="status" class="token-said">
        {said.value}
      </p>
      {(failure.value || token.attention) && <h2 class="visually-hidden">What went wrong</h2>}
      {failure.value && <FailureView {...failure.value} />}
      {token.attention && !failure.value && (
        <FailureView
          heading="The token is not renewed"
          failure={{ ...token.attention, repeat: repeatWords(token.attention.diagnosis.retry) }}
        />
      )}
      {worker ? (
        <Notice>
          The worker holds the token of the instance and renews it for all its callers. This page has an API key for the
          worker, and no token. An operator of the worker sees its state under Tenants.
        </Notice>
      ) : (
        <LifeView token={token} events={events} now={now.value} />
      )}
      <PastLine events={events} now={now.value} />
      <div class="token-cards">
        <HistoryCard recording={{ events, exchanges }} />
        <SharedCard holders={holders} url={instance.url} digest={digest.value} exchanges={exchanges} worker={worker} />
        <IdentityCard identity={identity} instance={instance} environment={environment} />
        <CredentialsCard identity={identity} workspace={workspace} environment={environment} />
      </div>
    </div>
  );
}

const TONE_ICONS = { ok: "check", warn: "warn", error: "close", info: "info" } as const;
const WORKER = "The worker holds the token. Its operator renews or revokes it.";
const SAME_TOKEN =
  "The instance handed the same token out again: ServiceNow does so while it lives. Revoke it first for another one.";
const NOT_REVOKED =
  "The token was forgotten here, but the instance did not say that it was revoked. It may live on until it expires.";
const REVOKES =
  "ServiceNow gives one live token to all programs that use the same client and user: it ends for all of them. Each gets a new one with its next call, unless a person has to sign in.";
