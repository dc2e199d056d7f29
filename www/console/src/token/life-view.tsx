/** The life of the token as a line: obtained, now, renewal, expiry. The same facts stand in figures above it. */
import type { Status, SysparmEvent } from "sysparm";
import { countdown, type Life, lifeOf, placeOf } from "./life";

interface LifeViewProps {
  token: Status["token"];
  events: readonly SysparmEvent[];
  now: number;
}

export function LifeView({ token, events, now }: LifeViewProps) {
  const life = lifeOf(token, events);
  if (!life) return <p class="hint">{withoutLife(token)}</p>;
  const { obtainedAt, expiresAt, renewsAt } = life;
  return (
    <section class="token-life" aria-label="Life of the token">
      <dl class="token-facts">
        <div>
          <dt>{expiresAt > now ? "Expires in" : "Expired"}</dt>
          <dd class="token-countdown">{expiresAt > now ? countdown(expiresAt - now) : time(expiresAt)}</dd>
        </div>
        <div>
          <dt>{renewsAt === undefined ? "Renews itself" : "Renews itself in"}</dt>
          <dd>{renewalWords(token, renewsAt, now)}</dd>
        </div>
        <div>
          <dt>Obtained</dt>
          <dd>{time(obtainedAt)}</dd>
        </div>
        <div>
          <dt>Lifetime</dt>
          <dd>{Math.round((expiresAt - obtainedAt) / 1_000).toLocaleString("en-GB")} s</dd>
        </div>
      </dl>
      <Line life={life} now={now} />
    </section>
  );
}

function Line({ life, now }: { life: Life; now: number }) {
  const at = (moment: number) => placeOf(life, moment);
  const { obtainedAt, expiresAt, window, renewsAt, tooOldAt } = life;
  const part = (from: number, until: number) => ({ left: `${at(from)}%`, width: `${at(until) - at(from)}%` });
  const alt = `Obtained ${time(obtainedAt)}, now ${time(now)}, renewal between ${time(window[0])} and ${time(window[1])}, expiry ${time(expiresAt)}`;
  const shownNow = Math.min(now, expiresAt);
  return (
    <div class="life-line" role="img" aria-label={alt}>
      <span class="life-label above now" style={{ left: `${at(now)}%` }} data-side={at(now) > 70 ? "left" : "right"}>
        Now {time(now)}
      </span>
      <span class="life-track">
        <i class="past" style={part(obtainedAt, shownNow)} />
        <i class="left" style={part(shownNow, expiresAt)} />
        <i class="window" style={part(window[0], window[1])} />
        <i class="old" style={part(tooOldAt, expiresAt)} />
        {renewsAt !== undefined && <i class="mark renews" style={{ left: `${at(renewsAt)}%` }} />}
        <i class="mark now" style={{ left: `${at(now)}%` }} />
      </span>
      <span class="life-label" style={{ left: "0" }} data-side="right">
        Obtained <b>{minute(obtainedAt)}</b>
      </span>
      <span class="life-label" style={{ left: `${at(window[0])}%` }} data-side="left">
        Renews from <b>{minute(window[0])}</b>
      </span>
      <span class="life-label" style={{ left: `${at(expiresAt)}%` }} data-side="right">
        Expires <b>{minute(expiresAt)}</b>
      </span>
    </div>
  );
}

function withoutLife(token: Status["token"]): string {
  if (token.state === "held")
    return "A token is held whose end is not known. It is used until the instance refuses it.";
  if (token.state === "renewing") return "A token is being obtained.";
  if (token.state === "failed") return "No token: the last request for one failed. The next call tries again.";
  return "No token is held. The next call obtains one, if this connection signs in with a token.";
}

function renewalWords(token: Status["token"], renewsAt: number | undefined, now: number): string {
  if (token.state === "renewing") return "now";
  if (renewsAt !== undefined) return countdown(renewsAt - now);
  return "with the next call: nothing has used it yet";
}

export const time = (moment: number): string => new Date(moment).toLocaleTimeString("en-GB");
const minute = (moment: number): string => time(moment).slice(0, 5);
