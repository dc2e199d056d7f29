/** Who uses the same token: this tab, other tabs of this browser, and what ServiceNow does for everybody else. */
import type { Exchange } from "../activity/recording";
import { plural } from "../number";
import type { Holder, Holders } from "./holders";

interface SharedCardProps {
  holders: Holders;
  url: string;
  digest: string;
  exchanges: readonly Exchange[];
  worker: boolean;
}

export function SharedCard({ holders, url, digest, exchanges, worker }: SharedCardProps) {
  holders.others.value;
  const others = holders.of(url);
  const calls = new Set(exchanges.flatMap(({ sent }) => sent.call ?? [])).size;
  return (
    <section class="card" aria-label="Shared by">
      <header>
        <h2>Shared by</h2>
      </header>
      <ul class="token-shared">
        <li>
          <span class="grow">This tab</span>
          <span class="quiet">{plural(calls, "call")}</span>
        </li>
        {others.map((holder) => (
          <li key={holder.tab}>
            <span class="grow">Another tab of this browser{holder.view && `: ${holder.view}`}</span>
            <span class="quiet">{sameWords(holder, digest)}</span>
          </li>
        ))}
        {worker && (
          <li>
            <span class="grow">The worker</span>
            <span class="quiet">holds the token for all its callers</span>
          </li>
        )}
      </ul>
      <p class="hint">
        {others.length === 0 && "No other tab of this browser is connected to this instance. "}
        ServiceNow hands one live token to every program that uses the same client and user, so programs that this page
        cannot see may have it, too.
        {digest && (
          <>
            {" "}
            Digest of the token: <code>{digest}</code>
          </>
        )}
      </p>
    </section>
  );
}

function sameWords({ digest: other }: Holder, digest: string): string {
  if (other === "" || digest === "") return "not known whether the same token";
  return other === digest ? "the same token" : "a token of its own";
}
